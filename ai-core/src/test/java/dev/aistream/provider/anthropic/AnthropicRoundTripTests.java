package dev.aistream.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aistream.chat.ChatRequest;
import dev.aistream.chat.Content;
import dev.aistream.chat.Message;
import dev.aistream.chat.ToolCall;
import dev.aistream.chat.ToolDefinition;
import dev.aistream.provider.DecodedAnswer;
import dev.aistream.provider.Json;
import dev.aistream.provider.Recordings;
import dev.aistream.provider.Recordings.Recording;
import dev.aistream.provider.WireText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

class AnthropicRoundTripTests {

    private static final int KEPT_CHARACTERS = 4000;
    private static final int CUT_TO = 200;

    private final AnthropicRequestMapper mapper =
            new AnthropicRequestMapper(AnthropicOptions.builder().build());

    /** The second request of a recorded conversation sends back an answer full of searches, thinking and text. */
    @Test
    @EnabledIf("dev.aistream.provider.Recordings#exist")
    void sendsAPausedTurnBackAsTheRecordedClientDid() {
        String conversation = "anthropic/pydantic-ai__test_pause_turn_web_search_streaming_vcr__i";
        Recording first = Recordings.named(conversation + "0.sse");
        JsonNode recorded = Recordings.named(conversation + "1.sse").request();
        DecodedAnswer answer = DecodedAnswer.of(AnthropicRecordedStreamsTests.decoder(), first.body());

        JsonNode sent = Json.of(mapper.map(ChatRequest.builder()
                        .model("claude-sonnet-4-5")
                        .messages(
                                Message.user(recorded.at("/messages/0/content/0/text")
                                        .asString()),
                                answer.message())
                        .maxTokens(15000)
                        .additional("thinking", Map.of("type", "enabled", "budget_tokens", 4096))
                        .additional("tools", List.of(Map.of("type", "web_search_20250305", "name", "web_search")))
                        .build())
                .body());

        assertThat((Object) comparable(sent)).isEqualTo(comparable(recorded));
    }

    /**
     * What the recording changed is changed in both: long strings are cut, typographic signs made ASCII. The recorded
     * client left out {@code caller} and wrote nulls.
     */
    private static JsonNode comparable(JsonNode node) {
        if (node.isString()) {
            String text =
                    node.stringValue().replace('–', '-').replace('’', '\'').replace('‘', '\'');
            boolean cut = text.length() > KEPT_CHARACTERS || text.endsWith(" chars cut]");
            return StringNode.valueOf(cut ? text.substring(0, CUT_TO) : text);
        }
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                if (object.get(name).isNull() || name.equals("caller")) {
                    object.remove(name);
                } else {
                    object.set(name, comparable(object.get(name)));
                }
            }
        } else if (node.isArray()) {
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(element -> elements.add(comparable(element)));
            return node.asArray().removeAll().addAll(elements);
        }
        return node;
    }

    @Test
    void sendsCallsAndResultsBack() {
        DecodedAnswer answer = DecodedAnswer.of(
                AnthropicRecordedStreamsTests.decoder(), WireText.bytes("anthropic/interleaved-tools.sse"));
        List<Message> conversation = new ArrayList<>(List.of(Message.user("Weather, time and day?"), answer.message()));
        for (ToolCall call : answer.toolCalls()) {
            conversation.add(Message.toolResult(call, "result of " + call.name()));
        }

        JsonNode sent = Json.of(mapper.map(ChatRequest.builder()
                        .model("m")
                        .messages(conversation)
                        .tools(ToolDefinition.of("weather", "Weather", Map.of()))
                        .build())
                .body());

        assertThat((Object) sent.get("messages")).isEqualTo(Json.of("""
                [{"role":"user","content":[{"type":"text","text":"Weather, time and day?"}]},
                 {"role":"assistant","content":[
                   {"type":"text","text":"Both."},
                   {"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}},
                   {"type":"tool_use","id":"toolu_2","name":"time","input":{"zone":"CET"}},
                   {"type":"tool_use","id":"toolu_3","name":"today","input":{},"caller":{"type":"direct"}}]},
                 {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"toolu_1","content":"result of weather"},
                   {"type":"tool_result","tool_use_id":"toolu_2","content":"result of time"},
                   {"type":"tool_result","tool_use_id":"toolu_3","content":"result of today"}]}]"""));
    }

    @Test
    void sendsHostedToolsThoughtsAndCitationsBackUnchanged() {
        List<Content> content = new ArrayList<>();
        for (String stream : List.of("thinking", "hosted-search")) {
            content.addAll(DecodedAnswer.of(
                            AnthropicRecordedStreamsTests.decoder(), WireText.bytes("anthropic/" + stream + ".sse"))
                    .content());
        }

        JsonNode sent = Json.of(mapper.map(ChatRequest.builder()
                        .model("m")
                        .messages(Message.user("Hi"), new Message.Assistant(content))
                        .build())
                .body());

        assertThat((Object) sent.at("/messages/1/content")).isEqualTo(Json.of("""
                [{"type":"thinking","thinking":"Let me see.","signature":"c2lnbmVk"},
                 {"type":"redacted_thinking","data":"c2VhbGVk"},
                 {"type":"text","text":"42"},
                 {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"rust"}},
                 {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[
                   {"type":"web_search_result","title":"Rust","url":"https://rust.example","encrypted_content":"ZW5j","page_age":null}]},
                 {"type":"text","text":"Rust is a language.","citations":[
                   {"type":"web_search_result_location","url":"https://rust.example","title":"Rust","cited_text":"a language","encrypted_index":"aWR4"},
                   {"type":"web_search_result_location","url":"https://two.example","title":null,"cited_text":"too","encrypted_index":"Mg=="}]},
                 {"type":"server_tool_use","id":"srvtoolu_2","name":"web_search","input":{"query":"more"}}]"""));
    }
}
