/** The relay on the servlet stack. */
@NullMarked
package dev.aistream.autoconfigure.relay.webmvc;

import org.jspecify.annotations.NullMarked;
