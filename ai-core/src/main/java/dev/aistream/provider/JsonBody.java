package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON object that a provider is sent: the mapper's fields, and the request's own
 * {@link dev.aistream.chat.ChatOptions#additional() additional} ones, which win over the mapper's of the same name.
 *
 * <p>Not thread-safe: one instance per request.
 */
public final class JsonBody {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final JsonGenerator generator;
    private final Map<String, @Nullable Object> additional;

    private JsonBody(Map<String, ?> additional, Set<String> ownFields, List<String> warnings) {
        this.additional = new LinkedHashMap<>(additional);
        for (String name : ownFields) {
            if (this.additional.containsKey(name)) {
                this.additional.remove(name);
                warnings.add(name + " is not sent: an additional field cannot replace it");
            }
        }
        this.generator = MAPPER.createGenerator(bytes);
    }

    /**
     * Writes an object.
     * @param additional the request's own fields
     * @param ownFields those of the mapper's that the request's cannot replace
     * @param warnings takes what of the request's fields is left out
     * @param fields writes the mapper's
     * @return its UTF-8 bytes
     * @throws ChatException of kind {@code INVALID_REQUEST} if a value cannot be written as JSON
     */
    public static byte[] write(
            Map<String, ?> additional, Set<String> ownFields, List<String> warnings, Consumer<JsonBody> fields) {
        JsonBody body = new JsonBody(additional, ownFields, warnings);
        try (JsonGenerator generator = body.generator) {
            generator.writeStartObject();
            fields.accept(body);
            body.additional.forEach(generator::writePOJOProperty);
            generator.writeEndObject();
        } catch (JacksonException unwritable) {
            // Its message may quote the prompt.
            throw ChatException.builder(
                            ChatException.Kind.INVALID_REQUEST, "The request holds a value that JSON cannot express.")
                    .build();
        }
        return body.bytes.toByteArray();
    }

    /** Writes a field, unless it is null or the request has its own of that name. */
    public void field(String name, @Nullable Object value) {
        if (value == null || additional.containsKey(name)) {
            return;
        }
        // Without a serializer where none is needed: the first one is felt in a JVM's first call.
        if (value instanceof String text) {
            generator.writeStringProperty(name, text);
        } else if (value instanceof Boolean flag) {
            generator.writeBooleanProperty(name, flag);
        } else {
            generator.writePOJOProperty(name, value);
        }
    }

    /** Writes a field of any size straight to the output, unless the request has its own of that name. */
    public void field(String name, Consumer<JsonGenerator> value) {
        if (!additional.containsKey(name)) {
            generator.writeName(name);
            value.accept(generator);
        }
    }

    /** Writes an object made of the mapper's members and the request's own, which win; nothing if there are none. */
    public void object(String name, Map<String, ?> members) {
        if (additional.containsKey(name) && !(additional.get(name) instanceof Map)) {
            return;
        }
        Map<String, @Nullable Object> merged = new LinkedHashMap<>(members);
        if (additional.remove(name) instanceof Map<?, ?> own) {
            own.forEach((member, value) -> merged.put(String.valueOf(member), value));
        }
        if (!merged.isEmpty()) {
            generator.writePOJOProperty(name, merged);
        }
    }

    /** The request's own elements of an array that the mapper writes; from now on that field is the mapper's. */
    public List<?> takeElements(String name) {
        if (!(additional.get(name) instanceof List<?> own)) {
            return Collections.emptyList();
        }
        additional.remove(name);
        return own;
    }

    /** The request's own members of an object that the mapper writes; from now on that field is the mapper's. */
    public Map<?, ?> takeMembers(String name) {
        if (!(additional.get(name) instanceof Map<?, ?> own)) {
            return Collections.emptyMap();
        }
        additional.remove(name);
        return own;
    }

    /** The request's own value of a field, null if it has none. */
    public @Nullable Object own(String name) {
        return additional.get(name);
    }
}
