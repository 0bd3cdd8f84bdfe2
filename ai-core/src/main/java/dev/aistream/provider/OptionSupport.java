package dev.aistream.provider;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider does with one of the {@link ChatOptions}. Each provider declares a list with one entry per option:
 * its request mapper acts on it, and the table in {@code docs/providers.md} is held equal to it.
 *
 * @param option name of the component of {@link ChatOptions}
 * @param treatment what happens to it
 * @param detail the field it is sent as, or why it is not sent
 */
public record OptionSupport(String option, Treatment treatment, String detail) {

    /** What happens to an option that a request sets. */
    public enum Treatment {
        /** It is sent. */
        MAPPED,
        /** It is left out, and the result carries a warning. */
        WARNED,
        /** The request fails before anything is sent. */
        REFUSED
    }

    public static OptionSupport mapped(String option, String field) {
        return new OptionSupport(option, Treatment.MAPPED, field);
    }

    public static OptionSupport warned(String option, String reason) {
        return new OptionSupport(option, Treatment.WARNED, reason);
    }

    public static OptionSupport refused(String option, String reason) {
        return new OptionSupport(option, Treatment.REFUSED, reason);
    }

    /**
     * Warns about what these options set and the provider does not take.
     * @param supports one entry per option
     * @param options what is asked for
     * @param provider name of the provider
     * @param warnings takes one sentence for each
     * @throws ChatException of kind {@code INVALID_REQUEST} if an option is refused
     */
    public static void check(
            List<OptionSupport> supports, ChatOptions options, String provider, List<String> warnings) {
        for (OptionSupport support : supports) {
            if (support.treatment == Treatment.MAPPED || !isSet(options, support.option)) {
                continue;
            }
            if (support.treatment == Treatment.REFUSED) {
                throw ChatException.builder(
                                ChatException.Kind.INVALID_REQUEST,
                                support.option + " is refused by " + provider + ": " + support.detail + ".")
                        .param(support.option)
                        .build();
            }
            warnings.add(support.option + " is not sent: " + support.detail);
        }
    }

    private static boolean isSet(ChatOptions options, String option) {
        @Nullable
        Object value = switch (option) {
            case "maxTokens" -> options.maxTokens();
            case "temperature" -> options.temperature();
            case "topP" -> options.topP();
            case "topK" -> options.topK();
            case "frequencyPenalty" -> options.frequencyPenalty();
            case "presencePenalty" -> options.presencePenalty();
            case "stop" -> options.stop().isEmpty() ? null : options.stop();
            case "seed" -> options.seed();
            case "responseFormat" -> options.responseFormat();
            case "toolChoice" -> options.toolChoice();
            case "parallelToolCalls" -> options.parallelToolCalls();
            case "reasoningEffort" -> options.reasoningEffort();
            case "additional" -> options.additional().isEmpty() ? null : options.additional();
            default -> throw new IllegalArgumentException("No such option: " + option);
        };
        return value != null;
    }
}
