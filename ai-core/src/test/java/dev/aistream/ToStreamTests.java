package dev.aistream;

import static dev.aistream.Answers.SOON;
import static dev.aistream.Answers.saying;
import static dev.aistream.Answers.unfinished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ToStreamTests {

    @Test
    void readsTheWholeText() {
        String[] fragments = IntStream.range(0, 1000).mapToObj(i -> i + " ").toArray(String[]::new);
        TestModel model = TestModel.of(saying(fragments).publishOn(Schedulers.parallel()));

        try (Stream<String> text = stream(model).toStream()) {
            assertThat(text).containsExactly(fragments);
        }
        assertThat(model.cancellations).hasValue(0);
    }

    @Test
    void sendsAtTheTerminalOperation() {
        TestModel model = TestModel.of(saying("Hel", "lo"));
        Stream<String> text = stream(model).toStream().map(String::toUpperCase);
        assertThat(model.calls()).isZero();

        assertThat(text.toList()).containsExactly("HEL", "LO");
        assertThat(model.calls()).isOne();
    }

    @Test
    void claimsAtTheTerminalOperation() {
        TestModel model = TestModel.of(saying("Hello"));
        ChatStream stream = stream(model);
        Stream<String> first = stream.toStream();
        Stream<String> second = stream.toStream();

        assertThat(second.toList()).containsExactly("Hello");
        assertThatIllegalStateException().isThrownBy(first::toList);
        assertThat(model.calls()).isOne();
    }

    @Test
    void readsAheadNoMoreThanThePrefetch() {
        TestModel model = TestModel.of(
                unfinished(IntStream.range(0, 100).mapToObj(i -> "x").toArray(String[]::new)));

        try (Stream<String> text = stream(model).toStream()) {
            assertThat(text.findFirst()).hasValue("x");
            assertThat(model.requested.get()).isLessThanOrEqualTo(TextSpliterator.PREFETCH + 2);
        }
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void failureIsThrownAfterTheTextBeforeIt() {
        TestModel model =
                TestModel.of(Flux.fromIterable(Answers.beginning("Hel")).concatWith(Mono.error(Answers.refused())));
        List<String> read = new ArrayList<>();

        assertThatExceptionOfType(ChatException.class)
                .isThrownBy(() -> stream(model).toStream().forEach(read::add))
                .satisfies(e -> assertThat(e.partial().text()).isEqualTo("Hel"));
        assertThat(read).containsExactly("Hel");
    }

    @Test
    void codeThatThrowsReleasesTheCall() {
        TestModel model = TestModel.of(unfinished("Hello"));

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> stream(model).toStream().forEach(text -> {
                    throw new UnsupportedOperationException();
                }));
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void interruptReleasesTheCallAndIsKept() throws Exception {
        TestModel model = TestModel.of(unfinished("Hello"));
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                stream(model).toStream().forEach(text -> reading.countDown());
            } catch (ChatException e) {
                thrown.set(e);
            }
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        reader.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void interruptedThreadSendsNothing() {
        TestModel model = TestModel.of(saying("Hello"));
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(ChatException.class)
                    .isThrownBy(() -> stream(model).toStream().toList());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(model.calls()).isZero();
    }

    @Test
    void iteratorMayGoFromThreadToThread() throws Exception {
        Sinks.Many<ChatEvent> provider = Sinks.many().unicast().onBackpressureBuffer();
        Iterator<String> text =
                stream(TestModel.of(provider.asFlux())).toStream().iterator();
        for (ChatEvent event : Answers.beginning("a")) {
            provider.tryEmitNext(event);
        }
        assertThat(text.next()).isEqualTo("a");

        CompletableFuture<String> next = CompletableFuture.supplyAsync(text::next);
        provider.tryEmitNext(Answers.text("b"));

        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("b");
    }

    @Test
    void closeFromAnotherThreadWakesTheReader() throws Exception {
        TestModel model = TestModel.of(unfinished("Hello"));
        ChatStream stream = stream(model);
        Stream<String> text = stream.toStream();
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Void> reader =
                CompletableFuture.runAsync(() -> text.forEach(fragment -> reading.countDown()));
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        text.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> reader.get(10, TimeUnit.SECONDS))
                .havingCause()
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
        assertThat(model.cancellations).hasValue(1);
    }

    @Test
    void closeBeforeTheTerminalOperationSendsNothingAndLeavesOthersAlone() {
        TestModel model = TestModel.of(saying("Hello"));
        ChatStream stream = stream(model);
        stream.toStream().close();

        assertThat(stream.text().blockLast(SOON)).isEqualTo("Hello");
        stream.toStream().close();
        assertThat(stream.response().block(SOON).text()).isEqualTo("Hello");
    }

    @Test
    void refusesAThreadThatMustNotBlockAndSendsNothing() {
        TestModel model = TestModel.of(saying("Hello"));
        Mono<List<String>> onEventLoop =
                Mono.fromCallable(() -> stream(model).toStream().toList()).subscribeOn(Schedulers.parallel());

        StepVerifier.create(onEventLoop)
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("parallel-"))
                .verify(SOON);
        assertThat(model.calls()).isZero();
    }

    @Test
    void manyThreadsReadTheirAnswersAtOnce() throws Exception {
        TestModel model =
                TestModel.of(Flux.<ChatEvent>defer(() -> saying("a", "b", "c")).delayElements(Duration.ofMillis(2)));
        AiStreamingTemplate template =
                AiStreamingTemplate.builder().model(model).build();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            answers.add(answer);
            Threads.virtualWhereThereAre(() -> {
                try (Stream<String> text = template.stream("Hello").toStream()) {
                    answer.complete(text.reduce("", String::concat));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        }

        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("abc");
        }
    }

    private static ChatStream stream(TestModel model) {
        return AiStreamingTemplate.builder().model(model).build().stream("Say hello");
    }
}
