/** What both relay endpoints share: properties, reading the question, limits, problems, shutdown. */
@NullMarked
package dev.aistream.autoconfigure.relay;

import org.jspecify.annotations.NullMarked;
