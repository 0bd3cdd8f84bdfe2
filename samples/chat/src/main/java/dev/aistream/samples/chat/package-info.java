/** A chat page on the servlet stack. */
@NullMarked
package dev.aistream.samples.chat;

import org.jspecify.annotations.NullMarked;
