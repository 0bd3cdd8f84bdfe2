package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderEndpointTests {

    private static String endpoint(String baseUrl, String path, Map<String, String> query) {
        return ProviderHttpOptions.of(URI.create(baseUrl)).endpoint(path, query).toString();
    }

    @Test
    void joinsPathsWithOneSlash() {
        assertThat(endpoint("http://a/v1", "/x", Map.of())).isEqualTo("http://a/v1/x");
        assertThat(endpoint("http://a/v1//", "x", Map.of())).isEqualTo("http://a/v1/x");
    }

    @Test
    void keepsParametersBehindThePath() {
        assertThat(endpoint("http://a/v1?p=1", "/x", Map.of("q", "a b&c"))).isEqualTo("http://a/v1/x?p=1&q=a%20b%26c");
        assertThat(endpoint("http://a", "/x", Map.of("q", "1"))).isEqualTo("http://a/x?q=1");
    }
}
