package dev.aistream.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Passes on what {@link InvalidProvidersException} knows. */
final class InvalidProvidersFailureAnalyzer extends AbstractFailureAnalyzer<InvalidProvidersException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidProvidersException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
