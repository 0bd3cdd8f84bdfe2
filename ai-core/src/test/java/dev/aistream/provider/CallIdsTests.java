package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallIdsTests {

    @Test
    void usesEachIdOnce() {
        CallIds ids = new CallIds();

        assertThat(ids.next("a")).isEqualTo("a");
        assertThat(ids.next("a")).isEqualTo("a-2");
        assertThat(ids.next("a")).isEqualTo("a-3");
        assertThat(ids.next("b")).isEqualTo("b");
    }

    @Test
    void makesUpWhatIsMissing() {
        CallIds ids = new CallIds();

        assertThat(ids.next("")).isEqualTo("call-0");
        assertThat(ids.next("")).isEqualTo("call-1");
        assertThat(ids.next("call-2")).isEqualTo("call-2");
        assertThat(ids.next("")).isNotIn("call-0", "call-1", "call-2", "");
    }
}
