// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import mica.base.Fault;

/**
 * A view as one HTML file that needs nothing else: style, script and facts are inside, and its content security policy lets it
 * load nothing, so that it works offline and tells nobody anything. The script and the style come bundled from the folder
 * {@code web} of the source tree.
 */
public final class Page {
    /** Entry of the bundle that shows one view. */
    private static final String VIEWS = "views.js";
    /** Entry of the bundle with the editor. */
    private static final String EXPLORER = "explorer.js";

    private Page() {}

    /**
     * The page of a view.
     *
     * @param view {@code ssa}, {@code size} or {@code explore}: what the facts' member {@code view} says
     * @param title shown by the browser until the script has a better one
     * @param json the facts, as docs/json.md describes them
     */
    public static String of(String view, String title, String json) {
        return of(title, view.equals("explore") ? EXPLORER : VIEWS, new StringBuilder(element("facts", json)));
    }

    static String of(String title, String bundle, CharSequence dataElements) {
        String script = resource(bundle);
        String style = resource("style.css");
        String policy = "default-src 'none'; script-src '" + hash(script) + "'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
        StringBuilder b = new StringBuilder(script.length() + style.length() + dataElements.length() + 1024);
        b.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"").append(policy).append("\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
                .append("<link rel=\"icon\" href=\"data:,\">\n<title>").append(text(title)).append("</title>\n<style>").append(style)
                .append("</style>\n</head>\n<body>\n").append(dataElements)
                .append("<script>").append(script).append("</script>\n</body>\n</html>\n");
        return b.toString();
    }

    /** An element that holds JSON and that no content can leave. */
    static String element(String id, String json) {
        return "<script type=\"application/json\" id=\"" + id + "\">" + embeddable(json) + "</script>\n";
    }

    /**
     * JSON that may stand inside a script element: {@code <}, {@code >} and {@code &} could end or begin markup, U+2028 and U+2029 end
     * lines of scripts. In JSON all of them can only stand inside strings, where an escape means the same.
     */
    static String embeddable(String json) {
        StringBuilder b = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean escape = c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
            if (escape && b == null) {
                b = new StringBuilder(json.length() + 64).append(json, 0, i);
            }
            if (escape) {
                b.append("\\u").append(String.format("%04x", (int) c));
            } else if (b != null) {
                b.append(c);
            }
        }
        return b == null ? json : b.toString();
    }

    /** Text of an element or a quoted attribute. */
    static String text(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** A file of the bundle. */
    static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/mica/explore/" + name)) {
            if (in == null) {
                throw new Fault("explore", "the page code " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Fault("explore", "reading the page code: " + e.getMessage());
        }
    }

    /** The source expression that allows exactly this script. */
    private static String hash(String script) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new Fault("explore", "SHA-256: " + e);
        }
    }
}
