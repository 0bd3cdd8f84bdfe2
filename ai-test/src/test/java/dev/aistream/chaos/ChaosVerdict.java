package dev.aistream.chaos;

import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatException.Kind;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.Usage;
import dev.aistream.reference.ReferenceAnswer;
import dev.aistream.reference.ReferenceAnswer.Ending;
import dev.aistream.reference.References;
import dev.aistream.test.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds what a reader got against what the delivered bytes say: text, reasoning, refusal and ending of every format, and
 * of Chat Completions calls, finish reason and usage as well.
 */
final class ChaosVerdict {

    private static final Comparator<JsonNode> NUMBERS_BY_VALUE = (left, right) -> {
        boolean numbers = left.isNumber() && right.isNumber();
        boolean same = numbers ? left.decimalValue().compareTo(right.decimalValue()) == 0 : left.equals(right);
        return same ? 0 : 1;
    };

    private final ChaosRun run;
    private final byte[] delivered;
    private final StrictReader reader;
    private final Transcript transcript;
    private final boolean chat;
    private final ReferenceAnswer expected;
    private final List<String> breaches = new ArrayList<>();

    ChaosVerdict(ChaosRun run, byte[] delivered, StrictReader reader) {
        this.run = run;
        this.delivered = delivered;
        this.reader = reader;
        this.transcript = reader.transcript();
        this.chat = run.body().api().equals("chat");
        this.expected =
                References.read(run.body().api(), delivered, reader.isOver()).orElseThrow();
    }

    List<String> breaches() {
        checkDelivery();
        if (reader.isOver()) {
            breaches.addAll(transcript.violations());
            checkContent();
            if (!isMalformedUnseen()) {
                checkEnding();
            }
        } else {
            checkPrefix();
        }
        return breaches;
    }

    /** Nothing is delivered that was not sent; all of it is, unless the stream ended before or RST dropped it. */
    private void checkDelivery() {
        boolean prefix = delivered.length <= run.sent().length
                && Arrays.equals(delivered, Arrays.copyOf(run.sent(), delivered.length));
        if (!prefix) {
            breaches.add("delivered bytes that were not sent");
        }
        boolean mayBeShort = run.fault() == Fault.RST || run.fault() == Fault.CANCEL;
        boolean tornOff = !mayBeShort && expected.ending() == Ending.INTERRUPTED && !isMalformedUnseen();
        if (tornOff && delivered.length < run.sent().length) {
            breaches.add("only " + delivered.length + " bytes of " + run.sent().length + " were delivered");
        }
    }

    private void checkContent() {
        compare("text", wellFormed(expected.text()), transcript.text());
        compare("reasoning", wellFormed(expected.reasoning()), transcript.reasoning());
        compare("refusal", wellFormed(expected.refusal()), Objects.requireNonNullElse(transcript.refusal(), ""));
        if (chat) {
            compare("calls", expected.calls(), calls());
        }
    }

    /** Half of a pair at the very end is left out: the other half may have been torn off. */
    private String wellFormed(String text) {
        boolean cut = expected.ending() != Ending.COMPLETE
                && !text.isEmpty()
                && Character.isHighSurrogate(text.charAt(text.length() - 1));
        return cut ? text.substring(0, text.length() - 1) : text;
    }

    private void checkPrefix() {
        if (!expected.text().startsWith(transcript.text())
                || !expected.reasoning().startsWith(transcript.reasoning())) {
            breaches.add("emitted what the delivered bytes do not say");
        }
    }

    private void checkEnding() {
        if (expected.ending() == Ending.COMPLETE) {
            if (transcript.failure() != null) {
                breaches.add("failed where the bytes are whole: " + transcript.failure());
                return;
            }
            ChatEvent.ResponseEnd end = transcript.end();
            if (chat) {
                compare("finish", expected.finish(), end.rawFinishReason());
            }
            if (chat && run.fault() != Fault.GARBAGE) {
                compareUsage(end.usage());
            }
        } else if (transcript.failure() instanceof ChatException failure) {
            checkKind(failure.kind());
        } else {
            breaches.add("completed where the bytes say " + expected.ending());
        }
    }

    private void compareUsage(Usage usage) {
        JsonNode said = expected.usage();
        JsonNode emitted = usage == null ? null : JsonMapper.shared().valueToTree(usage.raw());
        boolean same = said == null || emitted == null ? said == emitted : said.equals(NUMBERS_BY_VALUE, emitted);
        if (!same) {
            compare("usage", said, emitted);
        }
    }

    private void checkKind(Kind kind) {
        boolean same = switch (expected.ending()) {
            case INTERRUPTED -> kind == Kind.INTERRUPTED;
            case MALFORMED -> kind == Kind.MALFORMED;
            case FOREIGN -> kind == (run.endsProperly() ? Kind.NOT_EVENT_STREAM : Kind.INTERRUPTED);
            case PROVIDER_ERROR -> kind == Kind.PROVIDER_ERROR;
            case WITHHELD -> kind == Kind.CONTENT_FILTERED;
            case COMPLETE -> false;
        };
        if (!same) {
            breaches.add("failed as " + kind + " where the bytes say " + expected.ending());
        }
    }

    /** What was wrong with pieces of arguments is out of the reference's sight. */
    private boolean isMalformedUnseen() {
        return expected.streamedArguments()
                && run.fault() == Fault.GARBAGE
                && transcript.failure() instanceof ChatException failure
                && failure.kind() == Kind.MALFORMED;
    }

    /** As the reference tells them: an id that we made up stands for one that never came. */
    private List<String> calls() {
        List<String> told = new ArrayList<>();
        for (ToolCall call : transcript.toolCalls()) {
            boolean madeUp = told.size() < expected.calls().size()
                    && expected.calls().get(told.size()).startsWith(" ");
            told.add((madeUp ? "" : call.id()) + " " + call.name() + " " + call.arguments());
        }
        return told;
    }

    private void compare(String what, Object said, Object emitted) {
        if (!Objects.equals(said, emitted)) {
            breaches.add(what + ": the bytes say <" + said + ">, emitted was <" + emitted + ">");
        }
    }
}
