/** An answer on its way to a browser: names, JSON, heartbeats, limits and endings. No web types. */
@NullMarked
package dev.aistream.relay;

import org.jspecify.annotations.NullMarked;
