/** A chat page on the reactive stack. */
@NullMarked
package dev.aistream.samples.chat;

import org.jspecify.annotations.NullMarked;
