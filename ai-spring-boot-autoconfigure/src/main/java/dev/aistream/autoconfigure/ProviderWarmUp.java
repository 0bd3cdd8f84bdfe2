package dev.aistream.autoconfigure;

import dev.aistream.provider.ProviderHttpClient;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Prepares the first call when the application is ready, on a thread of its own: neither the start nor that call waits
 * for the network's classes to load. Sends nothing.
 */
final class ProviderWarmUp implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ProviderWarmUp.class);

    private final List<ProviderHttpClient> clients;
    private volatile boolean closed;

    ProviderWarmUp(List<ProviderHttpClient> clients) {
        this.clients = List.copyOf(clients);
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Thread thread = new Thread(this::warmUp, "ai-stream-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void warmUp() {
        try {
            clients.forEach(ProviderHttpClient::warmUp);
        } catch (RuntimeException | LinkageError failure) {
            if (!closed) {
                log.warn("The connection to the providers could not be prepared; the first call tries again", failure);
            }
        }
    }

    @Override
    public void destroy() {
        closed = true;
    }
}
