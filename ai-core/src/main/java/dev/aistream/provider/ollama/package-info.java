/** Ollama, by its own API: JSON lines instead of server-sent events. */
@NullMarked
package dev.aistream.provider.ollama;

import org.jspecify.annotations.NullMarked;
