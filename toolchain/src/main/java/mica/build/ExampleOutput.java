// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The output that an example promises: its body's last comment, if that begins with "Output:" or "Unordered output:". */
final class ExampleOutput {
    private static final Pattern PREFIX = Pattern.compile("^\\s*(unordered )?output:", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIRECTIVE = Pattern.compile("(line |extern |export |[a-z0-9]+:[a-z0-9]).*");

    /** Bytes as ISO 8859-1. */
    final String text;
    final boolean unordered;

    private ExampleOutput(String text, boolean unordered) {
        this.text = text;
        this.unordered = unordered;
    }

    /** Null if there is no such comment between the offsets of the body's braces. */
    static ExampleOutput of(byte[] source, int from, int to) {
        String body = new String(source, from, to - from, StandardCharsets.ISO_8859_1);
        String comment = lastComment(body);
        Matcher m = comment == null ? null : PREFIX.matcher(comment);
        if (m == null || !m.find()) {
            return null;
        }
        String rest = comment.substring(m.end());
        int i = 0;
        while (i < rest.length() && rest.charAt(i) == ' ') {
            i++;
        }
        if (i < rest.length() && rest.charAt(i) == '\n') {
            i++;
        }
        return new ExampleOutput(rest.substring(i), m.group(1) != null);
    }

    /** The text of the last group of comments: comments with neither code nor an empty line between them; null = no comment. */
    private static String lastComment(String s) {
        StringBuilder group = null;
        boolean open = false;
        int newlines = 0;
        int i = 0;
        while (i < s.length()) {
            char c = s.charAt(i);
            if (s.startsWith("//", i) || s.startsWith("/*", i)) {
                boolean line = s.charAt(i + 1) == '/';
                int end = line ? endOf(s, "\n", i) : endOf(s, "*/", i + 2) + 2;
                if (!open || newlines > 1) {
                    group = new StringBuilder();
                }
                append(group, s.substring(i, Math.min(end, s.length())), line);
                open = true;
                newlines = 0;
                i = end;
            } else if (c == '"' || c == '\'' || c == '`') {
                open = false;
                i = endOfLiteral(s, i);
            } else {
                newlines += c == '\n' ? 1 : 0;
                open &= c <= ' ';
                i++;
            }
        }
        return group == null ? null : tidy(group.toString());
    }

    private static int endOf(String s, String what, int from) {
        int i = s.indexOf(what, from);
        return i < 0 ? s.length() : i;
    }

    private static int endOfLiteral(String s, int i) {
        char quote = s.charAt(i++);
        while (i < s.length() && s.charAt(i) != quote) {
            i += s.charAt(i) == '\\' && quote != '`' ? 2 : 1;
        }
        return i + 1;
    }

    private static void append(StringBuilder group, String comment, boolean line) {
        String text = comment.substring(2, line ? comment.length() : comment.length() - 2);
        if (line) {
            if (text.startsWith(" ")) {
                text = text.substring(1);
            } else if (DIRECTIVE.matcher(text).matches()) {
                return;
            }
        }
        group.append(text).append('\n');
    }

    /** Without blanks at line ends, without empty lines at start and end, and never two empty lines in a row. */
    private static String tidy(String s) {
        StringBuilder b = new StringBuilder();
        boolean empty = false;
        for (String line : s.split("\n", -1)) {
            String l = line.replaceAll("[ \t\r]+$", "");
            if (l.isEmpty()) {
                empty = b.length() > 0;
                continue;
            }
            b.append(empty ? "\n" : "").append(l).append('\n');
            empty = false;
        }
        return b.toString();
    }
}
