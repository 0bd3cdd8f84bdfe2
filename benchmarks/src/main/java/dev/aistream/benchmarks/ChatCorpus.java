package dev.aistream.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** One answer of Chat Completions as OpenAI and others send it, {@value #CHUNKS} chunks of one kind. */
public enum ChatCorpus {

    /** English words. */
    ASCII("content", " stream", "", 0),

    /** Chinese. */
    CJK("content", "\u670d\u52a1\u5668\u628a\u6bcf\u4e00\u4e2a\u8bcd\u90fd\u9a6c\u4e0a", "", 0),

    /** With the padding that OpenAI hides lengths behind. */
    PADDED("content", " stream", ",\"obfuscation\":\"%s\"", 0),

    /** As DeepSeek and others send it. */
    REASONING("reasoning_content", " stream", "", 0),

    /** Another field changes with each chunk, so that no chunk repeats the one before. */
    VARYING("content", " stream", "", 1);

    /** Chunks in a body. */
    public static final int CHUNKS = 10_000;

    private final String field;
    private final String text;
    private final String after;
    private final int varies;

    ChatCorpus(String field, String text, String after, int varies) {
        this.field = field;
        this.text = text;
        this.after = after;
        this.varies = varies;
    }

    /** A body without its end. */
    public byte[] body() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(CHUNKS * 320);
        for (int i = 0; i < CHUNKS; i++) {
            String padding = String.format(after, "aB3xYz9Qw".substring(i % 9));
            out.writeBytes(("data: {\"id\":\"chatcmpl-BzKq4mXoN7T2vYw8RjPd6LsHfAeCu\",\"object\":"
                            + "\"chat.completion.chunk\",\"created\":" + (1753358800 + i * varies)
                            + ",\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\","
                            + "\"system_fingerprint\":\"fp_34a54ae93c\",\"choices\":[{\"index\":0,\"delta\":{\"" + field
                            + "\":\"" + text + "\"},\"logprobs\":null,\"finish_reason\":null}]" + padding + "}\n\n")
                    .getBytes(UTF_8));
        }
        return out.toByteArray();
    }
}
