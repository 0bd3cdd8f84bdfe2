/** Whole streams over real sockets: a server, one client per process, and the runner that compares them. */
@NullMarked
package dev.aistream.benchmarks.macro;

import org.jspecify.annotations.NullMarked;
