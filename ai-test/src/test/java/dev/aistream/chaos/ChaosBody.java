package dev.aistream.chaos;

import dev.aistream.test.Recording;

/**
 * A healthy body to be broken.
 *
 * @param api its wire format
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChaosBody(String name, String api, String contentType, byte[] bytes) {

    static ChaosBody of(Recording recording) {
        return new ChaosBody(recording.name(), recording.api(), recording.contentType(), recording.body());
    }

    static ChaosBody ofChat(String name, byte[] bytes) {
        return new ChaosBody(name, "chat", "text/event-stream", bytes);
    }
}
