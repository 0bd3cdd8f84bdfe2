package dev.aistream.provider;

import java.util.HashSet;
import java.util.Set;

/**
 * Ids of the tool calls of one answer, each used once: what a provider leaves out is made up, what it uses twice is told
 * apart.
 *
 * <p>Not thread-safe: one instance per answer.
 */
public final class CallIds {

    private final Set<String> used = new HashSet<>();

    /**
     * The id of the next call.
     * @param given the provider's, empty where it sends none
     */
    public String next(String given) {
        String wanted = given.isEmpty() ? "call-" + used.size() : given;
        String id = wanted;
        for (int number = 2; !used.add(id); number++) {
            id = wanted + "-" + number;
        }
        return id;
    }
}
