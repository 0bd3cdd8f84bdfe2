package dev.aistream.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a body says, found the slow way. */
public final class ReferenceAnswer {

    /** How the body ends. */
    public enum Ending {
        COMPLETE,
        INTERRUPTED,
        PROVIDER_ERROR,
        WITHHELD,
        MALFORMED,
        /** It has ended without anything of its format. */
        FOREIGN
    }

    /** A tool call; {@code key} is the wire's index. It is told of once its name is known, or at the end. */
    static final class Call {
        final int key;
        int named = Integer.MAX_VALUE;
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
    int named;
    String finish;
    JsonNode usage;
    Ending ending = Ending.INTERRUPTED;
    boolean streamedArguments;

    public String text() {
        return text.toString();
    }

    public String reasoning() {
        return reasoning.toString();
    }

    public String refusal() {
        return refusal.toString();
    }

    /** {@code id name arguments} of each call, in the order in which their names came. */
    public List<String> calls() {
        return calls.stream()
                .filter(call -> ending == Ending.COMPLETE || !call.name.isEmpty())
                .sorted(Comparator.comparingInt(call -> call.named))
                .map(Call::toString)
                .toList();
    }

    public String finish() {
        return finish;
    }

    public JsonNode usage() {
        return usage;
    }

    /** Whether there are pieces of arguments, of which nothing is known here but that they may be wrong. */
    public boolean streamedArguments() {
        return streamedArguments;
    }

    public Ending ending() {
        return ending;
    }
}
