/** The Messages API of Anthropic, also as Azure and Vertex serve it. */
@NullMarked
package dev.aistream.provider.anthropic;

import org.jspecify.annotations.NullMarked;
