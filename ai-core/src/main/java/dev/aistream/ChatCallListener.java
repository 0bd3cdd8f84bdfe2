package dev.aistream;

import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatResponse;
import dev.aistream.chat.FinishReason;
import dev.aistream.chat.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Told how calls go: for meters, logs and alarms. It sees neither prompts nor answers.
 *
 * <p>Called on the thread of the signal, a network thread as a rule: it must not block. What it throws is logged
 * and changes nothing. A call that finds no provider, or the application stopping, is not told of.
 */
public interface ChatCallListener {

    /** A provider is about to be asked; it may still find that the request cannot be sent. */
    default void attemptStarted(Attempt attempt) {}

    /**
     * An attempt failed, the last one included.
     * @param failure why, without partial result
     */
    default void attemptFailed(Attempt attempt, ChatException failure) {}

    /**
     * The answer begins.
     * @param elapsed since the call was subscribed to, earlier attempts and pauses included
     */
    default void firstToken(Attempt attempt, Duration elapsed) {}

    /**
     * The call is over; nothing follows.
     * @param attempt the last one
     */
    default void ended(Attempt attempt, Outcome outcome) {}

    /**
     * One try at a call.
     *
     * @param callId the same for all attempts of a call, unique within the process
     * @param number from 1, fallbacks counted on
     * @param provider who is asked
     * @param model for which model; null for the provider's default
     * @param delay the pause before it
     */
    record Attempt(
            long callId,
            int number,
            String provider,
            @Nullable String model,
            Duration delay) {}

    /**
     * How a call ended: complete where {@code failure} is null, cancelled where its kind is {@code CANCELLED}.
     *
     * @param failure why it failed, without partial result
     * @param finishReason null where the answer did not come to its end
     * @param usage null where the provider did not say
     * @param attempts all that was tried
     * @param timings how long it took
     */
    record Outcome(
            @Nullable ChatException failure,
            @Nullable FinishReason finishReason,
            @Nullable Usage usage,
            List<ChatResponse.Attempt> attempts,
            ChatResponse.Timings timings) {

        public Outcome {
            attempts = List.copyOf(attempts);
        }
    }
}
