package dev.aistream.samples.chat;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.webmvc.WebMvcStreamRelay;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

// A controller of one's own beside the starter's endpoint, as the README shows it.
// snippet: controller
@RestController
class AnswersController {

    private final AiStreamingTemplate ai;
    private final WebMvcStreamRelay relay;

    AnswersController(AiStreamingTemplate ai, WebMvcStreamRelay relay) {
        this.ai = ai;
        this.relay = relay;
    }

    @GetMapping("/answers")
    SseEmitter answers(@RequestParam String question) {
        return relay.toEmitter(ai.stream(question));
    }
}
// end
