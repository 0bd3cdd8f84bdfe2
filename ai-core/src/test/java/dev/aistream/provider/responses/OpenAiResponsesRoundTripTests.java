package dev.aistream.provider.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.ToolChoice;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Json;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.WireText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenAiResponsesRoundTripTests {

    private final OpenAiResponsesRequestMapper mapper =
            new OpenAiResponsesRequestMapper(OpenAiResponsesOptions.builder().build());

    private static DecodedAnswer decode(String name) {
        return DecodedAnswer.of(
                OpenAiResponsesRecordedStreamsTests.decoder(), WireText.bytes("responses/" + name + ".sse"));
    }

    private JsonNode input(List<Message> messages) {
        return Json.of(mapper.map(ChatRequest.builder().messages(messages).build())
                        .body())
                .get("input");
    }

    /** The second request of a recorded conversation with a tool. */
    @Test
    @EnabledIf("dev.aistream.provider.Recordings#exist")
    void sendsACallAndItsResultAsTheRecordedClientDid() {
        JsonNode recorded = Recordings.named(
                        "azure/fantasy__TestAzureResponsesWithSummaryThinking__azure-gpt-5-mini__thinking-streaming__i1.sse")
                .request();
        ToolCall call = new ToolCall("call_ylSv4Nh5Sjuh7A6vOintVfwF", "weather", "{\"location\":\"Florence, Italy\"}");
        ToolDefinition weather = new ToolDefinition(
                "weather",
                "Get weather information for a location",
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of("location", Map.of("type", "string", "description", "the city")),
                        "required",
                        List.of("location")),
                false);

        JsonNode sent = Json.of(new OpenAiResponsesRequestMapper(
                        OpenAiResponsesOptions.builder().store(false).build())
                .map(ChatRequest.builder()
                        .model("gpt-5-mini")
                        .messages(
                                Message.system("You are a helpful assistant"),
                                Message.user("What's the weather in Florence, Italy?"),
                                new Message.Assistant(List.of(new Content.ToolUse(call))),
                                Message.toolResult(call, "40 C"))
                        .tools(weather)
                        .toolChoice(ToolChoice.AUTO)
                        .reasoningEffort("high")
                        .additional("reasoning", Map.of("summary", "auto"))
                        .build())
                .body());

        // The recorded client calls the instructions' role by its newer name; the API takes both.
        ((ObjectNode) sent.at("/input/0")).put("role", "developer");
        assertThat((Object) sent).isEqualTo(recorded);
    }

    @Test
    void sendsItemsBackAsTheyCame() {
        List<Content> content = new ArrayList<>(decode("reasoning-summary").content());
        content.addAll(decode("hosted-search").content());

        assertThat((Object) input(List.of(Message.user("Hi"), new Message.Assistant(content))))
                .isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"input_text","text":"Hi"}]},
                 {"type":"reasoning","id":"rs_1","summary":[
                   {"type":"summary_text","text":"**Plan**"},{"type":"summary_text","text":"**Check**"}],
                  "encrypted_content":"c2VhbGVk"},
                 {"type":"message","role":"assistant","id":"msg_1","status":"completed","phase":"final_answer",
                  "content":[{"type":"output_text","text":"42","annotations":[]}]},
                 {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"rust"}},
                 {"type":"message","role":"assistant","id":"msg_1","status":"completed",
                  "content":[{"type":"output_text","text":"Rust is a language.","annotations":[
                    {"type":"url_citation","url":"https://rust.example","title":"Rust","start_index":0,"end_index":4}]}]}]"""));
    }

    @Test
    void sendsCallsAndResultsBack() {
        DecodedAnswer functions = decode("parallel-calls");
        DecodedAnswer custom = decode("custom-tool");
        List<Message> conversation =
                new ArrayList<>(List.of(Message.user("Hi"), functions.message(), custom.message()));
        conversation.add(new Message.ToolResult("call_2", "time", "noon", false));
        conversation.add(new Message.ToolResult("call_1", "sql", "1 row", false));

        assertThat((Object) input(conversation)).isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"input_text","text":"Hi"}]},
                 {"type":"reasoning","id":"rs_1","summary":[]},
                 {"type":"function_call","id":"fc_1","status":"completed","call_id":"call_1","name":"weather","arguments":"{\\"city\\":\\"Rome\\"}"},
                 {"type":"function_call","id":"fc_2","status":"completed","call_id":"call_2","name":"time","arguments":"{\\"zone\\":\\"CET\\"}"},
                 {"type":"custom_tool_call","id":"ctc_1","status":"completed","call_id":"call_1","name":"sql","input":"SELECT 1"},
                 {"type":"function_call_output","call_id":"call_2","output":"noon"},
                 {"type":"custom_tool_call_output","call_id":"call_1","output":"1 row"}]"""));
    }
}
