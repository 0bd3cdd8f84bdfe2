package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the models that a request is meant for: the one it names, then the fallbacks. */
final class ModelRouter {

    private final Map<String, Registration> registrations;
    private final String defaultProvider;
    private final List<String> fallback;

    ModelRouter(Map<String, Registration> registrations, String defaultProvider, List<String> fallback) {
        this.registrations = new LinkedHashMap<>(registrations);
        this.defaultProvider = defaultProvider;
        this.fallback = List.copyOf(fallback);
    }

    /** The default provider, then the others as they were configured. */
    List<String> providers() {
        List<String> names = new ArrayList<>(registrations.keySet());
        names.remove(defaultProvider);
        names.add(0, defaultProvider);
        return names;
    }

    /**
     * What to try, in this order; never empty.
     * @throws ChatException of kind {@code INVALID_REQUEST} if the request names a provider that is not configured
     */
    List<Candidate> route(ChatRequest request) {
        Candidate first = request.provider() != null
                ? candidate(request, request.provider(), request.model(), request.headers())
                : byModelName(request, request.model(), request.headers());
        if (fallback.isEmpty()) {
            return List.of(first);
        }
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(first);
        for (String name : fallback) {
            Candidate next = byModelName(request, name, headersFor(name, first, request));
            if (candidates.stream().noneMatch(next::asksTheSameAs)) {
                candidates.add(next);
            }
        }
        return candidates;
    }

    private Candidate byModelName(ChatRequest request, @Nullable String name, Map<String, String> headers) {
        String prefix = providerIn(name);
        if (name == null || prefix == null) {
            return candidate(request, defaultProvider, name, headers);
        }
        String model = name.substring(prefix.length() + 1);
        return candidate(request, prefix, model.isEmpty() ? null : model, headers);
    }

    /** What stands before the first slash, if that is a provider of ours: model names hold slashes themselves. */
    private @Nullable String providerIn(@Nullable String name) {
        int slash = name == null ? -1 : name.indexOf('/');
        if (name == null || slash < 0) {
            return null;
        }
        String left = name.substring(0, slash);
        return registrations.containsKey(left) ? left : null;
    }

    /** A request's own headers may carry a key, which must not reach another provider. */
    private Map<String, String> headersFor(String fallbackName, Candidate first, ChatRequest request) {
        String prefix = providerIn(fallbackName);
        String provider = prefix != null ? prefix : defaultProvider;
        return provider.equals(first.provider()) ? request.headers() : Map.of();
    }

    private Candidate candidate(
            ChatRequest request, String provider, @Nullable String model, Map<String, String> headers) {
        Registration registration = registrations.get(provider);
        if (registration == null) {
            throw ChatException.builder(
                            Kind.INVALID_REQUEST,
                            "No provider '" + provider + "' is configured; there are: "
                                    + String.join(", ", providers()))
                    .build();
        }
        ChatRequest addressed = new ChatRequest(
                provider,
                model,
                request.system(),
                request.messages(),
                request.options(),
                request.tools(),
                headers,
                request.timeout(),
                request.maxLineLength(),
                request.retryInterval(),
                request.testMode(),
                request.includeUsage(),
                request.includeRaw());
        return new Candidate(registration.model(), registration.policy(), addressed);
    }

    /** A model, and how often to try it. */
    record Registration(ChatModel model, CallPolicy policy) {}
}
