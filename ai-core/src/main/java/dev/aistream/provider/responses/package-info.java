/** The Responses API of OpenAI, also as Azure, xAI, DeepSeek, LM Studio and others serve it. */
@NullMarked
package dev.aistream.provider.responses;

import org.jspecify.annotations.NullMarked;
