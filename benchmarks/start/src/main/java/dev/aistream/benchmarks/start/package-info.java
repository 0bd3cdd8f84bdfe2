/** An application that does next to nothing. */
@NullMarked
package dev.aistream.benchmarks.start;

import org.jspecify.annotations.NullMarked;
