/** What every provider shares: the HTTP call, its clocks, its failures, and the way from bytes to events. */
@NullMarked
package dev.aistream.provider;

import org.jspecify.annotations.NullMarked;
