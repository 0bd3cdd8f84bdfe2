package dev.aistream.relay;

/** When the head of the response to the browser goes out, which decides how an early failure is told. */
public enum RelayHead {

    /**
     * At once, with a first block of {@code id:} and {@code retry:}. Every failure is a {@code failure} event. For
     * {@code EventSource}, which shows a page neither status nor body.
     */
    AT_ONCE,

    /**
     * With the first event, or after {@link StreamRelay.Builder#headWait}. A failure before that is an error signal,
     * so that it can become a status. For {@code fetch}.
     */
    AWAITS_FIRST_EVENT
}
