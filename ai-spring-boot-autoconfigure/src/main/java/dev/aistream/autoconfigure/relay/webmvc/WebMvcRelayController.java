package dev.aistream.autoconfigure.relay.webmvc;

import dev.aistream.AiStreamingTemplate;
import dev.aistream.autoconfigure.relay.RelayGate;
import dev.aistream.autoconfigure.relay.RelayProblems;
import dev.aistream.autoconfigure.relay.RelayRequestException;
import dev.aistream.autoconfigure.relay.RelayRequests;
import dev.aistream.chat.ChatException;
import dev.aistream.chat.ChatRequest;
import dev.aistream.relay.RelayHead;
import dev.aistream.relay.StreamRelay;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The endpoint that browsers ask, on the servlet stack. */
@RestController
@RequestMapping("${ai.relay.path:/stream}")
final class WebMvcRelayController {

    private final AiStreamingTemplate template;
    private final StreamRelay streamRelay;
    private final WebMvcStreamRelay relay;
    private final RelayRequests requests;
    private final RelayGate gate;

    WebMvcRelayController(
            AiStreamingTemplate template,
            StreamRelay streamRelay,
            WebMvcStreamRelay relay,
            RelayRequests requests,
            RelayGate gate) {
        this.template = template;
        this.streamRelay = streamRelay;
        this.relay = relay;
        this.requests = requests;
        this.gate = gate;
    }

    /** For {@code EventSource}. One that reconnects is told to stop: its answer would be generated again. */
    @GetMapping
    ResponseEntity<SseEmitter> get(
            @RequestParam Map<String, String> parameters,
            @RequestHeader HttpHeaders headers,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            return ResponseEntity.status(HttpStatus.METHOD_NOT_ALLOWED)
                    .allow(HttpMethod.GET, HttpMethod.POST)
                    .build();
        }
        requests.requireSameSite(headers, allowedByCors(response));
        requests.requireNoOtherOrigin(headers, allowedByCors(response));
        requests.requireEventStream(headers);
        if (headers.containsHeader("Last-Event-ID")) {
            return ResponseEntity.noContent().build();
        }
        String user = user(request);
        return ResponseEntity.ok(relay(requests.fromQuery(parameters, user), RelayHead.AT_ONCE, user));
    }

    /** For {@code fetch}. */
    @PostMapping
    SseEmitter post(@RequestHeader HttpHeaders headers, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        requests.requireSameSite(headers, allowedByCors(response));
        requests.requireJson(headers);
        String user = user(request);
        byte[] body = requests.read(request.getInputStream());
        return relay(requests.fromJson(body, user), RelayHead.AWAITS_FIRST_EVENT, user);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RelayRequestException refused) {
        return RelayProblems.of(refused);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(ChatException failure) {
        return RelayProblems.of(failure, streamRelay.retry());
    }

    private SseEmitter relay(ChatRequest question, RelayHead head, @Nullable String user) {
        Runnable over = gate.enter(user);
        try {
            return relay.toEmitter(template.stream(question), head, over);
        } catch (RuntimeException failure) {
            over.run();
            throw failure;
        }
    }

    private static @Nullable String user(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    private static boolean allowedByCors(HttpServletResponse response) {
        return response.getHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN) != null;
    }
}
