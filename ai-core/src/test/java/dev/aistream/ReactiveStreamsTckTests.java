package dev.aistream;

import dev.aistream.chat.ChatEvent;
import dev.aistream.relay.RelayEvent;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;

/** The Reactive Streams TCK on the publishers that are ours. */
class ReactiveStreamsTckTests {

    @TestFactory
    Stream<DynamicTest> events() {
        return TckSuite.of(new EventsVerification(false));
    }

    @TestFactory
    Stream<DynamicTest> eventsOfAnOpenedStream() {
        return TckSuite.of(new EventsVerification(true));
    }

    @TestFactory
    Stream<DynamicTest> relayedEvents() {
        return TckSuite.of(new RelayVerification());
    }

    /** Not a test by itself: TestNG's annotations are read by {@link TckSuite}. */
    static final class EventsVerification extends PublisherVerification<ChatEvent> {

        private static final int TIMEOUT_MILLIS = 250;
        private static final int NO_SIGNALS_MILLIS = 20;
        private static final int GARBAGE_COLLECTION_MILLIS = 250;

        private final boolean opened;

        EventsVerification(boolean opened) {
            super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNALS_MILLIS), GARBAGE_COLLECTION_MILLIS);
            this.opened = opened;
        }

        @Override
        public Publisher<ChatEvent> createPublisher(long elements) {
            int last = (int) Math.min(elements, Integer.MAX_VALUE) - 1;
            return events(TestModel.of(Flux.range(0, last + 1).map(index -> event(index, last))));
        }

        private static ChatEvent event(int index, int last) {
            return index == last ? Answers.end() : index == 0 ? Answers.start() : Answers.text("x");
        }

        @Override
        public Publisher<ChatEvent> createFailedPublisher() {
            return events(TestModel.of(Flux.error(Answers.refused())));
        }

        private Publisher<ChatEvent> events(TestModel model) {
            AiStreamingTemplate template =
                    AiStreamingTemplate.builder().model(model).build();
            return opened
                    ? template.open("Hello").flatMapMany(ChatStream::events)
                    : template.stream("Hello").events();
        }

        @Override
        public long maxElementsFromPublisher() {
            return Integer.MAX_VALUE;
        }

        @Override
        public long boundedDepthOfOnNextAndRequestRecursion() {
            return 1;
        }
    }

    /** Text and reasoning in turn, for fragments of one kind that wait are joined. */
    static final class RelayVerification extends PublisherVerification<RelayEvent> {

        private final StreamRelay relay = StreamRelay.builder().build();

        RelayVerification() {
            super(
                    new TestEnvironment(EventsVerification.TIMEOUT_MILLIS, EventsVerification.NO_SIGNALS_MILLIS),
                    EventsVerification.GARBAGE_COLLECTION_MILLIS);
        }

        @Override
        public Publisher<RelayEvent> createPublisher(long elements) {
            // Even an answer of nothing is told by its complete event.
            int last = Math.max(0, (int) Math.min(elements, Integer.MAX_VALUE) - 1);
            Flux<ChatEvent> answer = Flux.range(0, last + 1).map(index -> event(index, last));
            Flux<RelayEvent> relayed = relay.events(answer, RelayHead.AWAITS_FIRST_EVENT);
            return elements == 0 ? relayed.skip(1) : relayed;
        }

        private static ChatEvent event(int index, int last) {
            return index == last
                    ? Answers.end()
                    : index % 2 == 0 ? Answers.text("x") : new ChatEvent.ReasoningDelta("1", "y");
        }

        @Override
        public Publisher<RelayEvent> createFailedPublisher() {
            return relay.events(Flux.error(Answers.refused()), RelayHead.AWAITS_FIRST_EVENT);
        }

        @Override
        public long maxElementsFromPublisher() {
            return Integer.MAX_VALUE;
        }

        @Override
        public long boundedDepthOfOnNextAndRequestRecursion() {
            return 1;
        }
    }
}
