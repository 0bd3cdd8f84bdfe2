package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent.ResponseEnd;
import dev.aistream.chat.ChatEvent.ResponseStart;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ToolCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Decodes what real servers sent, whole and byte by byte, and compares with what an independent reader found. */
@EnabledIf("recordingsArePresent")
class OpenAiRecordedStreamTests {

    static boolean recordingsArePresent() {
        return folder() != null;
    }

    @Nullable
    static Path folder() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        Path folder =
                directory == null ? null : directory.resolveSibling("shared").resolve("recordings");
        return folder != null && Files.isDirectory(folder) ? folder : null;
    }

    @SuppressWarnings("unchecked")
    static Stream<Recording> recordings() throws IOException {
        Path folder = folder();
        Map<String, Object> expected =
                JsonMapper.shared().readValue(Files.readAllBytes(folder.resolve("EXPECTED.json")), Map.class);
        List<Recording> recordings = new ArrayList<>();
        new TreeMap<>(expected).forEach((name, value) -> {
            Map<String, Object> answer = (Map<String, Object>) value;
            if ("chat".equals(answer.get("api")) && !"json".equals(answer.get("format"))) {
                recordings.add(new Recording(name, folder.resolve(name), answer));
            }
        });
        return recordings.stream();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void decodesExactly(Recording recording) {
        byte[] body = recording.body();

        Decoded whole = Decoded.whole(body);
        Decoded byteByByte = Decoded.cut(Decoded.decoder(false), body, 1);

        assertThat(byteByByte.outcome()).isEqualTo(whole.outcome());
        recording.compare(whole);
    }

    record Recording(String name, Path file, Map<String, Object> expected) {

        byte[] body() {
            try {
                byte[] bytes = Files.readAllBytes(file);
                return name.endsWith(".chunks.txt") ? asEvents(bytes) : bytes;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static byte[] asEvents(byte[] lines) {
            StringBuilder body = new StringBuilder();
            new String(lines, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> body.append("data: ").append(line).append("\n\n"));
            return body.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
        }

        void compare(Decoded decoded) {
            assertThat(digest(decoded.text())).isEqualTo(expectedDigest("text"));
            assertThat(digest(decoded.reasoning())).isEqualTo(expectedDigest("reasoning"));
            assertThat(decoded.refusal()).isEqualTo(expected.get("refusal"));
            compareToolCalls(decoded.toolCalls());
            if (expected.get("error") != null) {
                compareFailure(decoded);
            } else if (expected.get("finish") == null && !isDone()) {
                assertThat(decoded.failure()).isInstanceOf(ChatException.class);
                assertThat(decoded.chatFailure().kind())
                        .isEqualTo(hasErrorLine() ? Kind.PROVIDER_ERROR : Kind.INTERRUPTED);
            } else {
                compareEnd(decoded);
            }
        }

        private boolean isDone() {
            return name.endsWith(".chunks.txt") || Boolean.TRUE.equals(expected.get("doneMarker"));
        }

        private boolean hasErrorLine() {
            return expected.get("unknownFieldLines") instanceof Integer lines && lines > 0;
        }

        private void compareFailure(Decoded decoded) {
            ChatException failure = decoded.chatFailure();
            assertThat(failure.kind()).isEqualTo(Kind.PROVIDER_ERROR);
            assertThat(decoded.completed()).isFalse();
            if (failure.partial() != null) {
                assertThat(failure.partial().rawFinishReason()).isEqualTo(expected.get("finish"));
            }
        }

        private void compareEnd(Decoded decoded) {
            assertThat(decoded.failure()).isNull();
            assertThat(decoded.completed()).isTrue();
            assertThat(decoded.each(ResponseEnd.class)).hasSize(1);
            assertThat(decoded.end().rawFinishReason()).isEqualTo(expected.get("finish"));
            Object usage = expected.get("usage");
            assertThat(
                            decoded.end().usage() == null
                                    ? null
                                    : plain(decoded.end().usage().raw()))
                    .isEqualTo(plain(usage));
            assertThat(decoded.each(ResponseStart.class)).hasSize(1);
        }

        @SuppressWarnings("unchecked")
        private void compareToolCalls(List<ToolCall> calls) {
            List<Map<String, String>> oracle = (List<Map<String, String>>) expected.get("toolCalls");
            String joined = String.join(
                    "", oracle.stream().map(call -> call.get("args")).toList());
            // Where the bytes and the oracle disagree the bytes are right: these servers give every call the index 0
            // and
            // an id of its own, and the oracle, which goes by the index alone, joins them.
            if (oracle.size() == 1 && joined.contains("}{")) {
                assertThat(calls).hasSizeGreaterThan(1);
                assertThat(String.join(
                                "", calls.stream().map(ToolCall::arguments).toList()))
                        .isEqualTo(joined);
                return;
            }
            assertThat(calls).hasSameSizeAs(oracle);
            for (int i = 0; i < calls.size(); i++) {
                String arguments = oracle.get(i).get("args");
                assertThat(calls.get(i).name()).isEqualTo(oracle.get(i).get("name"));
                assertThat(calls.get(i).arguments()).isEqualTo(arguments.isEmpty() ? "{}" : arguments);
                if (oracle.get(i).get("id") != null) {
                    assertThat(calls.get(i).id()).isEqualTo(oracle.get(i).get("id"));
                }
            }
        }

        private String expectedDigest(String what) {
            Object sha = expected.get(what + "Sha256");
            return expected.get(what + "Chars") + ":" + (sha == null ? "" : sha);
        }

        private static String digest(String text) {
            if (text.isEmpty()) {
                return "0:";
            }
            try {
                byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return text.codePointCount(0, text.length()) + ":"
                        + HexFormat.of().formatHex(sha).substring(0, 16);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Numbers by value, whatever their type. */
        private static @Nullable Object plain(@Nullable Object json) {
            if (json instanceof Map<?, ?> map) {
                Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((key, value) -> plain.put(key, plain(value)));
                return plain;
            }
            if (json instanceof List<?> list) {
                return list.stream().map(Recording::plain).toList();
            }
            return json instanceof Number number ? new BigDecimal(number.toString()).stripTrailingZeros() : json;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
