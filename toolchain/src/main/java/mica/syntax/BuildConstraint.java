// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.charset.StandardCharsets;

/** {@code //go:build} lines and file name suffixes: which files belong to a build. */
public final class BuildConstraint {
    /** The tags that hold. */
    public interface Tags {
        boolean has(String tag);
    }

    private static final String KNOWN_OS = " aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd"
            + " plan9 solaris wasip1 windows zos ";
    private static final String KNOWN_ARCH = " 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le"
            + " mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm ";

    private final String text;
    private int at;
    /** The Tags to evaluate with, or null while the minimal version is computed. */
    private final Tags tags;

    private BuildConstraint(String text, Tags tags) {
        this.text = text;
        this.tags = tags;
    }

    /** Whether a file of this name (without directory) belongs to builds with these tags, its content apart. */
    public static boolean nameMatches(String name, Tags tags) {
        int dot = name.indexOf('.');
        if (dot >= 0) {
            name = name.substring(0, dot);
        }
        // What stands before the first underscore is never a tag: linux.go is for everybody.
        int first = name.indexOf('_');
        if (first < 0) {
            return true;
        }
        String[] parts = name.substring(first).split("_", -1);
        int n = parts.length;
        if (n > 0 && parts[n - 1].equals("test")) {
            n--;
        }
        if (n >= 2 && known(KNOWN_OS, parts[n - 2]) && known(KNOWN_ARCH, parts[n - 1])) {
            return tags.has(parts[n - 1]) && tags.has(parts[n - 2]);
        }
        if (n >= 1 && (known(KNOWN_OS, parts[n - 1]) || known(KNOWN_ARCH, parts[n - 1]))) {
            return tags.has(parts[n - 1]);
        }
        return true;
    }

    private static boolean known(String list, String word) {
        return !word.isEmpty() && list.contains(" " + word + " ");
    }

    /** The expression of the {@code //go:build} line before the package clause, or null if there is none. */
    public static String find(byte[] text) {
        int i = 0;
        int end = text.length;
        if (end >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb && (text[2] & 0xff) == 0xbf) {
            i = 3;
        }
        while (i < end) {
            int c = text[i];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                i++;
                continue;
            }
            if (c != '/' || i + 1 >= end) {
                return null;
            }
            if (text[i + 1] == '*') {
                i += 2;
                while (i + 1 < end && !(text[i] == '*' && text[i + 1] == '/')) {
                    i++;
                }
                i += 2;
                continue;
            }
            if (text[i + 1] != '/') {
                return null;
            }
            int from = i;
            while (i < end && text[i] != '\n') {
                i++;
            }
            if (isBuildLine(text, from, i)) {
                return new String(text, from + 10, i - from - 10, StandardCharsets.UTF_8).strip();
            }
        }
        return null;
    }

    private static boolean isBuildLine(byte[] text, int from, int to) {
        String word = "//go:build";
        if (to - from <= word.length()) {
            return false;
        }
        for (int k = 0; k < word.length(); k++) {
            if (text[from + k] != word.charAt(k)) {
                return false;
            }
        }
        int c = text[from + word.length()];
        return c == ' ' || c == '\t';
    }

    /**
     * Whether the file's constraint holds (true without one).
     *
     * @throws IllegalArgumentException with the reason, if the line is malformed
     */
    public static boolean matches(byte[] text, Tags tags) {
        String expr = find(text);
        return expr == null || evaluate(expr, tags);
    }

    /** The value of an expression; throws IllegalArgumentException with the reason if it is malformed. */
    public static boolean evaluate(String expr, Tags tags) {
        BuildConstraint c = new BuildConstraint(expr, tags);
        boolean v = c.or() != 0;
        c.end();
        return v;
    }

    /** The lowest Go version for which the file's constraint can hold, for example {@code go1.22}, or null. */
    static String goVersion(byte[] text) {
        String expr = find(text);
        if (expr == null || !expr.contains("go1.")) {
            return null;
        }
        try {
            BuildConstraint c = new BuildConstraint(expr, null);
            int v = c.or();
            c.end();
            return v <= 0 ? null : "go1." + v;
        } catch (IllegalArgumentException e) {
            return null; // the loader reports it
        }
    }

    // Grammar: or = and {"||" and}; and = not {"&&" not}; not = "!" not | "(" or ")" | tag.
    // Values: with tags 0 or 1; without, the minor Go version that is implied at least (0: none).

    private int or() {
        int v = and();
        while (take("||")) {
            int w = and();
            v = tags != null ? v | w : Math.min(v, w);
        }
        return v;
    }

    private int and() {
        int v = not();
        while (take("&&")) {
            int w = not();
            v = tags != null ? v & w : Math.max(v, w);
        }
        return v;
    }

    private int not() {
        if (take("!")) {
            if (take("!")) {
                throw new IllegalArgumentException("double negation not allowed");
            }
            int v = not();
            return tags != null ? 1 - v : 0;
        }
        if (take("(")) {
            int v = or();
            if (!take(")")) {
                throw new IllegalArgumentException("missing close paren");
            }
            return v;
        }
        String tag = tag();
        if (tags != null) {
            return tags.has(tag) ? 1 : 0;
        }
        if (tag.startsWith("go1.")) {
            try {
                return Integer.parseInt(tag.substring(4));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean take(String s) {
        blanks();
        if (text.startsWith(s, at)) {
            at += s.length();
            return true;
        }
        return false;
    }

    private String tag() {
        blanks();
        int from = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!Character.isLetterOrDigit(c) && c != '_' && c != '.') {
                break;
            }
            at++;
        }
        if (at == from) {
            String what = at == text.length() ? "unexpected end of expression" : "unexpected token " + text.charAt(at);
            throw new IllegalArgumentException(what);
        }
        return text.substring(from, at);
    }

    private void end() {
        blanks();
        if (at < text.length()) {
            throw new IllegalArgumentException("unexpected token " + text.charAt(at));
        }
    }
}
