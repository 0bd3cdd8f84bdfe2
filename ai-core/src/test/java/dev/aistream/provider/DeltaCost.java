package dev.aistream.provider;

import dev.aistream.chat.ChatEvent;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** What a decoder allocates for one event, counted by the JVM, so that a regression shows without a clock. */
public final class DeltaCost implements ChatEventSink {

    private static final int EVENTS = 20_000;

    private long events;

    private DeltaCost() {}

    /**
     * Bytes allocated for each of many equal events, what is handed out included.
     * @param prologue events that stand before them
     * @param event one event with its blank line, of which each must give one
     */
    public static double perEvent(Supplier<StreamDecoder> decoders, String prologue, String event) {
        byte[] body = event.repeat(EVENTS).getBytes(StandardCharsets.UTF_8);
        run(decoders.get(), prologue, body);
        StreamDecoder decoder = decoders.get();
        DeltaCost sink = new DeltaCost();
        decoder.decode(ByteBuffer.wrap((prologue + event).getBytes(StandardCharsets.UTF_8)), sink);
        long eventsBefore = sink.events;
        long before = allocated();
        feed(decoder, body, sink);
        long allocated = allocated() - before;
        if (sink.events - eventsBefore != EVENTS) {
            throw new AssertionError("expected " + EVENTS + " events, got " + (sink.events - eventsBefore));
        }
        return (double) allocated / EVENTS;
    }

    private static void run(StreamDecoder decoder, String prologue, byte[] body) {
        DeltaCost sink = new DeltaCost();
        decoder.decode(ByteBuffer.wrap(prologue.getBytes(StandardCharsets.UTF_8)), sink);
        feed(decoder, body, sink);
    }

    private static void feed(StreamDecoder decoder, byte[] body, DeltaCost sink) {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        for (int from = 0; from < body.length; from += 8192) {
            buffer.limit(Math.min(body.length, from + 8192)).position(from);
            decoder.decode(buffer, sink);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Override
    public void next(ChatEvent event) {
        events++;
    }

    @Override
    public void complete() {}
}
