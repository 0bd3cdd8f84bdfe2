package dev.aistream.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parser may allocate and keep, counted by the JVM, so that a regression shows without a clock. */
class SseParserCostTests {

    private static final String EVENT = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}],\"pad\":\""
            + "x".repeat(130) + "\"}\n\n";
    private static final String NAMED_EVENT =
            "event: content_block_delta\nid: 1\ndata: {\"type\":\"content_block_delta\"}\n\nevent: ping\ndata: {}\n\n";

    private static final int EVENTS = 20_000;

    private final Counter counter = new Counter();

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 271, 8192})
    void allocatesNothingPerEvent(int read) {
        assertThat(allocatedPerEvent(EVENT.repeat(EVENTS), read, false)).isLessThan(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 8192})
    void allocatesNothingPerEventFromDirectBuffers(int read) {
        assertThat(allocatedPerEvent(EVENT.repeat(EVENTS), read, true)).isLessThan(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8192})
    void allocatesNothingForTypesAndIdsThatComeAgain(int read) {
        assertThat(allocatedPerEvent(NAMED_EVENT.repeat(EVENTS / 2), read, false))
                .isLessThan(1);
    }

    @Test
    void keepsLittleForAStreamOfSmallEvents() {
        byte[] body = EVENT.repeat(3).getBytes(UTF_8);
        ByteBuffer chunk = ByteBuffer.allocateDirect(100);
        run(body, 100, chunk);

        long before = allocated();
        run(body, 100, chunk);

        assertThat(allocated() - before)
                .as("all that one parser ever allocated")
                .isLessThan(4096);
    }

    /** The timeout is no measurement: looking at the line again for each byte would take hours. */
    @Test
    @Timeout(60)
    void growsInProportionToALineFedByteByByte() {
        int length = 5 << 20;
        SseParser parser = new SseParser(length + 6);
        ByteBuffer one = ByteBuffer.wrap(new byte[1]);
        for (byte b : "data: ".getBytes(UTF_8)) {
            parser.feed(one.clear().put(0, b), counter);
        }
        one.put(0, (byte) 'x');

        long before = allocated();
        for (int i = 0; i < length; i++) {
            parser.feed(one.clear(), counter);
        }
        long allocated = allocated() - before;
        parser.feed(ByteBuffer.wrap("\n\n".getBytes(UTF_8)), counter);

        assertThat(counter.bytes).isEqualTo(length);
        assertThat(allocated).isLessThan(4L * length);
    }

    @Test
    void holdsAtMostTheLimitOfALineOfAGigabyte() {
        byte[] block = new byte[64 * 1024];
        Arrays.fill(block, (byte) 'x');
        SseParser parser = new SseParser(1 << 20);
        parser.feed(ByteBuffer.wrap("data: ".getBytes(UTF_8)), counter);

        long before = allocated();
        assertThatExceptionOfType(SseLimitException.class).isThrownBy(() -> {
            for (int i = 0; i < 16 * 1024; i++) {
                parser.feed(ByteBuffer.wrap(block), counter);
            }
        });

        assertThat(allocated() - before).isLessThan(3 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {": ", "<html>", "unknown: ", "{\"error\":", "error: "})
    void buffersNoCommentOrUnknownLineOfAGigabyte(String start) {
        byte[] block = new byte[64 * 1024];
        Arrays.fill(block, (byte) 'x');
        SseParser parser = new SseParser();
        parser.feed(ByteBuffer.wrap(start.getBytes(UTF_8)), counter);

        long before = allocated();
        ByteBuffer chunk = ByteBuffer.wrap(block);
        for (int i = 0; i < 16 * 1024; i++) {
            parser.feed(chunk.clear(), counter);
        }
        parser.feed(ByteBuffer.wrap("\ndata: after\n\n".getBytes(UTF_8)), counter);

        assertThat(allocated() - before).isLessThan(64 * 1024);
        assertThat(counter.events).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", ": ping\n", ":\n\n", "event: x\n\n", "id: 1\n", "unknown\n"})
    void takesAMillionLinesWithoutDataForNothing(String line) {
        byte[] thousand = line.repeat(1000).getBytes(UTF_8);
        SseParser parser = new SseParser();
        parser.feed(ByteBuffer.wrap(thousand), counter);

        long before = allocated();
        ByteBuffer chunk = ByteBuffer.wrap(thousand);
        for (int i = 0; i < 1000; i++) {
            parser.feed(chunk.clear(), counter);
        }
        parser.feed(ByteBuffer.wrap("data: after\n\n".getBytes(UTF_8)), counter);

        assertThat(allocated() - before).isLessThan(8 * 1024);
        assertThat(counter.events).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data:\n", "data: x\n"})
    void failsOnAnEventOfAMillionShortDataLines(String line) {
        byte[] thousand = line.repeat(1000).getBytes(UTF_8);
        SseParser parser = new SseParser(16 * 1024, 256 * 1024);

        long before = allocated();
        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        parser.feed(ByteBuffer.wrap(thousand), counter);
                    }
                })
                .satisfies(failure -> assertThat(failure.property()).isEqualTo("max-event-length"));

        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    @Test
    void letsGoOfTheMemoryOfOneLongLine() {
        GrowingBytes bytes = new GrowingBytes(1 << 20);
        bytes.append(new byte[1 << 20], 0, 1 << 20);
        bytes.clear();
        assertThat(bytes.bytes()).as("perhaps needed again").hasSize(1 << 20);

        bytes.append((byte) 'x');
        bytes.clear();
        assertThat(bytes.bytes()).isEmpty();
    }

    private double allocatedPerEvent(String body, int read, boolean direct) {
        byte[] bytes = body.getBytes(UTF_8);
        ByteBuffer chunk = direct ? ByteBuffer.allocateDirect(read) : ByteBuffer.allocate(read);
        // Interpreted code may allocate what compiled code does not.
        run(bytes, read, chunk);
        run(bytes, read, chunk);

        long before = allocated();
        run(bytes, read, chunk);
        long allocated = allocated() - before;

        assertThat(counter.events).isEqualTo(3 * EVENTS);
        return (double) Math.max(0, allocated - 8192) / EVENTS;
    }

    private void run(byte[] body, int read, ByteBuffer chunk) {
        SseParser parser = new SseParser();
        for (int from = 0; from < body.length; from += read) {
            chunk.clear().put(body, from, Math.min(read, body.length - from)).flip();
            parser.feed(chunk, counter);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static final class Counter implements SseHandler {

        private int events;
        private long bytes;

        @Override
        public void onEvent(String type, byte[] data, int offset, int length, String lastEventId) {
            events++;
            bytes += length;
        }
    }
}
