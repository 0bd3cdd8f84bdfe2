/** What a user injects and gets back: the template, and the answer that it streams. */
@NullMarked
package dev.aistream;

import org.jspecify.annotations.NullMarked;
