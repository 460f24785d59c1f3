// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which files belong to a build: {@code //go:build} lines and file name suffixes ("Build constraints" in the documentation of
 * cmd/go).
 */
public final class BuildConstraints {
    private static final Set<String> KNOWN_OS = Set.of("aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios",
            "js", "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos");
    private static final Set<String> KNOWN_ARCH = Set.of("386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64",
            "mips", "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390",
            "s390x", "sparc", "sparc64", "wasm");

    private BuildConstraints() {}

    /** Whether {@code name} (without folder) may be part of a build for the tags, judged by _GOOS, _GOARCH, _GOOS_GOARCH before the extension. */
    public static boolean fileNameMatches(String name, Predicate<String> tag) {
        int dot = name.indexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        int first = stem.indexOf('_');
        if (first < 0) {
            return true;
        }
        String[] parts = stem.substring(first + 1).split("_", -1);
        int n = parts.length;
        if (n > 0 && parts[n - 1].equals("test")) {
            n--;
        }
        if (n >= 2 && KNOWN_OS.contains(parts[n - 2]) && KNOWN_ARCH.contains(parts[n - 1])) {
            return tag.test(parts[n - 2]) && tag.test(parts[n - 1]);
        }
        if (n >= 1 && (KNOWN_OS.contains(parts[n - 1]) || KNOWN_ARCH.contains(parts[n - 1]))) {
            return tag.test(parts[n - 1]);
        }
        return true;
    }

    /**
     * The expression of the {@code //go:build} line in a file's head (before the package clause), or null. Comments of both kinds
     * and blank lines are skipped.
     */
    public static String expression(byte[] text) {
        int i = 0;
        int n = text.length;
        if (n >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb && (text[2] & 0xff) == 0xbf) {
            i = 3;
        }
        while (i < n) {
            byte c = text[i];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                i++;
            } else if (c == '/' && i + 1 < n && text[i + 1] == '/') {
                int end = i;
                while (end < n && text[end] != '\n') {
                    end++;
                }
                if (startsWith(text, i, "//go:build ") || startsWith(text, i, "//go:build\t")) {
                    return new String(text, i + 11, end - i - 11, StandardCharsets.UTF_8).strip();
                }
                i = end;
            } else if (c == '/' && i + 1 < n && text[i + 1] == '*') {
                i += 2;
                while (i + 1 < n && !(text[i] == '*' && text[i + 1] == '/')) {
                    i++;
                }
                i += 2;
            } else {
                return null;
            }
        }
        return null;
    }

    /**
     * What a file's head asks for: its {@code //go:build} line, else its {@code // +build} lines in the same syntax; null: nothing.
     */
    public static String constraint(byte[] text) {
        String e = expression(text);
        return e != null ? e : plusBuild(text);
    }

    /**
     * The {@code // +build} lines, all of which must hold: among the line comments that the file begins with, before the last blank line of them.
     * In each, blanks separate alternatives and commas what must hold together.
     */
    private static String plusBuild(byte[] text) {
        StringBuilder held = new StringBuilder();
        StringBuilder all = new StringBuilder();
        int n = text.length;
        for (int i = 0; i < n; ) {
            int end = i;
            while (end < n && text[end] != '\n') {
                end++;
            }
            int from = i;
            i = end + 1;
            while (from < end && text[from] <= ' ' && text[from] >= 0) {
                from++;
            }
            if (from == end) {
                held.append(all);
                all.setLength(0);
            } else if (!startsWith(text, from, "//")) {
                break;
            } else {
                String comment = new String(text, from + 2, end - from - 2, StandardCharsets.UTF_8).strip();
                if (comment.startsWith("+build") && (comment.length() == 6 || comment.charAt(6) <= ' ')) {
                    all.append(" && (").append(alternatives(comment.substring(6).strip())).append(')');
                }
            }
        }
        return held.isEmpty() ? null : held.substring(4);
    }

    private static String alternatives(String line) {
        StringBuilder b = new StringBuilder();
        for (String clause : line.isEmpty() ? new String[] {"!"} : line.split("\\s+")) {
            String or = b.isEmpty() ? "" : " || ";
            for (String term : clause.split(",", -1)) {
                String tag = term.startsWith("!") ? term.substring(1) : term;
                // What is no tag never holds.
                b.append(or).append(isTag(tag) ? term : "ignore");
                or = " && ";
            }
        }
        return b.toString();
    }

    private static boolean isTag(String s) {
        return !s.isEmpty() && s.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.');
    }

    private static boolean startsWith(byte[] text, int at, String s) {
        if (at + s.length() > text.length) {
            return false;
        }
        for (int k = 0; k < s.length(); k++) {
            if (text[at + k] != s.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    /** Value of an expression of {@code && || ! ( )} and tags; a malformed one is false. */
    public static boolean evaluate(String expression, Predicate<String> tag) {
        Evaluation e = new Evaluation(expression, tag);
        boolean v = e.or();
        e.blanks();
        return v && !e.bad && e.at == expression.length();
    }

    /** The lowest language version for which the file's constraint can hold, such as "go1.22", or null if it doesn't say. */
    static String goVersion(byte[] text) {
        String e = expression(text);
        if (e == null || !e.contains("go1.")) {
            return null;
        }
        int v = new MinVersion(e).or();
        return v == 0 ? null : "go1." + v;
    }

    /** The minor version that an expression implies at least; 0: none. */
    private static final class MinVersion {
        private final Evaluation e;

        MinVersion(String s) {
            e = new Evaluation(s, t -> false);
        }

        int or() {
            int v = and();
            while (e.accept("||")) {
                v = Math.min(v, and());
            }
            return v;
        }

        private int and() {
            int v = not();
            while (e.accept("&&")) {
                v = Math.max(v, not());
            }
            return v;
        }

        private int not() {
            if (e.accept("!")) {
                not();
                return 0;
            }
            if (e.accept("(")) {
                int v = or();
                e.accept(")");
                return v;
            }
            e.blanks();
            int from = e.at;
            e.word();
            String tag = e.s.substring(from, e.at);
            if (!tag.startsWith("go1.") || tag.length() > 8) {
                return 0;
            }
            int v = 0;
            for (int i = 4; i < tag.length(); i++) {
                char c = tag.charAt(i);
                if (c < '0' || c > '9') {
                    return 0;
                }
                v = v * 10 + c - '0';
            }
            return v;
        }
    }

    private static final class Evaluation {
        private final String s;
        private final Predicate<String> tag;
        private int at;
        private boolean bad;

        Evaluation(String s, Predicate<String> tag) {
            this.s = s;
            this.tag = tag;
        }

        void blanks() {
            while (at < s.length() && (s.charAt(at) == ' ' || s.charAt(at) == '\t')) {
                at++;
            }
        }

        void word() {
            while (at < s.length() && (Character.isLetterOrDigit(s.charAt(at)) || s.charAt(at) == '_' || s.charAt(at) == '.')) {
                at++;
            }
        }

        private boolean accept(String token) {
            blanks();
            if (s.startsWith(token, at)) {
                at += token.length();
                return true;
            }
            return false;
        }

        boolean or() {
            boolean v = and();
            while (accept("||")) {
                v |= and();
            }
            return v;
        }

        private boolean and() {
            boolean v = not();
            while (accept("&&")) {
                v &= not();
            }
            return v;
        }

        private boolean not() {
            if (accept("!")) {
                return !not();
            }
            if (accept("(")) {
                boolean v = or();
                bad |= !accept(")");
                return v;
            }
            blanks();
            int from = at;
            word();
            if (at == from) {
                bad = true;
                return false;
            }
            return tag.test(s.substring(from, at));
        }
    }
}
