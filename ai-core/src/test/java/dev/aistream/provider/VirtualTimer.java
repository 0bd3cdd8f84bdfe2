package dev.aistream.provider;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Netty's timer on Reactor's virtual time. */
record VirtualTimer(VirtualTimeScheduler time) implements Timer {

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        VirtualTimeout timeout = new VirtualTimeout(this, task);
        timeout.scheduled = time.schedule(timeout, delay, unit);
        return timeout;
    }

    @Override
    public Set<Timeout> stop() {
        throw new UnsupportedOperationException();
    }

    private static final class VirtualTimeout implements Timeout, Runnable {

        private final VirtualTimer timer;
        private final TimerTask task;
        private Disposable scheduled;
        private boolean expired;

        private VirtualTimeout(VirtualTimer timer, TimerTask task) {
            this.timer = timer;
            this.task = task;
        }

        @Override
        public void run() {
            expired = true;
            try {
                task.run(this);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Timer timer() {
            return timer;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return expired;
        }

        @Override
        public boolean isCancelled() {
            return scheduled.isDisposed();
        }

        @Override
        public boolean cancel() {
            scheduled.dispose();
            return !expired;
        }
    }
}
