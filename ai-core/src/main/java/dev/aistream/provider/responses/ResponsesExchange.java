package dev.aistream.provider.responses;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatException.Phase;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ResponseHead;
import dev.aistream.provider.ChatEventSink;
import dev.aistream.provider.ProviderCall;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.StreamDecoder;
import dev.aistream.provider.responses.OpenAiResponsesOptions.Authentication;
import dev.aistream.provider.responses.OpenAiResponsesRequestMapper.Mapped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * One subscription: the request, and for a background response as many requests for its rest as it takes.
 *
 * <pre>
 *  POST /responses ----cut, id known----> GET /responses/{id}?starting_after=N ----+
 *        |                                     |        ^                          |
 *        |                                     |        +---cut, within the bound--+
 *        v                                     v
 *     the end                               the end
 *
 *  cancelled before the end: POST /responses/{id}/cancel
 * </pre>
 */
final class ResponsesExchange {

    private static final Set<Kind> CUTS =
            EnumSet.of(Kind.INTERRUPTED, Kind.CONNECTION_FAILED, Kind.CONNECTION_REFUSED, Kind.IDLE_TIMEOUT);
    private static final Set<Kind> CUTS_OF_REST = EnumSet.of(Kind.TIMEOUT, Kind.HTTP_STATUS, Kind.FIRST_TOKEN_TIMEOUT);
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);
    private static final Duration MAX_DELAY = Duration.ofSeconds(8);

    private final OpenAiResponsesOptions options;
    private final ProviderHttpClient http;
    private final ChatRequest request;
    private final Mapped mapped;
    private volatile @Nullable ResponsesAnswer answer;
    /** Requests for the rest since the last event that was new. */
    private int reconnects;

    private long lastPosition = -1;
    private boolean resuming;

    ResponsesExchange(OpenAiResponsesOptions options, ProviderHttpClient http, ChatRequest request, Mapped mapped) {
        this.options = options;
        this.http = http;
        this.request = request;
        this.mapped = mapped;
    }

    Flux<ChatEvent> stream() {
        if (!mapped.background()) {
            return ask();
        }
        return Flux.defer(() -> resuming ? askForRest() : ask())
                .retryWhen(Retry.from(failures -> failures.concatMap(signal -> goOnAfter(signal.failure()))))
                .doOnCancel(this::giveUp);
    }

    private Flux<ChatEvent> ask() {
        return http.stream(
                options.apiKey(),
                options.provider(),
                key -> call(ProviderCall.post(options.endpoint(), mapped.body()), key)
                        .decoder(this::begin)
                        .build());
    }

    private StreamDecoder begin(ResponseHead head) {
        ResponsesAnswer begun = new ResponsesAnswer(options.provider(), mapped.warnings(), request.includeRaw(), head);
        answer = begun;
        return decoder(head, begun);
    }

    private Flux<ChatEvent> askForRest() {
        ResponsesAnswer cut = answer;
        if (cut == null) {
            return ask();
        }
        cut.resume();
        return http.stream(
                options.apiKey(),
                options.provider(),
                key -> call(ProviderCall.get(options.rest(cut.id(), cut.position())), key)
                        .decoder(head -> decoder(head, cut))
                        .build());
    }

    private StreamDecoder decoder(ResponseHead head, ResponsesAnswer of) {
        int maxLineLength = request.maxLineLength() != null
                ? request.maxLineLength()
                : options.http().maxLineLength();
        return new OpenAiResponsesStreamDecoder(head, maxLineLength, of);
    }

    private ProviderCall.Builder call(ProviderCall.Builder call, @Nullable String key) {
        call.options(options.http()).request(request);
        if (key != null && options.authentication() == Authentication.API_KEY_HEADER) {
            call.secret(key).header("api-key", key);
        } else {
            call.bearer(key);
        }
        if (options.organization() != null) {
            call.header("OpenAI-Organization", options.organization());
        }
        if (options.project() != null) {
            call.header("OpenAI-Project", options.project());
        }
        return call;
    }

    /** Emits when the rest shall be asked for, or fails where there is none to be had. */
    private Mono<Long> goOnAfter(Throwable thrown) {
        ResponsesAnswer cut = answer;
        if (!(thrown instanceof ChatException failure)) {
            return Mono.error(thrown);
        }
        if (cut == null || cut.id().isEmpty() || cut.position() < 0 || !isCut(failure)) {
            return Mono.error(inPhase(failure, cut));
        }
        if (cut.position() > lastPosition) {
            lastPosition = cut.position();
            reconnects = 0;
        }
        if (reconnects == options.reconnects()) {
            return Mono.error(inPhase(failure, cut));
        }
        resuming = true;
        Duration delay = delay(reconnects++);
        return delay.isZero() ? Mono.just(0L) : Mono.delay(delay);
    }

    private boolean isCut(ChatException failure) {
        return CUTS.contains(failure.kind())
                || (resuming && failure.retryable() && CUTS_OF_REST.contains(failure.kind()));
    }

    /** The first request for the rest goes out at once, for most cuts are a connection's, not a provider's. */
    private static Duration delay(int reconnects) {
        if (reconnects == 0) {
            return Duration.ZERO;
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(reconnects - 1, 8));
        return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
    }

    /** The last request may have emitted nothing where an earlier one had: to repeat it is a second generation. */
    private static ChatException inPhase(ChatException failure, @Nullable ResponsesAnswer cut) {
        return cut == null || !cut.started()
                ? failure
                : failure.mutate().phase(Phase.AFTER_FIRST_TOKEN).build();
    }

    /** Closing the connection does not stop a background response; asking to stop is all that can be done. */
    private void giveUp() {
        ResponsesAnswer left = answer;
        if (left == null || left.id().isEmpty() || left.complete()) {
            return;
        }
        http.stream(
                        options.apiKey(),
                        options.provider(),
                        key -> call(ProviderCall.post(options.cancellation(left.id())), key)
                                .accept("application/json")
                                .decoder(head -> new Receipt())
                                .build())
                .onErrorComplete()
                .subscribe();
    }

    /** What the provider says to a cancellation matters to nobody any more. */
    private static final class Receipt implements StreamDecoder {

        @Override
        public void decode(ByteBuffer chunk, ChatEventSink out) {
            chunk.position(chunk.limit());
        }

        @Override
        public void end(ChatEventSink out) {
            out.complete();
        }
    }
}
