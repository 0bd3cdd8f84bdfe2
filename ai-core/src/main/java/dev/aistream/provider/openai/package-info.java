/** OpenAI's Chat Completions, and the many servers that speak it. */
@NullMarked
package dev.aistream.provider.openai;

import org.jspecify.annotations.NullMarked;
