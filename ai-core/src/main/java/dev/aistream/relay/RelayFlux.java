package dev.aistream.relay;

import dev.aistream.chat.ChatEvent;
import java.util.function.Function;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** One relay to one reader, each time it is subscribed to. */
final class RelayFlux<T> extends Flux<T> {

    private final StreamRelay relay;
    private final Flux<ChatEvent> answer;
    private final RelayHead head;
    private final Function<RelayBacklog, ? extends T> rendering;
    private final boolean completesOnDemand;

    RelayFlux(
            StreamRelay relay,
            Flux<ChatEvent> answer,
            RelayHead head,
            Function<RelayBacklog, ? extends T> rendering,
            boolean completesOnDemand) {
        this.relay = relay;
        this.answer = answer;
        this.head = head;
        this.rendering = rendering;
        this.completesOnDemand = completesOnDemand;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> reader) {
        RelaySubscription<T> subscription = new RelaySubscription<>(relay, head, rendering, completesOnDemand, reader);
        subscription.start(answer);
    }
}
