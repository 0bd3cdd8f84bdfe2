package dev.aistream.provider;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of requests, compared as trees. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    public static JsonNode of(byte[] json) {
        return MAPPER.readTree(json);
    }

    public static JsonNode of(String json) {
        return MAPPER.readTree(json);
    }
}
