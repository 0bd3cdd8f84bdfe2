package dev.aistream.provider;

import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A request's messages as any provider can take them: without what only another provider understands, without calls
 * that were cut and their results, and with the results of a turn's calls before whatever else was said after it.
 */
public final class Conversation {

    private final String provider;
    private final List<String> warnings;
    private final List<Message> messages = new ArrayList<>();
    /** Ids of the calls that were cut. */
    private final Set<String> cut = new HashSet<>();

    private Conversation(String provider, List<String> warnings) {
        this.provider = provider;
        this.warnings = warnings;
    }

    /**
     * The messages to send.
     * @param provider name of the one that they go to
     * @param warnings takes a sentence for each piece that is left out; a result goes with its call, unmentioned
     */
    public static List<Message> sendable(List<Message> messages, String provider, List<String> warnings) {
        Conversation conversation = new Conversation(provider, warnings);
        messages.forEach(conversation::add);
        return conversation.messages;
    }

    private void add(Message message) {
        if (message instanceof Message.User user) {
            List<Content> content = sendable(user.content());
            add(content, content.equals(user.content()) ? user : new Message.User(content));
        } else if (message instanceof Message.Assistant assistant) {
            List<Content> content = sendable(assistant.content());
            add(content, content.equals(assistant.content()) ? assistant : new Message.Assistant(content));
        } else if (!(message instanceof Message.ToolResult result)) {
            messages.add(message);
        } else if (!cut.contains(result.callId())) {
            messages.add(placeOfResult(), result);
        }
    }

    /** A message of which nothing is left would be an empty turn. */
    private void add(List<Content> content, Message message) {
        if (!content.isEmpty()) {
            messages.add(message);
        }
    }

    private List<Content> sendable(List<Content> content) {
        return content.stream().filter(this::isSendable).toList();
    }

    private boolean isSendable(Content content) {
        if (content instanceof Content.Native piece && !piece.provider().equals(provider)) {
            warnings.add("A piece that only " + piece.provider() + " understands is not sent");
            return false;
        }
        if (content instanceof Content.ToolUse use && !use.call().complete()) {
            cut.add(use.call().id());
            warnings.add("A call of " + use.call().name() + " that was cut is not sent");
            return false;
        }
        return true;
    }

    private int placeOfResult() {
        int place = messages.size();
        while (place > 0
                && (messages.get(place - 1) instanceof Message.User
                        || messages.get(place - 1) instanceof Message.System)) {
            place--;
        }
        return place;
    }
}
