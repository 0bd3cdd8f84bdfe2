/** The public model: what is asked, what comes back, and the one seam that a provider implements. */
@NullMarked
package dev.aistream.chat;

import org.jspecify.annotations.NullMarked;
