/** A console application, and the chapter's examples in Java. */
@NullMarked
package dev.aistream.samples.console;

import org.jspecify.annotations.NullMarked;
