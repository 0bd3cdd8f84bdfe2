package dev.aistream.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Streams for a machine without recordings, and for what recordings rarely hold: CRLF, comments, emoji, BOM. */
final class OwnBodies {

    private static final String TEXT = """
            : connected

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Grüße 👩‍👩‍👧 "}}]}

            : ping

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"\\ude00 end"},"finish_reason":null}]}

            data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}}

            data: [DONE]

            """;

    private static final String TOOLS = """
            data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm, "}}]}

            data: {"choices":[{"index":0,"delta":{"reasoning_content":"tools.","content":"I ask."}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function",\
            "function":{"name":"weather","arguments":""}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function",\
            "function":{"name":"time","arguments":"{\\"zone\\""}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":"}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":":\\"UTC\\"}"}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\\"Ulm\\"}"}}]}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """;

    static final List<ChaosBody> ALL = List.of(
            ChaosBody.ofChat("text", TEXT.getBytes(UTF_8)),
            ChaosBody.ofChat("text with BOM and CRLF", ("\uFEFF" + TEXT.replace("\n", "\r\n")).getBytes(UTF_8)),
            ChaosBody.ofChat("text with CR", TEXT.replace('\n', '\r').getBytes(UTF_8)),
            ChaosBody.ofChat("tools", TOOLS.getBytes(UTF_8)));

    private OwnBodies() {}
}
