package dev.aistream;

import dev.aistream.chat.ChatModel;
import dev.aistream.chat.ChatRequest;
import java.util.Objects;

/** A model that a call may try: who to ask, how often, and the request made out to it. */
record Candidate(ChatModel model, CallPolicy policy, ChatRequest request) {

    String provider() {
        return model.name();
    }

    boolean asksTheSameAs(Candidate other) {
        return provider().equals(other.provider())
                && Objects.equals(request.model(), other.request().model());
    }
}
