package dev.aistream.sse;

import java.util.ArrayList;
import java.util.List;

/**
 * The specification word by word, for comparison: the whole body at once, decoded to a String first, one character at a
 * time, no care for speed or memory. Reports to an {@link SseLog} what a parser without limits should.
 */
final class ReferenceSseParser {

    private final SseLog log = new SseLog();
    private final StringBuilder data = new StringBuilder();
    private String eventType = "";
    private String idBuffer = "";
    private String lastEventId = "";

    static SseLog parse(byte[] body) {
        ReferenceSseParser parser = new ReferenceSseParser();
        parser.run(decode(body));
        return parser.log;
    }

    private void run(String stream) {
        String text = stream.startsWith("\uFEFF") ? stream.substring(1) : stream;
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean secondHalfOfCrlf = c == '\n' && i > 0 && text.charAt(i - 1) == '\r';
            if (secondHalfOfCrlf) {
                continue;
            }
            if (c == '\n' || c == '\r') {
                line(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
    }

    private void line(String line) {
        if (line.isEmpty()) {
            dispatch();
        } else if (line.startsWith(":")) {
            log.onComment();
        } else if (line.contains(":")) {
            String value = line.substring(line.indexOf(':') + 1);
            field(line, line.substring(0, line.indexOf(':')), value.startsWith(" ") ? value.substring(1) : value);
        } else {
            field(line, line, "");
        }
    }

    private void field(String line, String name, String value) {
        switch (name) {
            case "event" -> eventType = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
            case "retry" -> {
                if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    log.onRetry(millis(value));
                }
            }
            default -> {
                // Ours, not the specification's.
                if ("{}[],\" \t".indexOf(line.charAt(0)) >= 0 || name.equals("error")) {
                    log.all.add(new SseLog.UnknownLine(line, false));
                }
            }
        }
    }

    private static long millis(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }

    private void dispatch() {
        lastEventId = idBuffer;
        if (!data.isEmpty()) {
            String joined = data.substring(0, data.length() - 1);
            log.all.add(new SseLog.Event(eventType.isEmpty() ? "message" : eventType, joined, lastEventId));
        }
        data.setLength(0);
        eventType = "";
    }

    /** The Encoding Standard's UTF-8 decoder, its variables and steps. */
    static String decode(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        List<Integer> queue = new ArrayList<>();
        for (byte b : bytes) {
            queue.add(b & 0xFF);
        }
        int codePoint = 0;
        int seen = 0;
        int needed = 0;
        int lower = 0x80;
        int upper = 0xBF;
        for (int i = 0; i < queue.size(); i++) {
            int b = queue.get(i);
            if (needed == 0) {
                if (b <= 0x7F) {
                    out.append((char) b);
                } else if (b >= 0xC2 && b <= 0xDF) {
                    needed = 1;
                    codePoint = b & 0x1F;
                } else if (b >= 0xE0 && b <= 0xEF) {
                    lower = b == 0xE0 ? 0xA0 : lower;
                    upper = b == 0xED ? 0x9F : upper;
                    needed = 2;
                    codePoint = b & 0xF;
                } else if (b >= 0xF0 && b <= 0xF4) {
                    lower = b == 0xF0 ? 0x90 : lower;
                    upper = b == 0xF4 ? 0x8F : upper;
                    needed = 3;
                    codePoint = b & 0x7;
                } else {
                    out.append('\uFFFD');
                }
                continue;
            }
            if (b < lower || b > upper) {
                codePoint = 0;
                needed = 0;
                seen = 0;
                lower = 0x80;
                upper = 0xBF;
                i--; // Restore the byte to the queue.
                out.append('\uFFFD');
                continue;
            }
            lower = 0x80;
            upper = 0xBF;
            codePoint = codePoint << 6 | b & 0x3F;
            if (++seen == needed) {
                out.appendCodePoint(codePoint);
                codePoint = 0;
                needed = 0;
                seen = 0;
            }
        }
        return needed > 0 ? out.append('\uFFFD').toString() : out.toString();
    }
}
