/** Wiring only: {@code ai.*} properties into the beans of {@code ai-core}. */
@NullMarked
package dev.aistream.autoconfigure;

import org.jspecify.annotations.NullMarked;
