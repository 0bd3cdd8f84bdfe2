package dev.aistream.chaos;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * Collects what Netty's leak detector says from its construction on. The detector speaks only when a lost buffer has
 * been garbage collected and another is allocated, so {@link #reports} loses one on purpose and waits for its report:
 * what was lost before it has been told by then.
 */
public final class BufferLeaks implements AutoCloseable {

    private static final String CANARY = "canary of BufferLeaks";
    /** The detector reports the same story only once. */
    private static final AtomicInteger CANARIES = new AtomicInteger();

    private static final int ROUNDS = 200;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    public BufferLeaks() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("run with -Dio.netty.leakDetection.level=paranoid");
        }
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    /** Every report but that of the buffer lost here. */
    public List<String> reports() {
        lose();
        for (int round = 0;
                round < ROUNDS && messages().stream().noneMatch(report -> report.contains(CANARY));
                round++) {
            System.gc();
            for (int i = 0; i < 64; i++) {
                PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
        List<String> messages = messages();
        if (messages.stream().noneMatch(report -> report.contains(CANARY))) {
            throw new AssertionError("the leak detector did not report a buffer that was lost on purpose");
        }
        return messages.stream().filter(report -> !report.contains(CANARY)).toList();
    }

    private static void lose() {
        ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        lost.touch(CANARY + ' ' + CANARIES.incrementAndGet());
    }

    private synchronized List<String> messages() {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.setAdditive(true);
        logger.detachAppender(appender);
    }
}
