package dev.aistream.chaos;

/** What goes wrong at the chosen byte. */
enum Fault {
    /** Nothing: the body ends as recorded. */
    NONE,
    /** The body ends there, properly framed. */
    CUT,
    /** FIN, without the last HTTP chunk. */
    FIN,
    /** RST. */
    RST,
    /** Another byte stands there. */
    GARBAGE,
    /** An HTTP chunk whose size is no number. */
    MALFORMED_CHUNK,
    /** Silence for a while. */
    PAUSE,
    /** The reader cancels when that byte has come, or soon after. */
    CANCEL
}
