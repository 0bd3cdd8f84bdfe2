/** A provider without key and network, for samples, demonstrations and tests. */
@NullMarked
package dev.aistream.provider.simulated;

import org.jspecify.annotations.NullMarked;
