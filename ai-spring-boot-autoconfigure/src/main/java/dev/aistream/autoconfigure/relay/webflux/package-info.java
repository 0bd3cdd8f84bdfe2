/** The relay on the reactive stack. */
@NullMarked
package dev.aistream.autoconfigure.relay.webflux;

import org.jspecify.annotations.NullMarked;
