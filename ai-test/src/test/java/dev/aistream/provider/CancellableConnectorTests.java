package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.test.Exchange;
import dev.aistream.test.Script;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.netty.NettyPipeline;

/** Calls that are cancelled by another thread while the event loop is at the response's head. */
class CancellableConnectorTests extends ProviderTestKit {

    private enum Moment {
        BEFORE_THE_HEAD_IS_HANDED_OVER,
        AS_THE_HEAD_IS_HANDED_OVER
    }

    private volatile Call call;

    @Override
    ProviderConnector.Builder connector(ProviderConnector.Builder builder) {
        return builder.maxConnections(1)
                .httpClient(client -> client.doOnChannelInit((observer, channel, remote) ->
                        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, new HeadWatcher())));
    }

    @ParameterizedTest
    @EnumSource
    void closesTheConnectionOfAResponseThatGoesOn(Moment moment) throws InterruptedException {
        server.enqueue(Script.eventStream().event("hello"));

        Exchange exchange = callAndCancel(moment);

        exchange.awaitClientClosed(SOON);
    }

    /** Closed, it would be a dead connection in the pool, and two of them in a row fail the next call. */
    @ParameterizedTest
    @EnumSource
    void leavesTheConnectionOfAWholeResponseToTheNextCall(Moment moment) throws InterruptedException {
        server.always(Script.empty().write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"));

        for (int number = 0; number < 3; number++) {
            callAndCancel(moment);
        }

        assertThat(server.connectionCount()).isEqualTo(1);
    }

    private Exchange callAndCancel(Moment moment) throws InterruptedException {
        call = new Call(moment);
        new CancellableConnector(connector.connector())
                .connect(HttpMethod.GET, server.uri(), ClientHttpRequest::setComplete)
                .subscribe(call);
        Exchange exchange = server.takeExchange(SOON);
        exchange.awaitFinished(SOON);
        call.cancelAtItsMoment();
        return exchange;
    }

    private final class HeadWatcher extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse) {
                call.reached(Moment.BEFORE_THE_HEAD_IS_HANDED_OVER);
            }
            context.fireChannelRead(message);
        }
    }

    private static final class Call implements CoreSubscriber<ClientHttpResponse> {

        private final Moment moment;
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile Subscription subscription;
        private volatile boolean cancelled;

        Call(Moment moment) {
            this.moment = moment;
        }

        /** Keeps the event loop, which must not block, until the call is cancelled. */
        void reached(Moment now) {
            if (now == moment) {
                reached.countDown();
                long deadline = System.nanoTime() + SOON.toNanos();
                boolean over = false;
                while (!over) {
                    over = cancelled || System.nanoTime() > deadline;
                }
            }
        }

        void cancelAtItsMoment() throws InterruptedException {
            assertThat(reached.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            subscription.cancel();
            cancelled = true;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(ClientHttpResponse response) {
            reached(Moment.AS_THE_HEAD_IS_HANDED_OVER);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
