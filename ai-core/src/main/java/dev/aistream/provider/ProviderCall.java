package dev.aistream.provider;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ResponseHead;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a provider, and how to read its response. Immutable; can be sent any number of times.
 *
 * <p>Neither headers nor body appear in {@code toString}.
 */
public final class ProviderCall {

    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final byte @Nullable [] body;
    private final Duration timeout;
    private final Duration firstTokenTimeout;
    private final Duration idleTimeout;
    private final @Nullable Duration gapTimeout;
    private final @Nullable ChatRequest request;
    private final List<String> secrets;
    private final Function<ResponseHead, StreamDecoder> decoder;

    private ProviderCall(Builder builder, Function<ResponseHead, StreamDecoder> decoder) {
        this.method = builder.method;
        this.uri = builder.uri;
        this.headers = Collections.unmodifiableMap(builder.mergedHeaders());
        this.body = builder.body;
        ProviderHttpOptions options = builder.options;
        this.request = builder.request;
        Duration requested = request == null ? null : request.timeout();
        this.timeout = requested == null ? options.timeout() : requested;
        this.firstTokenTimeout = options.firstTokenTimeout();
        this.idleTimeout = options.idleTimeout();
        this.gapTimeout = options.gapTimeout();
        this.secrets = List.copyOf(builder.secrets);
        this.decoder = decoder;
    }

    /**
     * A request with a JSON body.
     * @param body UTF-8; not copied
     */
    public static Builder post(URI uri, byte[] body) {
        return new Builder("POST", uri, Objects.requireNonNull(body, "body"));
    }

    /** A request without a body. */
    public static Builder post(URI uri) {
        return new Builder("POST", uri, null);
    }

    /** A request for what the provider is already making. */
    public static Builder get(URI uri) {
        return new Builder("GET", uri, null);
    }

    String method() {
        return method;
    }

    URI uri() {
        return uri;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte @Nullable [] body() {
        return body;
    }

    Duration timeout() {
        return timeout;
    }

    Duration firstTokenTimeout() {
        return firstTokenTimeout;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    @Nullable
    Duration gapTimeout() {
        return gapTimeout;
    }

    @Nullable
    ChatRequest request() {
        return request;
    }

    List<String> secrets() {
        return secrets;
    }

    Function<ResponseHead, StreamDecoder> decoder() {
        return decoder;
    }

    @Override
    public String toString() {
        return "ProviderCall[" + method + ' ' + uri.getScheme() + "://" + uri.getAuthority() + "]";
    }

    /** Collects a call. Not thread-safe. */
    public static final class Builder {

        private final String method;
        private final URI uri;
        private final byte @Nullable [] body;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final List<String> secrets = new ArrayList<>();
        private ProviderHttpOptions options;
        private @Nullable ChatRequest request;
        private @Nullable Function<ResponseHead, StreamDecoder> decoder;

        private Builder(String method, URI uri, byte @Nullable [] body) {
            this.method = method;
            this.uri = Objects.requireNonNull(uri, "uri");
            this.body = body;
            this.options = ProviderHttpOptions.of(uri);
            headers.put("Accept", "text/event-stream");
            if (body != null) {
                headers.put("Content-Type", "application/json");
            }
        }

        /** Clocks and headers of the provider; its headers win over {@link #header}. */
        public Builder options(ProviderHttpOptions options) {
            this.options = options;
            return this;
        }

        /** The request behind the call: its timeout and headers win, and what it says stays out of failures. */
        public Builder request(ChatRequest request) {
            this.request = request;
            return this;
        }

        /** What the provider expects besides the configured headers: authorization, version, content type. */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** {@code Authorization: Bearer}; null adds nothing. */
        public Builder bearer(@Nullable String key) {
            return key == null ? this : secret(key).header("Authorization", "Bearer " + key);
        }

        public Builder accept(String mediaType) {
            return header("Accept", mediaType);
        }

        /** Something besides the headers' values that no failure may show. */
        public Builder secret(String secret) {
            secrets.add(secret);
            return this;
        }

        /** Makes the decoder of one response; called once for each response with status 2xx. */
        public Builder decoder(Function<ResponseHead, StreamDecoder> decoder) {
            this.decoder = decoder;
            return this;
        }

        /**
         * The call.
         * @throws IllegalArgumentException if a header holds what none may
         */
        public ProviderCall build() {
            return new ProviderCall(this, Objects.requireNonNull(decoder, "decoder"));
        }

        private Map<String, String> mergedHeaders() {
            Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            merged.putAll(headers);
            merged.putAll(options.headers());
            if (request != null) {
                merged.putAll(request.headers());
            }
            merged.forEach(Builder::requireSendable);
            return merged;
        }

        /** Here, since what fails on its way to the socket cannot be told from a failure of the network. */
        private static void requireSendable(String name, String value) {
            if (!isName(name)) {
                throw new IllegalArgumentException("The name of a header is none that HTTP knows");
            }
            if (holdsControl(value)) {
                throw new IllegalArgumentException("The header " + name + " holds a control character");
            }
        }

        private static boolean isName(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c <= ' ' || c >= 0x7F || c == ':') {
                    return false;
                }
            }
            return !name.isEmpty();
        }

        private static boolean holdsControl(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 0x7F) {
                    return true;
                }
            }
            return false;
        }
    }
}
