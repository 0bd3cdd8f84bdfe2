package dev.aistream.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider is and how long to wait for it. Header values never appear in {@code toString}.
 *
 * @param baseUrl up to, and without, the path of the endpoint; no slash at its end is needed
 * @param headers added to each request
 * @param timeout pool, connect, TLS and response head together
 * @param firstTokenTimeout from the head to the first output event; comments and pings do not count
 * @param idleTimeout between bytes; comments and pings count
 * @param gapTimeout between output events; null for none
 * @param maxLineLength longest line of the response, in bytes
 */
public record ProviderHttpOptions(
        URI baseUrl,
        Map<String, String> headers,
        Duration timeout,
        Duration firstTokenTimeout,
        Duration idleTimeout,
        @Nullable Duration gapTimeout,
        int maxLineLength) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_FIRST_TOKEN_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(2);

    /** One MiB: images and whole responses stand on one line. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 1024 * 1024;

    public ProviderHttpOptions {
        headers = Map.copyOf(headers);
    }

    public static ProviderHttpOptions of(URI baseUrl) {
        return new ProviderHttpOptions(
                baseUrl,
                Map.of(),
                DEFAULT_TIMEOUT,
                DEFAULT_FIRST_TOKEN_TIMEOUT,
                DEFAULT_IDLE_TIMEOUT,
                null,
                DEFAULT_MAX_LINE_LENGTH);
    }

    public ProviderHttpOptions withHeaders(Map<String, String> headers) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    public ProviderHttpOptions withTimeout(Duration timeout) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    public ProviderHttpOptions withFirstTokenTimeout(Duration firstTokenTimeout) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    public ProviderHttpOptions withIdleTimeout(Duration idleTimeout) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    public ProviderHttpOptions withGapTimeout(@Nullable Duration gapTimeout) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    public ProviderHttpOptions withMaxLineLength(int maxLineLength) {
        return new ProviderHttpOptions(
                baseUrl, headers, timeout, firstTokenTimeout, idleTimeout, gapTimeout, maxLineLength);
    }

    @Override
    public String toString() {
        return "ProviderHttpOptions[baseUrl=" + baseUrl.getScheme() + "://" + baseUrl.getHost() + ", timeout=" + timeout
                + ", firstTokenTimeout=" + firstTokenTimeout + ", idleTimeout=" + idleTimeout + ", gapTimeout="
                + gapTimeout + ", maxLineLength=" + maxLineLength + "]";
    }
}
