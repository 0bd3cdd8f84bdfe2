/** The relay's endpoint beside a floor and a controller written by hand, on Tomcat. */
@NullMarked
package dev.aistream.benchmarks.relay.servlet;

import org.jspecify.annotations.NullMarked;
