package dev.aistream.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network cuts where it likes: the events are the same. */
class OpenAiStreamSplitTests {

    static Stream<String> streams() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(OpenAiStreamSplitTests.class.getResource("/openai"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sse"))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void everySplitGivesTheSameEvents(String name) {
        byte[] body = Decoded.resource(name);
        String whole = Decoded.whole(body).outcome();

        for (int at = 0; at <= body.length; at++) {
            assertThat(Decoded.split(body, at).outcome()).isEqualTo(whole);
        }
        for (int size : new int[] {1, 2, 3, 7}) {
            assertThat(Decoded.cut(Decoded.decoder(false), body, size).outcome())
                    .isEqualTo(whole);
        }
    }
}
