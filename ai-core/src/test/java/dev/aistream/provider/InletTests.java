package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

class InletTests {

    private final Inlet inlet = new Inlet();
    private final Disposable exchange = Disposables.single();

    @Test
    void closingDisposesOfTheExchange() {
        inlet.opening(exchange);
        assertThat(exchange.isDisposed()).isFalse();

        inlet.close();

        assertThat(exchange.isDisposed()).isTrue();
    }

    /** The reader has cancelled between the check and the sending. */
    @Test
    void anExchangeThatBeginsAfterTheCloseIsNotSent() {
        inlet.close();

        inlet.opening(exchange);

        assertThat(exchange.isDisposed()).isTrue();
    }
}
