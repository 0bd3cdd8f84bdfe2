package dev.aistream.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chaos.BufferLeaks;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a class whose tests lost one of Netty's buffers. */
final class NoBufferLeaks implements BeforeAllCallback, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(NoBufferLeaks.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(BufferLeaks.class, new BufferLeaks());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try (BufferLeaks leaks = context.getStore(NAMESPACE).get(BufferLeaks.class, BufferLeaks.class)) {
            assertThat(leaks.reports()).isEmpty();
        }
    }
}
