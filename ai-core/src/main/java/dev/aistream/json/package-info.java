/** JSON read straight from the bytes of one event, for code that runs once per token. */
@NullMarked
package dev.aistream.json;

import org.jspecify.annotations.NullMarked;
