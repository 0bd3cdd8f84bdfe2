package dev.aistream.provider.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Joins the fragments of OpenRouter's {@code reasoning_details} to the list that has to go back: fragments of the same
 * type, index and id that follow each other are one detail. What is sealed always comes whole.
 */
final class ReasoningDetails {

    private static final Set<String> JOINED = Set.of("text", "summary", "data");

    private ReasoningDetails() {}

    static List<Object> join(List<?> fragments) {
        List<Object> details = new ArrayList<>();
        Map<String, Object> detail = Map.of();
        for (Object fragment : fragments) {
            if (fragment instanceof Map<?, ?> fields) {
                if (detail.isEmpty() || !continues(detail, fields)) {
                    detail = new LinkedHashMap<>();
                    details.add(detail);
                }
                add(detail, fields);
            }
        }
        for (Object joined : details) {
            asDetail(joined).replaceAll((name, value) -> value instanceof StringBuilder ? value.toString() : value);
        }
        return details;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asDetail(Object detail) {
        return (Map<String, Object>) detail;
    }

    private static boolean continues(Map<String, Object> detail, Map<?, ?> fragment) {
        Object id = detail.get("id");
        return Objects.equals(detail.get("type"), fragment.get("type"))
                && Objects.equals(detail.get("index"), fragment.get("index"))
                && (id == null || fragment.get("id") == null || id.equals(fragment.get("id")))
                && !"reasoning.encrypted".equals(detail.get("type"));
    }

    private static void add(Map<String, Object> detail, Map<?, ?> fragment) {
        fragment.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value instanceof String text && JOINED.contains(name)) {
                if (detail.get(name) instanceof StringBuilder joined) {
                    joined.append(text);
                } else {
                    detail.put(name, new StringBuilder(text));
                }
            } else if (value != null) {
                detail.put(name, value);
            }
        });
    }
}
