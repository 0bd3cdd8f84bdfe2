/** The relay's endpoint beside a floor and a controller written by hand, on reactor-netty. */
@NullMarked
package dev.aistream.benchmarks.relay.webflux;

import org.jspecify.annotations.NullMarked;
