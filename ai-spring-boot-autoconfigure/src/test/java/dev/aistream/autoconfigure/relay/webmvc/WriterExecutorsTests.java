package dev.aistream.autoconfigure.relay.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WriterExecutorsTests {

    @Test
    void poolGrowsWithStuckWritesOnly() throws Exception {
        WriterPool pool = new WriterPool("test-", 2, 8);
        CountDownLatch stuck = new CountDownLatch(1);
        Semaphore done = new Semaphore(0);
        try {
            for (int i = 0; i < 6; i++) {
                pool.execute(() -> await(stuck));
            }
            for (int i = 0; i < 1000; i++) {
                pool.execute(done::release);
            }

            assertThat(done.tryAcquire(1000, 10, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.largestSize()).isBetween(7, 8);
        } finally {
            stuck.countDown();
            pool.close();
        }
    }

    @Test
    void threadsThatStuckWritesNeededLeaveWhenTheyAreThrough() throws Exception {
        WriterPool pool = new WriterPool("test-", 2, 100);
        CountDownLatch stuck = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) {
            pool.execute(() -> await(stuck));
        }
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> pool.size() >= 50);

        stuck.countDown();

        // Long before they would have been idle for their time.
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> pool.size() <= 2);
        pool.close();
    }

    @Test
    void poolStaysSmallWhereWritesAreMerelyMany() throws Exception {
        WriterPool pool = new WriterPool("test-", 2, 100);
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < 100; i++) {
            pool.execute(done::release);
        }

        assertThat(done.tryAcquire(100, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.largestSize()).isLessThan(20);
        pool.close();
    }

    @Test
    void writesWaitWhereAllThreadsAreStuck() throws Exception {
        WriterPool pool = new WriterPool("test-", 2, 2);
        CountDownLatch stuck = new CountDownLatch(1);
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> await(stuck));
        }
        for (int i = 0; i < 10; i++) {
            pool.execute(done::release);
        }
        assertThat(done.availablePermits()).isZero();

        stuck.countDown();

        assertThat(done.tryAcquire(10, 10, TimeUnit.SECONDS)).isTrue();
        pool.close();
        assertThatThrownBy(() -> pool.execute(done::release)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void threadsAreVirtualWhereTheJvmHasThem() throws Exception {
        Executor threads = WriterExecutors.create(2);
        Semaphore done = new Semaphore(0);
        StringBuffer name = new StringBuffer();

        threads.execute(() -> {
            name.append(Thread.currentThread());
            done.release();
        });

        assertThat(done.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(name.toString()).contains("ai-relay-writer-");
        assertThat(name.toString().startsWith("VirtualThread"))
                .isEqualTo(Runtime.version().feature() >= 21);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
