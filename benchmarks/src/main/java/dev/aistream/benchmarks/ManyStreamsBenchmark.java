package dev.aistream.benchmarks;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One event, from {@code WebClient}'s connector to the reader, each time of another of many open streams: what of a
 * stream is touched has left the processor's cache by then, and to fetch it costs more than all else. {@code floor} is
 * {@code WebClient} with the bytes dropped. Nanoseconds for each event, without a socket.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class ManyStreamsBenchmark {

    private static final int FIRST_EVENTS = 3;

    @Param({"1", "20000"})
    private int streams;

    @Param({"floor", "text"})
    private String client = "";

    private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final ByteBuf network = Unpooled.directBuffer();
    private final List<Response> opened = new ArrayList<>();
    private final byte[] event = firstEvent();
    private Response[] inTurn = {};
    private int next;
    private long read;

    /** Opens them all, has a few events come, and lets the collector put them where what lasts lies. */
    @Setup
    public void open() {
        WebClient.Builder builder = WebClient.builder();
        WebClient floor = builder.clone()
                .clientConnector((method, uri, request) -> respond())
                .build();
        AiStreamingTemplate ai = AiStreamingTemplate.builder()
                .model(new OpenAiChatModel(
                        OpenAiOptions.builder().apiKey("key").build(),
                        ProviderHttpClient.create(builder, (method, uri, request) -> respond())))
                .build();
        for (int i = 0; i < streams; i++) {
            if (client.equals("text")) {
                ai.stream("Go on").text().subscribe(text -> read += text.length());
            } else {
                floor.get().retrieve().bodyToFlux(DataBuffer.class).subscribe(this::drop);
            }
            for (int j = 0; j < FIRST_EVENTS; j++) {
                receive(opened.get(i));
            }
        }
        Collections.shuffle(opened, new Random(1));
        inTurn = opened.toArray(Response[]::new);
        System.gc();
    }

    private Mono<ClientHttpResponse> respond() {
        Response response = new Response();
        opened.add(response);
        return Mono.just(response);
    }

    private void drop(DataBuffer buffer) {
        read += buffer.readableByteCount();
        DataBufferUtils.release(buffer);
    }

    @Benchmark
    public long event() {
        receive(inTurn[next]);
        next = next + 1 == streams ? 0 : next + 1;
        return read;
    }

    private void receive(Response response) {
        network.clear().writeBytes(event).retain();
        Objects.requireNonNull(response.reader).onNext(buffers.wrap(network));
    }

    private static byte[] firstEvent() {
        byte[] body = ChatCorpus.ASCII.body();
        int end = 0;
        while (body[end] != '\n') {
            end++;
        }
        return Arrays.copyOf(body, end + 2);
    }

    /** A response whose body comes when the benchmark says so. */
    private static final class Response extends Flux<DataBuffer> implements ClientHttpResponse, Subscription {

        private final HttpHeaders headers = new HttpHeaders();
        private @Nullable CoreSubscriber<? super DataBuffer> reader;

        Response() {
            headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        }

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatus.OK;
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public MultiValueMap<String, ResponseCookie> getCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return this;
        }

        @Override
        public void subscribe(CoreSubscriber<? super DataBuffer> reader) {
            this.reader = reader;
            reader.onSubscribe(this);
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
