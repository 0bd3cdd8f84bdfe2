/** The page's test, run by both chat samples in a real browser. */
@NullMarked
package dev.aistream.samples.page;

import org.jspecify.annotations.NullMarked;
