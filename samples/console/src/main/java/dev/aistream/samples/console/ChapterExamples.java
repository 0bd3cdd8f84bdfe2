package dev.aistream.samples.console;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.ChatStream;
import dev.aistream.chat.ChatEvent;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.ToolDefinition;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The examples of the streaming chapter, in Java. The README quotes the regions between the snippet comments. */
final class ChapterExamples {

    private final AiStreamingTemplate ai;
    private final PrintStream out;

    ChapterExamples(AiStreamingTemplate ai, PrintStream out) {
        this.ai = ai;
        this.out = out;
    }

    Flux<String> basic() {
        // snippet: basic
        Flux<String> words = ai.stream("Write a short story about a robot learning to paint.")
                .text();
        // end
        return words;
    }

    void blocking() {
        // snippet: blocking
        ChatStream answer = ai.stream("Explain how streaming works in LLMs.");
        try (Stream<String> words = answer.toStream()) {
            words.forEach(out::print);
        }
        // end
    }

    ChatStream systemMessage() {
        // snippet: system
        ChatStream answer = ai.stream(ChatRequest.builder()
                .system("You are a helpful assistant that responds in the style of Shakespeare.")
                .prompt("Tell me about the weather today.")
                .build());
        // end
        return answer;
    }

    Mono<String> collecting() {
        // snippet: collecting
        Mono<String> haiku = ai.generate("Write a haiku about programming.").map(response -> response.text());
        // end
        return haiku;
    }

    ChatStream everyOption() {
        ToolDefinition weather = ToolDefinition.of(
                "weather",
                "The weather of a city",
                Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))));
        // snippet: options
        ChatStream answer = ai.stream(ChatRequest.builder()
                .model("gpt-4o-mini") // or provider/model, such as anthropic/claude-sonnet-4-5
                .prompt("Tell me about the weather in Rome")
                .maxTokens(200)
                .temperature(0.2)
                .tools(weather)
                .timeout(Duration.ofSeconds(30))
                .build());
        // end
        return answer;
    }

    Flux<String> events() {
        // snippet: events
        Flux<String> log = ai.stream("Explain SSE in one line").events().map(event -> {
            if (event instanceof ChatEvent.TextDelta delta) {
                return delta.text();
            }
            if (event instanceof ChatEvent.ResponseEnd end) {
                return " [" + end.finishReason() + "]";
            }
            return ""; // a minor release may add events
        });
        // end
        return log;
    }

    Flux<String> failureAtStart() {
        // snippet: failure-at-start
        Flux<String> joke = ai.open(ChatRequest.of("Tell me a joke."))
                .doOnError(ChatException.class, e -> out.println("Failed to start streaming: " + e.kind()))
                .flatMapMany(ChatStream::text);
        // end
        return joke;
    }

    Flux<String> failureMidway() {
        // snippet: failure-midway
        Flux<String> joke = ai.stream("Tell me a joke.")
                .text()
                .doOnNext(out::print)
                .onErrorResume(ChatException.class, e -> Flux.just(" [cut: " + e.kind() + ", " + e.advice() + "]"));
        // end
        return joke;
    }

    Flux<String> lines() {
        // snippet: lines
        Flux<String> languages = ai.stream("List 10 programming languages.")
                .text()
                .transform(ChapterExamples::byLine)
                .map(line -> "Language: " + line);
        // end
        return languages;
    }

    // snippet: by-line
    static Flux<String> byLine(Flux<String> fragments) {
        return Flux.defer(() -> {
            StringBuilder open = new StringBuilder();
            return fragments
                    .concatMapIterable(fragment -> {
                        List<String> lines = new ArrayList<>();
                        open.append(fragment);
                        for (int end = open.indexOf("\n"); end >= 0; end = open.indexOf("\n")) {
                            lines.add(open.substring(0, end));
                            open.delete(0, end + 1);
                        }
                        return lines;
                    })
                    .concatWith(Mono.fromSupplier(open::toString).filter(line -> !line.isEmpty()))
                    .filter(line -> !line.isBlank());
        });
    }
    // end
}
