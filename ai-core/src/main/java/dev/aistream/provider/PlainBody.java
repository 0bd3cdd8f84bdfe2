package dev.aistream.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a proxy's text or HTML says, on one line. */
final class PlainBody {

    private static final int MAX_LENGTH = 200;
    private static final Pattern TITLE = Pattern.compile("<(title|h1)[^>]*>([^<]{1,300})<", Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP =
            Pattern.compile("^\\s*<(?:!doctype|html|head|body|\\?xml)", Pattern.CASE_INSENSITIVE);

    private PlainBody() {}

    /** The page's title, or the beginning of a text; empty where there is nothing to show. */
    static String summary(String body) {
        Matcher title = TITLE.matcher(body);
        if (title.find()) {
            return oneLine(title.group(2));
        }
        return MARKUP.matcher(body).find() ? "a page without a title" : oneLine(body);
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + '…';
    }
}
