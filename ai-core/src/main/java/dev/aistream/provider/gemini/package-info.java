/** The Gemini API of Google, also as Vertex AI serves it. */
@NullMarked
package dev.aistream.provider.gemini;

import org.jspecify.annotations.NullMarked;
