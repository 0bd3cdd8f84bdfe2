package dev.aistream.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

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

    /** 16 MiB: images, fetched documents and whole responses stand on one line. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 16 * 1024 * 1024;

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

    /**
     * The address of an endpoint; parameters of the base URL stay behind its path.
     * @param path below the base URL
     * @param query parameters to add
     */
    public URI endpoint(String path, Map<String, String> query) {
        String base = baseUrl.toString();
        int queryStart = base.indexOf('?');
        StringBuilder endpoint = new StringBuilder(queryStart < 0 ? base : base.substring(0, queryStart));
        while (endpoint.length() > 0 && endpoint.charAt(endpoint.length() - 1) == '/') {
            endpoint.setLength(endpoint.length() - 1);
        }
        if (!path.isEmpty() && path.charAt(0) != '/') {
            endpoint.append('/');
        }
        endpoint.append(path);
        if (queryStart >= 0) {
            endpoint.append(base, queryStart, base.length());
        }
        char separator = queryStart < 0 ? '?' : '&';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            endpoint.append(separator)
                    .append(UriUtils.encode(parameter.getKey(), StandardCharsets.UTF_8))
                    .append('=')
                    .append(UriUtils.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return URI.create(endpoint.toString());
    }

    @Override
    public String toString() {
        return "ProviderHttpOptions[baseUrl=" + baseUrl.getScheme() + "://" + baseUrl.getHost() + ", timeout=" + timeout
                + ", firstTokenTimeout=" + firstTokenTimeout + ", idleTimeout=" + idleTimeout + ", gapTimeout="
                + gapTimeout + ", maxLineLength=" + maxLineLength + "]";
    }
}
