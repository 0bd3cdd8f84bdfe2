package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ResponseHead;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAdviceTests {

    private static Duration delay(String header, String value) {
        return RetryAdvice.delay(new ResponseHead(429, Map.of(header, List.of(value))));
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after-ms, 250, 250",
        "retry-after-ms, 12.5, 12",
        "retry-after, 2, 2000",
        "retry-after, 0.5, 500",
        "Retry-After, ' 7 ', 7000",
        "retry-after, 0, 0"
    })
    void readsMillisecondsAndSeconds(String header, String value, long millis) {
        assertThat(delay(header, value)).hasMillis(millis);
    }

    @Test
    void readsADateAsTheTimeLeftUntilIt() {
        ZonedDateTime date = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60);

        assertThat(delay("retry-after", DateTimeFormatter.RFC_1123_DATE_TIME.format(date)))
                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        assertThat(delay("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "NaN", "Infinity", "1e300", "''"})
    void whatMakesNoSenseIsNothing(String value) {
        assertThat(delay("retry-after", value)).isNull();
    }
}
