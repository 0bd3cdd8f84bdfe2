package dev.aistream.autoconfigure.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RelayGateTests {

    private final RelayGate gate = new RelayGate(3, 2, Duration.ofSeconds(7));

    @Test
    void boundsAllTogether() {
        gate.enter(null);
        gate.enter("a");
        Runnable third = gate.enter("b");

        assertThatThrownBy(() -> gate.enter("c")).isInstanceOfSatisfying(RelayRequestException.class, refused -> {
            assertThat(refused.status().value()).isEqualTo(429);
            assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        });
        third.run();
        gate.enter("c");
        assertThat(gate.open()).isEqualTo(3);
    }

    @Test
    void boundsEachUser() {
        Runnable first = gate.enter("a");
        gate.enter("a");

        assertThatThrownBy(() -> gate.enter("a")).hasMessageContaining("You have too many");
        assertThat(gate.open()).isEqualTo(2);
        first.run();
        first.run();
        assertThat(gate.open()).isEqualTo(1);
        gate.enter("a");
        assertThatThrownBy(() -> gate.enter("a")).isInstanceOf(RelayRequestException.class);
    }

    @Test
    void forgetsUsersWhoHaveLeft() {
        for (int i = 0; i < 100; i++) {
            gate.enter("user" + i).run();
        }
        assertThat(gate.users()).isZero();
    }
}
