package dev.aistream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.aistream.chat.ChatEvent;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.util.unit.DataSize;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** What the template allocates for each fragment of text: a figure that does not depend on time. */
class TemplateAllocationTests {

    private static final int FRAGMENTS = 200_000;
    private static final ChatEvent FRAGMENT = Answers.text(" word");

    @Test
    void textCostsNoMoreThanItsOwnCharacters() {
        AiStreamingTemplate template =
                AiStreamingTemplate.builder().model(TestModel.of(answer())).build();
        bytesPerFragment(template);

        assertThat(bytesPerFragment(template)).isLessThan(40);
    }

    @Test
    void textBeyondWhatIsKeptCostsNothing() {
        AiStreamingTemplate template = AiStreamingTemplate.builder()
                .model(TestModel.of(answer()))
                .maxKeptText(DataSize.ofKilobytes(16))
                .build();
        bytesPerFragment(template);

        assertThat(bytesPerFragment(template)).isLessThan(2);
    }

    private static double bytesPerFragment(AiStreamingTemplate template) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CountingSubscriber reader = new CountingSubscriber();
        long before = threads.getCurrentThreadAllocatedBytes();
        template.stream("Hello").text().subscribe(reader);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(reader.fragments).isEqualTo(FRAGMENTS);
        assertThat(reader.complete).isTrue();
        return (double) allocated / FRAGMENTS;
    }

    /** Emits on the subscriber's thread, all at once and without allocating. */
    private static Flux<ChatEvent> answer() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ChatEvent> reader) {
                reader.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {
                        if (n == Long.MAX_VALUE) {
                            emit(reader);
                        }
                    }

                    @Override
                    public void cancel() {}
                });
            }
        };
    }

    private static void emit(CoreSubscriber<? super ChatEvent> reader) {
        reader.onNext(Answers.start());
        for (int i = 0; i < FRAGMENTS; i++) {
            reader.onNext(FRAGMENT);
        }
        reader.onNext(Answers.end());
        reader.onComplete();
    }

    private static final class CountingSubscriber implements CoreSubscriber<String> {

        private int fragments;
        private boolean complete;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String fragment) {
            fragments++;
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {
            complete = true;
        }
    }
}
