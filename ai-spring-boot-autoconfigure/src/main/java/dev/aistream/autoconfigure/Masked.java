package dev.aistream.autoconfigure;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code toString} shows in place of secrets. */
final class Masked {

    private static final String MASK = "******";

    private Masked() {}

    static @Nullable String text(@Nullable String secret) {
        return secret == null ? null : MASK;
    }

    static String values(Collection<String> names) {
        return names.stream().sorted().map(name -> name + "=" + MASK).collect(Collectors.joining(", ", "{", "}"));
    }
}
