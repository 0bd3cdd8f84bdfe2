/**
 * Whole streams over real sockets: a server, a client or an application with its browsers in processes of their own, and
 * the runner that compares them.
 */
@NullMarked
package dev.aistream.benchmarks.macro;

import org.jspecify.annotations.NullMarked;
