package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import io.netty.util.Timer;
import java.util.function.LongSupplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One HTTP exchange as a stream of events; each subscription sends the request once.
 *
 * <p>An operator of our own because the contract needs, in one place, what a chain of operators cannot give together:
 * clocks that know about demand, completion before the body's end, events delivered before the error that follows them,
 * and a cost of a few nanoseconds for each buffer.
 */
final class ExchangeFlux extends Flux<ChatEvent> {

    private final ProviderCall call;
    private final Exchange exchange;
    private final LongSupplier nanoTime;
    private final Timer timer;
    private final Scheduler alarms;

    ExchangeFlux(ProviderCall call, Exchange exchange) {
        this(call, exchange, System::nanoTime, StreamTimer.WHEEL, Schedulers.parallel());
    }

    ExchangeFlux(ProviderCall call, Exchange exchange, LongSupplier nanoTime, Timer timer, Scheduler alarms) {
        this.call = call;
        this.exchange = exchange;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.alarms = alarms;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ChatEvent> reader) {
        ExchangeSubscription subscription = new ExchangeSubscription(reader, call, exchange, timer, alarms, nanoTime);
        reader.onSubscribe(subscription);
        subscription.send();
    }
}
