package dev.aistream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class StreamRelayTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ChatEvent START = new ChatEvent.ResponseStart("r1", "model", "fake", List.of(), null);

    private final StreamRelay relay = StreamRelay.builder().build();

    @Test
    void writesOneBlockForEachEvent() {
        Flux<ChatEvent> answer = Flux.just(START, text(" Hello,"), text("\n\"wörld\" 🙂"), end(null));

        assertThat(wire(answer))
                .matches("id:0\nretry:3000\n\n"
                        + "id:1\nevent:chunk\ndata:\\{\"text\":\" Hello,\"}\n\n"
                        + "id:2\nevent:chunk\ndata:\\{\"text\":\"\\\\n\\\\\"wörld\\\\\" 🙂\"}\n\n"
                        + "id:3\nevent:complete\ndata:\\{\"finishReason\":\"stop\",\"usage\":null,"
                        + "\"timings\":\\{\"toFirstTokenMs\":\\d+,\"elapsedMs\":\\d+}}\n\n");
    }

    @Test
    void tellsUsageOnlyAsFarAsTheProviderDid() {
        Usage usage = new Usage(12L, 3L, null, null, null, 2L, Map.of("secret", "raw"));

        assertThat(wire(Flux.just(START, text("x"), end(usage))))
                .contains("\"usage\":{\"inputTokens\":12,\"outputTokens\":3,\"reasoningTokens\":2},\"timings\"");
    }

    @Test
    void tellsReasoningRefusalAndWholeToolCalls() {
        Flux<ChatEvent> answer = Flux.just(
                START,
                new ChatEvent.ReasoningStart("0"),
                new ChatEvent.ReasoningDelta("0", "hm"),
                new ChatEvent.ReasoningEnd("0", Map.of("signature", "s")),
                new ChatEvent.Refusal("no"),
                new ChatEvent.ToolCallStart("c1", "weather"),
                new ChatEvent.ToolCallStart("c2", "time"),
                new ChatEvent.ToolCallDelta("c1", "{\"city\":"),
                new ChatEvent.ToolCallDelta("c2", "{"),
                new ChatEvent.ToolCallDelta("c1", "\"Bern\"}"),
                new ChatEvent.ToolCallEnd("c1", true, Map.of()),
                new ChatEvent.ToolCallEnd("c2", false, Map.of()),
                new ChatEvent.Raw("x", "{}"),
                end(null));

        assertThat(wire(answer))
                .contains("event:reasoning\ndata:{\"text\":\"hm\"}\n\n")
                .contains("event:refusal\ndata:{\"text\":\"no\"}\n\n")
                .contains("event:tool-call\ndata:{\"id\":\"c1\",\"name\":\"weather\","
                        + "\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\",\"complete\":true}\n\n")
                .contains("{\"id\":\"c2\",\"name\":\"time\",\"arguments\":\"{\",\"complete\":false}\n\n")
                .doesNotContain("signature", "\"x\"");
    }

    @Test
    void cutsEndlessToolArguments() {
        String fragment = "a".repeat(64 * 1024);
        Flux<ChatEvent> answer = Flux.<ChatEvent>just(START, new ChatEvent.ToolCallStart("c1", "weather"))
                .concatWith(Flux.<ChatEvent>just(new ChatEvent.ToolCallDelta("c1", fragment))
                        .repeat(20))
                .concatWith(Flux.just(new ChatEvent.ToolCallEnd("c1", true, Map.of()), end(null)));

        String wire = wire(answer);

        assertThat(wire).contains("\"complete\":false").hasSizeBetween(1024 * 1024, 1024 * 1024 + 1000);
    }

    @Test
    void escapesControlCharactersAndHalvesOfPairs() {
        assertThat(wire(Flux.just(START, text("\u0000\u001f\t\r\n\\\"/\ud83d"), text("\ude00é\u2028"), end(null))))
                .contains("{\"text\":\"\\u0000\\u001f\\t\\r\\n\\\\\\\"/\\ud83d\"}", "{\"text\":\"\\ude00é\u2028\"}");
    }

    @Test
    void eventsCarryTheSameAsBlocks() {
        StepVerifier.create(relay.events(Flux.just(START, text("a"), end(null)), RelayHead.AT_ONCE))
                .expectNext(new RelayEvent.Opening("0", Duration.ofSeconds(3)))
                .expectNext(new RelayEvent.Message("1", "chunk", "{\"text\":\"a\"}"))
                .expectNextMatches(event -> event instanceof RelayEvent.Message message
                        && message.id().equals("2")
                        && message.event().equals("complete"))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void joinsAdjacentFragmentsWhileTheReaderAsksForNothing() {
        TestPublisher<ChatEvent> answer = TestPublisher.create();

        StepVerifier.create(relay.events(answer.flux(), RelayHead.AWAITS_FIRST_EVENT), 1)
                .then(() -> answer.next(START, text("a")))
                .expectNext(message(1, "chunk", "{\"text\":\"a\"}"))
                .then(() -> answer.next(text("b"), text("c"), reasoning("r"), text("d"), text("e")))
                .thenRequest(1)
                .expectNext(message(2, "chunk", "{\"text\":\"bc\"}"))
                .thenRequest(1)
                .expectNext(message(3, "reasoning", "{\"text\":\"r\"}"))
                .thenRequest(1)
                .expectNext(message(4, "chunk", "{\"text\":\"de\"}"))
                .thenCancel()
                .verify(SOON);
        answer.assertCancelled();
    }

    @Test
    void asksForNoMoreThan64KilobytesAhead() {
        AtomicLong sent = new AtomicLong();
        String fragment = "€".repeat(1000);
        Flux<ChatEvent> endless = Flux.generate(sink -> {
            sent.incrementAndGet();
            sink.next(text(fragment));
        });
        BaseSubscriber<String> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }
        };

        relay.blocks(endless, RelayHead.AT_ONCE).subscribe(reader);

        assertThat(sent.get() * fragment.getBytes(StandardCharsets.UTF_8).length)
                .isBetween(48L * 1024, 64L * 1024);
        long before = sent.get();
        reader.request(1);
        assertThat(sent.get() - before).isBetween(16L, 22L);
        reader.cancel();
    }

    @Test
    void losesNothingUnderASlowReader() {
        int count = 100_000;
        Flux<ChatEvent> answer = Flux.range(0, count)
                .<ChatEvent>map(i -> text(i + " "))
                .concatWith(Mono.just(end(null)))
                .publishOn(Schedulers.boundedElastic(), 1);

        String text = relay.events(answer, RelayHead.AWAITS_FIRST_EVENT)
                .publishOn(Schedulers.parallel(), 1)
                .cast(RelayEvent.Message.class)
                .filter(message -> message.event().equals("chunk"))
                .map(message -> message.json().substring(9, message.json().length() - 2))
                .collect(StringBuilder::new, StringBuilder::append)
                .block(SOON)
                .toString();

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < count; i++) {
            expected.append(i).append(' ');
        }
        assertThat(text).isEqualTo(expected.toString());
    }

    @Test
    void beatsInSilenceAndNotBehindText() {
        StreamRelay beating =
                StreamRelay.builder().heartbeat(Duration.ofMillis(20)).build();

        StepVerifier.create(beating.blocks(Flux.never(), RelayHead.AT_ONCE))
                .expectNext("id:0\nretry:3000\n\n")
                .expectNext(":heartbeat\n\n", ":heartbeat\n\n")
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void pilesUpNoHeartbeatsForAReaderThatAsksForNothing() {
        StreamRelay beating =
                StreamRelay.builder().heartbeat(Duration.ofMillis(2)).build();
        TestPublisher<ChatEvent> answer = TestPublisher.create();

        StepVerifier.create(beating.events(answer.flux(), RelayHead.AT_ONCE), 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> answer.next(text("a")))
                .thenRequest(2)
                .expectNext(new RelayEvent.Opening("0", Duration.ofSeconds(3)))
                .expectNext(message(1, "chunk", "{\"text\":\"a\"}"))
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void headWaitsForTheFirstEvent() {
        TestPublisher<ChatEvent> answer = TestPublisher.create();
        StreamRelay beating =
                StreamRelay.builder().heartbeat(Duration.ofMillis(5)).build();

        StepVerifier.create(beating.blocks(answer.flux(), RelayHead.AWAITS_FIRST_EVENT))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> answer.next(START, text("a")))
                .expectNext("id:1\nevent:chunk\ndata:{\"text\":\"a\"}\n\n")
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void headWaitEndsWithAComment() {
        StreamRelay impatient =
                StreamRelay.builder().headWait(Duration.ofMillis(20)).build();
        TestPublisher<ChatEvent> answer = TestPublisher.create();

        StepVerifier.create(impatient.blocks(answer.flux(), RelayHead.AWAITS_FIRST_EVENT))
                .expectNext(":heartbeat\n\n")
                .then(() -> answer.error(failure(ChatException.Kind.TIMEOUT)))
                .expectNextMatches(block -> block.startsWith("id:1\nevent:failure\ndata:{\"kind\":\"timeout\""))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void earlyFailureIsAnErrorWhileTheHeadWaits() {
        ChatException failure = failure(ChatException.Kind.HTTP_STATUS);

        StepVerifier.create(relay.blocks(Flux.error(failure), RelayHead.AWAITS_FIRST_EVENT))
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(failure))
                .verify(SOON);
        assertThat(relay.openStreams()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ChatException.Kind.class)
    void failureIsToldInOurOwnWords(ChatException.Kind kind) {
        ChatException failure = ChatException.builder(kind, "key sk-123 for https://inner/ said: prompt")
                .requestId("req \"1\"")
                .retryable(true)
                .status(429)
                .code("sk-123")
                .build();

        assertThat(wire(Flux.concat(Flux.just(START, text("so far")), Flux.error(failure))))
                .contains("event:chunk\ndata:{\"text\":\"so far\"}\n\nid:2\nevent:failure\ndata:{\"kind\":\""
                        + kind.name().toLowerCase() + "\",\"message\":\"")
                .endsWith("\",\"retryable\":true,\"requestId\":\"req \\\"1\\\"\"}\n\n")
                .doesNotContain("sk-123", "inner", "said");
    }

    @Test
    void failureOfAnotherKindIsInternal() {
        assertThat(wire(Flux.error(new IllegalStateException("secret"))))
                .endsWith("event:failure\ndata:{\"kind\":\"internal\",\"message\":\"The answer failed on the server.\","
                        + "\"retryable\":false,\"requestId\":null}\n\n");
    }

    @Test
    void answerWithoutItsEndIsInterrupted() {
        assertThat(wire(Flux.just(START, text("cut")))).contains("{\"text\":\"cut\"}", "\"kind\":\"interrupted\"");
    }

    @Test
    void answerThatTakesTooLongEndsWithAFailure() {
        StreamRelay brief =
                StreamRelay.builder().maxDuration(Duration.ofMillis(20)).build();
        TestPublisher<ChatEvent> answer = TestPublisher.create();

        StepVerifier.create(brief.blocks(answer.flux(), RelayHead.AT_ONCE))
                .expectNextCount(1)
                .expectNextMatches(block -> block.contains("\"kind\":\"total_timeout\""))
                .expectComplete()
                .verify(SOON);
        answer.assertCancelled();
    }

    @Test
    void readerThatAsksForNothingIsGivenUp() {
        StreamRelay strict =
                StreamRelay.builder().writeTimeout(Duration.ofMillis(20)).build();
        TestPublisher<ChatEvent> answer = TestPublisher.create();

        StepVerifier.create(strict.blocks(answer.flux(), RelayHead.AT_ONCE), 1)
                .expectNextCount(1)
                .expectError(ReaderStalledException.class)
                .verify(SOON);
        answer.assertCancelled();
    }

    @Test
    void readerThatIsAlwaysBehindButReadsIsNotGivenUp() {
        StreamRelay strict =
                StreamRelay.builder().writeTimeout(Duration.ofMillis(100)).build();
        Flux<ChatEvent> endless = Flux.generate(sink -> sink.next(text("a")));

        StepVerifier.create(strict.blocks(endless, RelayHead.AT_ONCE)
                        .delayElements(Duration.ofMillis(10))
                        .take(Duration.ofMillis(400)))
                .expectNextCount(5)
                .thenConsumeWhile(block -> true)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void readerThatHasTakenTheLastBlockIsStillWatched() {
        StreamRelay strict =
                StreamRelay.builder().writeTimeout(Duration.ofMillis(20)).build();

        StepVerifier.create(strict.blocks(Flux.just(START, text("a"), end(null)), RelayHead.AWAITS_FIRST_EVENT), 2)
                .expectNextCount(2)
                .expectError(ReaderStalledException.class)
                .verify(SOON);
        assertThat(strict.openStreams()).isZero();
    }

    @Test
    void shutdownTellsEveryReaderAndGivesUpThoseThatDoNotRead() throws Exception {
        AtomicInteger cancelled = new AtomicInteger();
        Flux<ChatEvent> answer =
                Flux.<ChatEvent>just(START, text("a")).concatWith(Flux.never()).doOnCancel(cancelled::incrementAndGet);
        ConcurrentLinkedQueue<String> read = new ConcurrentLinkedQueue<>();
        CountDownLatch completed = new CountDownLatch(1);
        AtomicBoolean stalled = new AtomicBoolean();
        relay.blocks(answer, RelayHead.AT_ONCE)
                .doOnComplete(completed::countDown)
                .subscribe(read::add);
        relay.blocks(answer, RelayHead.AT_ONCE)
                .doOnError(ReaderStalledException.class, failure -> stalled.set(true))
                .onErrorComplete()
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {}
                });
        assertThat(relay.openStreams()).isEqualTo(2);

        relay.shutdown(Duration.ZERO, Duration.ofMillis(50)).block(SOON);

        assertThat(completed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(read).last().asString().contains("event:failure", "\"kind\":\"shutdown\"", "\"retryable\":true");
        assertThat(stalled).isTrue();
        assertThat(cancelled).hasValue(2);
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void shutdownBeforeTheFirstEventIsAnErrorWhileTheHeadWaits() {
        StepVerifier.create(relay.blocks(Flux.never(), RelayHead.AWAITS_FIRST_EVENT))
                .expectSubscription()
                .then(() -> relay.shutdown(Duration.ZERO, SOON).subscribe())
                .expectErrorMatches(error ->
                        error instanceof ChatException exception && exception.kind() == ChatException.Kind.SHUTDOWN)
                .verify(SOON);
    }

    @Test
    void shutdownLetsStreamsEndWithinTheGrace() {
        TestPublisher<ChatEvent> answer = TestPublisher.create();
        StepVerifier.create(relay.events(answer.flux(), RelayHead.AWAITS_FIRST_EVENT)
                        .mergeWith(relay.shutdown(SOON, SOON).then(Mono.empty())))
                .then(() -> answer.next(START, text("a"), end(null)).complete())
                .expectNext(message(1, "chunk", "{\"text\":\"a\"}"))
                .expectNextMatches(event -> event.toString().contains("complete"))
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void shutdownAfterTheEndOfAnAnswerThatGoesOnTellsNoFailure() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<ChatEvent> answer =
                Flux.just(START, text("a"), end(null)).concatWith(Flux.never()).doOnCancel(() -> cancelled.set(true));

        StepVerifier.create(relay.blocks(answer, RelayHead.AWAITS_FIRST_EVENT))
                .expectNextMatches(block -> block.contains("event:chunk"))
                .expectNextMatches(block -> block.contains("event:complete"))
                .then(() -> relay.shutdown(Duration.ZERO, SOON).subscribe())
                .expectComplete()
                .verify(SOON);
        assertThat(cancelled).isTrue();
    }

    @Test
    void shutdownOfNothingCompletes() {
        StepVerifier.create(relay.shutdown(SOON, SOON)).expectComplete().verify(SOON);
    }

    @Test
    void cancelClosesTheProviderAndNothingFollows() {
        TestPublisher<ChatEvent> answer = TestPublisher.create();
        List<String> read = new ArrayList<>();

        reactor.core.Disposable reader =
                relay.blocks(answer.flux(), RelayHead.AT_ONCE).subscribe(read::add);
        reader.dispose();
        answer.next(text("late")).error(new IllegalStateException("late"));

        answer.assertCancelled();
        assertThat(read).containsExactly("id:0\nretry:3000\n\n");
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void cancelBeforeTheFirstRequestSendsNothing() {
        AtomicBoolean subscribed = new AtomicBoolean();
        StepVerifier.create(
                        relay.blocks(
                                Flux.<ChatEvent>never().doOnSubscribe(s -> subscribed.set(true)), RelayHead.AT_ONCE),
                        0)
                .thenCancel()
                .verify(SOON);
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void readerThatThrowsLeavesTheProviderClosed() {
        TestPublisher<ChatEvent> answer = TestPublisher.create();
        relay.blocks(answer.flux(), RelayHead.AWAITS_FIRST_EVENT).subscribe(new ThrowingReader());

        answer.next(text("a"));

        answer.assertCancelled();
        assertThat(relay.openStreams()).isZero();
    }

    @Test
    void answerThatIgnoresDemandFails() {
        TestPublisher<ChatEvent> answer = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        AtomicBoolean first = new AtomicBoolean(true);

        StepVerifier.create(relay.blocks(answer.flux(), RelayHead.AT_ONCE).doOnNext(block -> {
                    if (block.contains("chunk") && first.compareAndSet(true, false)) {
                        answer.next(text("b"));
                        answer.next(text("c"));
                    }
                }))
                .expectNextCount(1)
                .then(() -> answer.next(text("a")))
                .expectNextMatches(block -> block.contains("\"a\""))
                .thenConsumeWhile(block -> !block.contains("failure"))
                .expectNextMatches(block -> block.contains("\"kind\":\"internal\""))
                .expectComplete()
                .verify(SOON);
    }

    private String wire(Flux<ChatEvent> answer) {
        return String.join(
                "", relay.blocks(answer, RelayHead.AT_ONCE).collectList().block(SOON));
    }

    private static ChatEvent text(String text) {
        return new ChatEvent.TextDelta("0", text);
    }

    private static ChatEvent reasoning(String text) {
        return new ChatEvent.ReasoningDelta("1", text);
    }

    private static ChatEvent end(Usage usage) {
        return new ChatEvent.ResponseEnd(FinishReason.STOP, "stop", usage, Map.of());
    }

    private static ChatException failure(ChatException.Kind kind) {
        return ChatException.builder(kind, "secret").build();
    }

    private static RelayEvent message(int id, String event, String json) {
        return new RelayEvent.Message(Integer.toString(id), event, json);
    }

    private static final class ThrowingReader implements reactor.core.CoreSubscriber<String> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String block) {
            throw new IllegalStateException("a reader must not");
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
