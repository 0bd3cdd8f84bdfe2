/** What both chat samples share: the page and the line that says who answers. */
@NullMarked
package dev.aistream.samples.page;

import org.jspecify.annotations.NullMarked;
