package dev.aistream.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContentJoinerTests {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<String> seen = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new HttpResponseDecoder(), new ContentJoiner(), new ChannelInboundHandlerAdapter() {

                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    note(message);
                }

                @Override
                public void channelReadComplete(ChannelHandlerContext context) {
                    seen.add(".");
                }

                @Override
                public void channelInactive(ChannelHandlerContext context) {
                    seen.add("closed");
                }
            });

    private void note(Object message) {
        if (message instanceof HttpResponse) {
            seen.add("head");
        } else if (message instanceof HttpContent content) {
            String text = content.content().toString(US_ASCII);
            seen.add(
                    content.decoderResult().isFailure()
                            ? "malformed"
                            : content instanceof LastHttpContent ? "last" + text : text);
            content.release();
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void read(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @Test
    void chunksOfOneReadButTheFirstAreHandedOnInOnePiece() {
        read(HEAD + chunk("one ") + chunk("two ") + chunk("three"));
        read(chunk("four ") + chunk("five ") + chunk("six"));

        assertThat(seen).containsExactly("head", "one ", "two three", ".", "four ", "five six", ".");
    }

    @Test
    void aChunkNeverWaitsForTheNextRead() {
        read(HEAD);
        read(chunk("one"));
        read(chunk("two"));

        assertThat(seen).containsExactly("head", ".", "one", ".", "two", ".");
    }

    @Test
    void theEndComesAfterWhatWasJoined() {
        read(HEAD + chunk("one ") + chunk("two ") + chunk("three") + "0\r\n\r\n");

        assertThat(seen).containsExactly("head", "one ", "two three", "last", ".");
    }

    @Test
    void whatCameBeforeAMalformedChunkIsHandedOnFirst() {
        read(HEAD + chunk("one ") + chunk("two ") + chunk("three") + "zz\r\n");

        assertThat(seen.subList(0, 4)).containsExactly("head", "one ", "two three", "malformed");
    }

    @Test
    void piecesStayBounded() {
        String half = "x".repeat(10_000);
        read(HEAD + chunk("x") + chunk(half) + chunk(half) + chunk("y"));

        assertThat(seen).containsExactly("head", "x", half, half + "y", ".");
    }

    @Test
    void aPieceThatIsReadLateIsNotWrittenOver() {
        EmbeddedChannel late = new EmbeddedChannel(new HttpResponseDecoder(), new ContentJoiner());
        late.writeInbound(Unpooled.copiedBuffer(HEAD + chunk("1") + chunk("kept ") + chunk("by its reader"), US_ASCII));
        late.writeInbound(Unpooled.copiedBuffer(chunk("2") + chunk("the next ") + chunk("piece"), US_ASCII));

        assertThat(contents(late)).containsExactly("1", "kept by its reader", "2", "the next piece");
    }

    @Test
    void aPieceShowsNothingOfOneThatWasReleasedBefore() {
        EmbeddedChannel late = new EmbeddedChannel(new HttpResponseDecoder(), new ContentJoiner());
        late.writeInbound(Unpooled.copiedBuffer(HEAD + chunk("1") + chunk("a longer ") + chunk("piece"), US_ASCII));
        assertThat(contents(late)).containsExactly("1", "a longer piece");
        late.writeInbound(Unpooled.copiedBuffer(chunk("2") + chunk("a ") + chunk("piece"), US_ASCII));

        assertThat(contents(late)).containsExactly("2", "a piece");
    }

    /** What was handed on and not read yet, released now. */
    private static List<String> contents(EmbeddedChannel channel) {
        List<String> contents = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof HttpContent content) {
                contents.add(content.content().toString(US_ASCII));
                content.release();
            }
        }
        return contents;
    }

    @Test
    void theBytesInHandAreReleasedWithTheConnection() {
        ByteBuf bytes = Unpooled.copiedBuffer(HEAD + chunk("one") + chunk("two"), US_ASCII);
        channel.pipeline().fireChannelRead(bytes.retainedSlice());
        channel.pipeline().remove(ContentJoiner.class);
        channel.finishAndReleaseAll();

        assertThat(bytes.refCnt()).isOne();
        bytes.release();
    }
}
