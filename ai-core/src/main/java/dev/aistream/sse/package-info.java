/** Bytes in, server-sent events out: no HTTP, no JSON, no Reactor, no Spring. */
@NullMarked
package dev.aistream.sse;

import org.jspecify.annotations.NullMarked;
