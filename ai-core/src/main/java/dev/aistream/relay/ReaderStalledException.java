package dev.aistream.relay;

import java.io.IOException;
import java.time.Duration;

/** A browser has taken nothing for longer than the write timeout: its connection is to be closed. */
public final class ReaderStalledException extends IOException {

    private static final long serialVersionUID = 1L;

    ReaderStalledException(Duration writeTimeout) {
        super("The browser has read nothing for " + writeTimeout);
    }
}
