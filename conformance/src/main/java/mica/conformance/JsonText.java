// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON (RFC 8259) strictly: objects are Maps, arrays Lists, then String, Long, Double, Boolean and null. */
final class JsonText {
    private final String s;
    private int at;

    private JsonText(String s) {
        this.s = s;
    }

    static Object parse(String text) {
        JsonText j = new JsonText(text);
        Object v = j.value();
        j.blanks();
        if (j.at != text.length()) {
            throw j.bad("more text");
        }
        return v;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object v) {
        return (Map<String, Object>) v;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object v) {
        return (List<Object>) v;
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("JSON, offset " + at + ": " + what);
    }

    private void blanks() {
        while (at < s.length() && " \t\r\n".indexOf(s.charAt(at)) >= 0) {
            at++;
        }
    }

    private char next() {
        blanks();
        if (at == s.length()) {
            throw bad("the text ends");
        }
        return s.charAt(at);
    }

    private void expect(char c) {
        if (next() != c) {
            throw bad("no " + c);
        }
        at++;
    }

    private Object value() {
        return switch (next()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Object word(String word, Object value) {
        if (!s.startsWith(word, at)) {
            throw bad("unknown word");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int from = at;
        while (at < s.length() && "+-.eE0123456789".indexOf(s.charAt(at)) >= 0) {
            at++;
        }
        String n = s.substring(from, at);
        if (n.matches("-?(0|[1-9][0-9]*)")) {
            return Long.parseLong(n);
        }
        if (!n.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw bad("no number");
        }
        return Double.parseDouble(n);
    }

    private String string() {
        expect('"');
        StringBuilder b = new StringBuilder();
        while (at < s.length() && s.charAt(at) != '"') {
            char c = s.charAt(at++);
            if (c < ' ') {
                throw bad("control character in a string");
            }
            if (c == '\\') {
                c = s.charAt(at++);
                int plain = "\"\\/bfnrt".indexOf(c);
                if (plain >= 0) {
                    c = "\"\\/\b\f\n\r\t".charAt(plain);
                } else if (c == 'u') {
                    c = (char) Integer.parseInt(s.substring(at, at + 4), 16);
                    at += 4;
                } else {
                    throw bad("unknown escape");
                }
            }
            b.append(c);
        }
        at++;
        return b.toString();
    }

    private List<Object> elements() {
        List<Object> list = new ArrayList<>();
        expect('[');
        if (next() != ']') {
            list.add(value());
            while (next() == ',') {
                at++;
                list.add(value());
            }
        }
        expect(']');
        return list;
    }

    private Map<String, Object> members() {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        if (next() != '}') {
            member(map);
            while (next() == ',') {
                at++;
                member(map);
            }
        }
        expect('}');
        return map;
    }

    private void member(Map<String, Object> map) {
        next();
        String name = string();
        expect(':');
        if (map.put(name, value()) != null) {
            throw bad("the name " + name + " twice");
        }
    }
}
