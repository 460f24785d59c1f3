// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go source with one to three changes: most keep the syntax and break the types. */
final class Mutant {
    private static final Pattern TOKEN = Pattern.compile("(?s)(?<space>\\s+|//[^\n]*|/\\*.*?\\*/)|(?<name>[\\p{L}_][\\p{L}_\\d]*)|(?<number>\\d[\\w.]*)"
            + "|(?<text>\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\\n]|\\\\.)*')|(?<op>&\\^=|<<=|>>=|\\.\\.\\.|&&|\\|\\||<-|\\+\\+|--|[-+*/%&|^=!<>:]=|<<|>>|&\\^|.)");
    private static final String[] TYPES = {"int", "string", "bool", "float64", "byte", "error", "any", "uint8", "rune", "complex128", "uintptr", "[]int",
        "map[string]int", "*int", "func()", "struct{}", "chan int", "[3]int", "interface{ m() }", "comparable"};
    private static final String[] VALUES = {"nil", "0", "1", "-1", "1.5", "\"s\"", "'a'", "true", "1<<70", "1e100", "2i", "len", "iota", "_", "x", "func() {}", "[]int{}",
        "300", "struct{}{}", "make", "new(int)", "(1)"};
    private static final String[] OPERATORS = {"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&^", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "=", ":=", "+=", "<-", "!", "~",
        "++", ".", ",", ";", ":", "(", ")", "[", "]", "{", "}", "..."};
    private static final String[] KEYWORDS = {"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "if", "import",
        "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var"};

    private final List<String> parts = new ArrayList<>();
    private final List<Character> kinds = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Random random;

    private Mutant(String text, Random random) {
        this.random = random;
        Matcher m = TOKEN.matcher(text);
        while (m.find()) {
            boolean name = m.group("name") != null;
            parts.add(m.group());
            kinds.add(m.group("space") != null ? 's' : name ? List.of(KEYWORDS).contains(m.group()) ? 'k' : 'n' : m.group("op") != null ? 'o' : 'v');
            if (name && kinds.getLast() == 'n') {
                names.add(m.group());
            }
        }
    }

    /** A mutant of a file; which, {@code random} decides. */
    static byte[] of(byte[] file, Random random) {
        Mutant m = new Mutant(new String(file, StandardCharsets.UTF_8), random);
        int changes = 1 + random.nextInt(2);
        for (int i = 0; i < changes; i++) {
            m.change();
        }
        return String.join("", m.parts).getBytes(StandardCharsets.UTF_8);
    }

    private void change() {
        int kind = random.nextInt(20);
        if (kind < 7) {
            replace('n', names.isEmpty() ? "x" : names.get(random.nextInt(names.size())));
        } else if (kind < 9) {
            replace('n', TYPES[random.nextInt(TYPES.length)]);
        } else if (kind < 11) {
            replace('n', VALUES[random.nextInt(VALUES.length)]);
        } else if (kind < 13) {
            replace('v', VALUES[random.nextInt(VALUES.length)]);
        } else if (kind < 15) {
            replace('o', OPERATORS[random.nextInt(OPERATORS.length)]);
        } else if (kind == 15) {
            replace('k', KEYWORDS[random.nextInt(KEYWORDS.length)]);
        } else if (kind == 16) {
            replace(any(), "");
        } else if (kind == 17) {
            int i = find(any());
            if (i >= 0) {
                parts.set(i, parts.get(i) + " " + parts.get(i));
            }
        } else if (kind == 18) {
            int i = find(any());
            int j = find(any());
            if (i >= 0 && j >= 0) {
                String s = parts.get(i);
                parts.set(i, parts.get(j));
                parts.set(j, s);
            }
        } else {
            line();
        }
    }

    private char any() {
        return "nvok".charAt(random.nextInt(4));
    }

    private void replace(char kind, String with) {
        int i = find(kind);
        if (i >= 0) {
            parts.set(i, with);
        }
    }

    /** A token of a kind, or -1. */
    private int find(char kind) {
        for (int tries = 0; tries < 50; tries++) {
            int i = random.nextInt(parts.size());
            if (kinds.get(i) == kind) {
                return i;
            }
        }
        return -1;
    }

    /** Drops or doubles what stands on a line. */
    private void line() {
        int i = random.nextInt(parts.size());
        int from = i;
        while (from > 0 && !parts.get(from - 1).contains("\n")) {
            from--;
        }
        int to = i;
        while (to < parts.size() && !parts.get(to).contains("\n")) {
            to++;
        }
        String all = String.join("", parts.subList(from, to));
        for (int k = from; k < to; k++) {
            parts.set(k, "");
        }
        if (from < to && random.nextBoolean()) {
            parts.set(from, all + "\n" + all);
        }
    }
}
