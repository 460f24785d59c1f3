// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes one JSON text (RFC 8259) as a stream: every view of Mica goes through it. Names and values are written in the order of the
 * calls; commas and quotes come by themselves. Output that cannot be written ends with {@link UncheckedIOException}.
 */
public final class JsonWriter {
    private final Appendable out;
    /** The next value is the first of its array or object, or follows a name. */
    private boolean first = true;

    public JsonWriter(Appendable out) {
        this.out = out;
    }

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    /** The name of the member whose value comes next. */
    public JsonWriter name(String name) {
        separate();
        string(name);
        raw(":");
        first = true;
        return this;
    }

    /** A string, or null. */
    public JsonWriter value(String s) {
        separate();
        if (s == null) {
            return raw("null");
        }
        string(s);
        return this;
    }

    public JsonWriter value(long n) {
        separate();
        return raw(Long.toString(n));
    }

    public JsonWriter value(boolean b) {
        separate();
        return raw(b ? "true" : "false");
    }

    /** A finite number; JSON has no others. */
    public JsonWriter value(double d) {
        separate();
        return raw(d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString((long) d) : Double.toString(d));
    }

    public JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    /** A line break before the next element, for texts that are also read by people and line tools. */
    public JsonWriter line() {
        if (first) {
            return raw("\n");
        }
        raw(",\n");
        first = true;
        return this;
    }

    /** Ends the text with a line break; the same writer may then begin another text (one a line). */
    public void end() {
        raw("\n");
        first = true;
    }

    private JsonWriter open(char c) {
        separate();
        first = true;
        return raw(String.valueOf(c));
    }

    private JsonWriter close(char c) {
        first = false;
        return raw(String.valueOf(c));
    }

    private void separate() {
        if (!first) {
            raw(",");
        }
        first = false;
    }

    private JsonWriter raw(String s) {
        try {
            out.append(s);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void string(String s) {
        raw(quote(s));
    }

    /** {@code s} as a JSON string, quotes included. */
    public static String quote(String s) {
        StringBuilder b = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                b.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c) && !paired(s, i)) {
                String hex = Integer.toHexString(c);
                b.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
            } else {
                b.append(c);
            }
        }
        return b.append('"').toString();
    }

    private static boolean paired(String s, int i) {
        return Character.isHighSurrogate(s.charAt(i))
                ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
    }
}
