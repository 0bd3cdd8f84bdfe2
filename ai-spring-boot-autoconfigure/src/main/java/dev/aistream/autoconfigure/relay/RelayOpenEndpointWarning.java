package dev.aistream.autoconfigure.relay;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.ClassUtils;

/** Says once, at startup, that anybody may spend the owner's money. */
public final class RelayOpenEndpointWarning implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(RelayOpenEndpointWarning.class);

    private final String path;
    private final @Nullable ClassLoader classLoader;

    public RelayOpenEndpointWarning(String path, @Nullable ClassLoader classLoader) {
        this.path = path;
        this.classLoader = classLoader;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!ClassUtils.isPresent("org.springframework.security.core.Authentication", classLoader)) {
            log.warn(
                    "The relay endpoint {} is open to everybody, and each call costs money: Spring Security is not on"
                            + " the class path. Protect it, or remove ai.relay.enabled.",
                    path);
        }
    }
}
