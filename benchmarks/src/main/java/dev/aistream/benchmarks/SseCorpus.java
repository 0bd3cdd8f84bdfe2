package dev.aistream.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Event streams as OpenAI sends them: one chunk of the answer an event. */
public enum SseCorpus {

    /** English words, events of about 270 bytes. */
    ASCII(" token", " stream", " of", " the", " answer", ",", " and", " words"),

    /** The same with a sentence of Chinese in each event, so that most bytes are beyond ASCII. */
    CJK(
            "\u670d\u52a1\u5668\u628a\u6bcf\u4e00\u4e2a\u8bcd\u90fd\u9a6c\u4e0a\u53d1\u7ed9\u6d4f\u89c8\u5668"
                            .repeat(12)
                    + "\u3002",
            "\u8bf7\u6ce8\u610f\uff1a\u6a21\u578b\u4ecd\u5728\u751f\u6210\u7b54\u6848\uff0c\u8bf7\u7a0d\u5019"
                            .repeat(12)
                    + "\u3002");

    private final String[] fragments;

    SseCorpus(String... fragments) {
        this.fragments = fragments;
    }

    /** About so many bytes of whole events. */
    byte[] bytes(int size) {
        Random random = new Random(270);
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + 1024);
        while (out.size() < size) {
            out.writeBytes(event(fragments[random.nextInt(fragments.length)]).getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    private static String event(String content) {
        return "data: {\"id\":\"chatcmpl-BzKq4mXoN7T2vYw8RjPd6LsHfAeCu\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1753358800,\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\","
                + "\"system_fingerprint\":\"fp_34a54ae93c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + content
                + "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
    }
}
