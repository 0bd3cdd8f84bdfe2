package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ResponseHead;
import dev.aistream.json.JsonReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorsTests {

    private static Object json(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        JsonReader reader = new JsonReader();
        reader.reset(bytes, 0, bytes.length);
        return reader.readValue();
    }

    private static ResponseHead head(int status, String... headers) {
        Map<String, List<String>> map = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], List.of(headers[i + 1]));
        }
        return new ResponseHead(status, map);
    }

    private static ChatException refused(int status, String body, String... headers) {
        return ProviderErrors.refused(head(status, headers), json(body), body);
    }

    private static ChatException inStream(String json) {
        return ProviderErrors.inStream(json(json), head(200));
    }

    @Test
    void readsOpenAi() {
        ChatException failure = refused(
                404,
                "{\"error\":{\"message\":\"no such model\",\"type\":\"invalid_request_error\",\"param\":\"model\","
                        + "\"code\":\"model_not_found\"}}",
                "x-request-id",
                "req_1");

        assertThat(failure.kind()).isEqualTo(Kind.HTTP_STATUS);
        assertThat(failure).hasMessage("no such model");
        assertThat(failure.type()).isEqualTo("invalid_request_error");
        assertThat(failure.param()).isEqualTo("model");
        assertThat(failure.code()).isEqualTo("model_not_found");
        assertThat(failure.status()).isEqualTo(404);
        assertThat(failure.requestId()).isEqualTo("req_1");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void readsOpenRoutersNumericCode() {
        ChatException failure = inStream("{\"id\":\"gen-1\",\"choices\":[],\"error\":{\"code\":502,"
                + "\"message\":\"Provider returned error\",\"metadata\":{\"error_type\":\"upstream\"}}}");

        assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
        assertThat(failure).hasMessage("Provider returned error");
        assertThat(failure.code()).isEqualTo("502");
        assertThat(failure.type()).isEqualTo("upstream");
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void readsOllama() {
        ChatException failure = refused(404, "{\"error\":\"model 'x' not found\"}");

        assertThat(failure).hasMessage("model 'x' not found");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void readsVllmAndMistral() {
        ChatException flat = refused(
                400,
                "{\"object\":\"error\",\"message\":\"too many tokens\",\"type\":\"BadRequestError\",\"param\":null,"
                        + "\"code\":400}");
        ChatException nested = refused(
                422,
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]},"
                        + "\"type\":\"invalid_request_error\"}");

        assertThat(flat).hasMessage("too many tokens");
        assertThat(flat.type()).isEqualTo("BadRequestError");
        assertThat(flat.code()).isEqualTo("400");
        assertThat(nested).hasMessage("field required");
    }

    @Test
    void readsFastApi() {
        assertThat(refused(401, "{\"detail\":\"Unauthorized\"}")).hasMessage("Unauthorized");
        assertThat(refused(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"not a number\",\"type\":\"int\"},"
                                + "{\"loc\":[\"body\",\"m\"],\"msg\":\"missing\",\"type\":\"missing\"}]}"))
                .hasMessage("not a number; missing");
    }

    @Test
    void readsAnthropic() {
        ChatException failure = refused(
                529,
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},"
                        + "\"request_id\":\"req_011\"}");

        assertThat(failure).hasMessage("Overloaded");
        assertThat(failure.type()).isEqualTo("overloaded_error");
        assertThat(failure.code()).isNull();
        assertThat(failure.requestId()).isEqualTo("req_011");
        assertThat(failure.retryable()).isTrue();
        assertThat(inStream("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}")
                        .status())
                .isEqualTo(529);
    }

    @Test
    void readsGeminiInAnArrayWithItsRetryDelay() {
        ChatException failure = refused(
                429,
                "[{\"error\":{\"code\":429,\"message\":\"quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                        + "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\"},"
                        + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.4s\"}]}}]");

        assertThat(failure).hasMessage("quota");
        assertThat(failure.code()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(34_400));
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void readsOpenAiResponsesFlatAndNested() {
        assertThat(inStream("{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"oops\",\"param\":null}"))
                .hasMessage("oops")
                .extracting(failure -> ((ChatException) failure).code())
                .isEqualTo("server_error");
        assertThat(inStream("{\"type\":\"error\",\"sequence_number\":3,\"error\":{\"type\":\"insufficient_quota\","
                                + "\"code\":\"insufficient_quota\",\"message\":\"spent\",\"param\":null}}")
                        .retryable())
                .isFalse();
    }

    @Test
    void readsGroqsStatusCode() {
        ChatException failure = inStream("{\"error\":{\"message\":\"validation failed\","
                + "\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"status_code\":400}}");

        assertThat(failure.code()).isEqualTo("tool_use_failed");
        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void readsAStatusThatStandsBesideTheWords() {
        ChatException besideText = inStream("{\"error\":\"bad\",\"code\":400}");
        ChatException asStatus = inStream("{\"error\":{\"code\":\"unheard_of\",\"status\":400,\"message\":\"bad\"}}");

        assertThat(besideText.status()).isEqualTo(400);
        assertThat(besideText.code()).isEqualTo("400");
        assertThat(asStatus.status()).isEqualTo(400);
        assertThat(asStatus.code()).isEqualTo("unheard_of");
        assertThat(asStatus.retryable()).isFalse();
    }

    @Test
    void readsGatewaysAndCohere() {
        assertThat(refused(403, "{\"message\":\"invalid api token\"}")).hasMessage("invalid api token");
        assertThat(refused(404, "{\"timestamp\":\"now\",\"status\":404,\"error\":\"Not Found\",\"path\":\"/v1\"}"))
                .hasMessage("Not Found");
        assertThat(refused(403, "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"no access\"}]}"))
                .hasMessage("no access");
    }

    @Test
    void hasAMessageWhereTheProviderSaysNothing() {
        assertThat(refused(500, "{}")).hasMessage("The provider answered with HTTP 500");
        assertThat(refused(500, "{\"error\":{}}")).hasMessage("The provider answered with HTTP 500");
        assertThat(ProviderErrors.refused(head(502), null, "")).hasMessage("The provider answered with HTTP 502");
        assertThat(ProviderErrors.refused(head(502), null, "  upstream\n  down "))
                .hasMessage("The provider answered with HTTP 502: upstream down");
        assertThat(ProviderErrors.refused(head(502), null, "<!DOCTYPE html><h1>Bad\n gateway</h1>"))
                .hasMessage("The provider answered with HTTP 502: Bad gateway");
        assertThat(inStream("{\"error\":{\"code\":500}}"))
                .hasMessage("The provider reported an error inside the stream");
    }

    @ParameterizedTest
    @CsvSource({
        "insufficient_quota, 429, false",
        "exceeded_current_quota_error, 429, false",
        "rate_limit_exceeded, 429, true",
        "authentication_error, 401, false",
        "permission_error, 403, false",
        "not_found_error, 404, false",
        "invalid_request_error, 400, false",
        "context_length_exceeded, 400, false",
        "overloaded_error, 529, true",
        "server_overloaded, 503, true",
        "timeout_error, 504, true",
        "billing_error, 402, false",
        "request_too_large, 413, false",
        "content_filter, 400, false",
        "bio_policy, 400, false",
        "image_content_policy_violation, 400, false",
        "image_parse_error, 400, false",
        "image_too_small, 400, false",
        "unsupported_image_media_type, 400, false",
        "empty_image_file, 400, false",
        "failed_to_download_image, 400, false",
        "something_else, 500, true"
    })
    void errorInsideAStreamStandsForAStatus(String type, int status, boolean retryable) {
        ChatException failure = inStream("{\"error\":{\"message\":\"no\",\"type\":\"" + type + "\"}}");

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @CsvSource({
        "400, false", "401, false", "402, false", "403, false", "404, false", "408, true", "409, true", "413, false",
        "422, false", "429, true", "500, true", "502, true", "503, true", "504, true", "529, true", "301, false"
    })
    void retriesTheStatusesThatTheProvidersOwnClientsRetry(int status, boolean retryable) {
        assertThat(refused(status, "{}").retryable()).isEqualTo(retryable);
    }

    @Test
    void providersAdviceWinsOverTheStatusButNotOverASpentQuota() {
        assertThat(refused(400, "{}", "x-should-retry", "true").retryable()).isTrue();
        assertThat(refused(503, "{}", "x-should-retry", "false").retryable()).isFalse();
        assertThat(refused(429, "{\"error\":{\"code\":\"insufficient_quota\"}}", "x-should-retry", "true")
                        .retryable())
                .isFalse();
    }

    @Test
    void headersWinOverTheBodysDelay() {
        assertThat(refused(429, "{\"error\":{\"details\":[{\"retryDelay\":\"9s\"}]}}", "retry-after", "2")
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":null,\"choices\":[]}",
                "{\"error\":\"\"}",
                "{\"error\":false}",
                "{\"error\":{}}",
                "{\"choices\":[]}",
                "{\"code\":0,\"message\":\"success\"}",
                "{\"code\":200,\"message\":\"ok\"}",
                "{\"code\":20012,\"message\":\"\"}",
                "[]",
                "[{\"a\":1},{\"error\":\"x\"}]",
                "\"error\"",
                "null"
            })
    void whatIsNoErrorIsNone(String json) {
        assertThat(ProviderErrors.isError(json(json))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"x\"}}",
                "{\"error\":\"x\"}",
                "{\"object\":\"error\"}",
                "{\"type\":\"error\"}",
                "{\"detail\":\"Not Found\"}",
                "{\"code\":20012,\"message\":\"Model does not exist\",\"data\":null}",
                "[{\"error\":{\"code\":503}}]"
            })
    void everyShapeOfErrorIsKnown(String json) {
        assertThat(ProviderErrors.isError(json(json))).isTrue();
    }
}
