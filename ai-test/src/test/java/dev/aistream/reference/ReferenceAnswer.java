package dev.aistream.reference;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a body says, found the slow way. */
public final class ReferenceAnswer {

    /** How the body ends. */
    public enum Ending {
        COMPLETE,
        INTERRUPTED,
        PROVIDER_ERROR,
        MALFORMED
    }

    /** A tool call; {@code key} is the wire's index. */
    static final class Call {
        final int key;
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();

        Call(int key) {
            this.key = key;
        }

        @Override
        public String toString() {
            return id + " " + name + " " + arguments;
        }
    }

    final StringBuilder text = new StringBuilder();
    final StringBuilder reasoning = new StringBuilder();
    final StringBuilder refusal = new StringBuilder();
    final List<Call> calls = new ArrayList<>();
    String finish;
    JsonNode usage;
    Ending ending = Ending.INTERRUPTED;

    public String text() {
        return text.toString();
    }

    public String reasoning() {
        return reasoning.toString();
    }

    public String refusal() {
        return refusal.toString();
    }

    /** {@code id name arguments} of each call. */
    public List<String> calls() {
        return calls.stream().map(Call::toString).toList();
    }

    public String finish() {
        return finish;
    }

    public JsonNode usage() {
        return usage;
    }

    public Ending ending() {
        return ending;
    }
}
