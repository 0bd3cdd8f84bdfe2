/** What parsing costs beyond moving the bytes. */
@NullMarked
package dev.aistream.benchmarks;

import org.jspecify.annotations.NullMarked;
