package dev.aistream.autoconfigure;

import java.util.Locale;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property is missing, and how to do without. */
final class MissingApiKeyFailureAnalyzer extends AbstractFailureAnalyzer<MissingApiKeyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingApiKeyException cause) {
        String property = cause.prefix() + ".api-key";
        String variable = property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
        String description = cause.placeholder() == null
                ? "The provider '%s' takes no call without a key, and '%s' is not set."
                        .formatted(cause.provider(), property)
                : "The provider '%s' takes no call without a key, and '%s' is %s, which nothing resolves."
                        .formatted(cause.provider(), property, cause.placeholder());
        String action = """
                Do one of these:

                    - set '%s' (or the environment variable %s)
                    - declare a bean of type dev.aistream.provider.ApiKeySupplier, for keys that rotate
                    - set '%s.base-url' if another server answers, which may need no key
                    - set 'ai.provider=simulated' to go without key and network
                    - set 'ai.enabled=false' to switch everything off
                """.formatted(property, variable, cause.prefix()).stripTrailing();
        return new FailureAnalysis(description, action, cause);
    }
}
