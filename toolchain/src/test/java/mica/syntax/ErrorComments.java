// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;

/**
 * Errors that Go's own test files demand in comments, in three forms, and the comparison with what was reported:
 *
 * <ul>
 *   <li>{@link #lines}: {@code // ERROR "regex" "regex"} of GOROOT/test, by line;
 *   <li>{@link #before}: {@code /* ERROR regex *}{@code /} of the syntax package, at the token after the comment;
 *   <li>{@link #after}: {@code /* ERROR "text" *}{@code /} and {@code ERRORx "regex"} of the type checker, at the token
 *       before the comment.
 * </ul>
 */
public final class ErrorComments {
    /** One demanded error: a pattern at a line (column 0) or at an exact position. */
    public static final class Expected {
        public final int line;
        public final int column;
        public final String pattern;
        public final boolean regex;
        public boolean met;

        Expected(int line, int column, String pattern, boolean regex) {
            this.line = line;
            this.column = column;
            this.pattern = pattern;
            this.regex = regex;
        }

        public boolean matches(String text) {
            return regex ? Pattern.compile(pattern).matcher(text).find() : text.contains(pattern);
        }

        @Override
        public String toString() {
            return line + (column > 0 ? ":" + column : "") + ": " + pattern;
        }
    }

    private static final class Tokens extends Scanner {
        Tokens(SourceFile f, Diagnostics d) {
            super(f, d, new Names());
        }
    }

    private static final Pattern LINE_ERROR = Pattern.compile("(?<!/)// (?:GC_)?ERROR (.*)");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|`([^`]*)`");
    private static final Pattern LINE_REF = Pattern.compile("LINE([+-]\\d+)?");

    private ErrorComments() {}

    /** The form of GOROOT/test. */
    public static List<Expected> lines(SourceFile f) {
        List<Expected> out = new ArrayList<>();
        for (int n = 1; n <= f.lineCount(); n++) {
            Matcher m = LINE_ERROR.matcher(f.lineText(n));
            if (!m.find()) {
                continue;
            }
            Matcher q = QUOTED.matcher(m.group(1));
            while (q.find()) {
                String p = q.group(1) != null ? q.group(1) : q.group(2);
                Matcher ref = LINE_REF.matcher(p);
                StringBuilder sb = new StringBuilder();
                while (ref.find()) {
                    int at = n + (ref.group(1) == null ? 0 : Integer.parseInt(ref.group(1)));
                    ref.appendReplacement(sb, Matcher.quoteReplacement(f.path + ":" + at));
                }
                ref.appendTail(sb);
                out.add(new Expected(n, 0, goRegex(sb.toString()), true));
            }
        }
        return out;
    }

    /** What Java's regular expressions read differently. */
    private static String goRegex(String p) {
        StringBuilder sb = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < p.length(); i++) {
            char c = p.charAt(i);
            if (c == '\\' && i + 1 < p.length()) {
                sb.append(c).append(p.charAt(++i));
                continue;
            }
            if (c == '[' && inClass) {
                sb.append('\\');
            } else if (c == '[') {
                inClass = true;
            } else if (c == ']') {
                inClass = false;
            } else if (c == '{' && !inClass && !(i + 1 < p.length() && Character.isDigit(p.charAt(i + 1)))) {
                sb.append('\\');
            } else if (c == '}' && !inClass && !(i > 0 && Character.isDigit(p.charAt(i - 1)))) {
                sb.append('\\');
            }
            sb.append(c);
        }
        return sb.toString();
    }

    /** The form of the type checker's tests. */
    public static List<Expected> after(SourceFile f) {
        List<Expected> out = new ArrayList<>();
        walk(f, true, out);
        return out;
    }

    /** The form of the syntax package's tests. */
    public static List<Expected> before(SourceFile f) {
        List<Expected> out = new ArrayList<>();
        walk(f, false, out);
        return out;
    }

    private static void walk(SourceFile f, boolean typesForm, List<Expected> out) {
        Tokens t = new Tokens(f, new Diagnostics(new Sources()));
        int previous = 0;
        int from = 0;
        byte[] b = f.text;
        for (; ; ) {
            t.next();
            boolean inserted = t.tok == Token.SEMI && !t.lit.equals("semicolon");
            int to = t.tok == Token.EOF || inserted && t.lit.equals("EOF") ? b.length : t.off;
            comments(f, from, to, previous, to, typesForm, out);
            if (t.tok == Token.EOF) {
                return;
            }
            if (!inserted) {
                previous = t.off;
            }
            from = Math.max(from, to);
            if (t.tok == Token.NAME || t.tok == Token.LITERAL) {
                from = to + t.lit.getBytes(StandardCharsets.UTF_8).length;
            }
        }
    }

    /** Comments in {@code text[from..to)}, where no token but an operator stands. */
    private static void comments(
            SourceFile f, int from, int to, int previous, int following, boolean typesForm, List<Expected> out) {
        byte[] b = f.text;
        Expected last = null;
        for (int i = from; i + 1 < to; i++) {
            if (b[i] != '/' || b[i + 1] != '/' && b[i + 1] != '*') {
                continue;
            }
            boolean line = b[i + 1] == '/';
            int end = i + 2;
            while (end < to && (line ? b[end] != '\n' : !(b[end] == '*' && end + 1 < b.length && b[end + 1] == '/'))) {
                end++;
            }
            String c = new String(b, i + 2, end - i - 2, StandardCharsets.UTF_8);
            int at = f.pos(i);
            if (typesForm) {
                Expected e = typesComment(f, c, f.pos(previous));
                if (e != null) {
                    out.add(e);
                }
            } else if (c.startsWith(" ERROR ")) {
                String p = goRegex(c.substring(7).strip());
                if (line) {
                    out.add(new Expected(f.physicalLine(at), 0, p, true));
                } else {
                    int pos = f.pos(following);
                    if (last != null) {
                        out.remove(last);
                    }
                    last = new Expected(f.physicalLine(pos), f.physicalColumn(pos), p, true);
                    out.add(last);
                }
            }
            i = end;
        }
    }

    private static Expected typesComment(SourceFile f, String c, int pos) {
        boolean regex = c.startsWith(" ERRORx ");
        if (!regex && !c.startsWith(" ERROR ")) {
            return null;
        }
        String q = c.substring(regex ? 8 : 7).strip();
        Matcher m = Pattern.compile("^(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)").matcher(q);
        if (!m.find()) {
            throw new IllegalArgumentException(f.path + ": malformed comment:" + c);
        }
        String p = Literals.stringText(m.group(1));
        return new Expected(f.physicalLine(pos), f.physicalColumn(pos), regex ? goRegex(p) : p, regex);
    }

    /** An error as it was reported: line, column (0: unknown), text. */
    public record Reported(int line, int column, String text) {}

    /**
     * What differs between demanded and reported errors of one file; empty if all is well.
     *
     * @param exactColumns whether columns must agree where the demand has one; then several syntax errors may be on a line
     */
    public static List<String> compare(List<Expected> expected, Diagnostics diags, SourceFile f, boolean exactColumns) {
        List<Reported> reported = new ArrayList<>();
        for (Diagnostics.Entry e : diags.sorted(exactColumns)) {
            if (diags.sources.file(e.pos) == f) {
                int line = exactColumns ? f.physicalLine(e.pos) : f.line(e.pos);
                reported.add(new Reported(line, f.physicalColumn(e.pos), e.text));
            }
        }
        return compare(expected, reported, exactColumns);
    }

    /** As above. With exact columns each demand is for one error, else all errors of a line may meet all its demands. */
    public static List<String> compare(List<Expected> expected, List<Reported> reported, boolean exactColumns) {
        List<String> wrong = new ArrayList<>();
        for (Reported r : reported) {
            boolean found = false;
            boolean anyOnLine = false;
            for (Expected x : expected) {
                if (x.line == r.line && x.matches(r.text)) {
                    anyOnLine = true;
                    if (!exactColumns || x.column == 0 || x.column == r.column) {
                        x.met = true;
                        found = true;
                        if (exactColumns) {
                            break;
                        }
                    }
                }
            }
            if (!found) {
                String why = anyOnLine ? "at another column: " : "not demanded: ";
                wrong.add(r.line + (r.column > 0 ? ":" + r.column : "") + ": " + why + r.text);
            }
        }
        for (Expected x : expected) {
            if (!x.met) {
                wrong.add("not reported: " + x);
            }
        }
        return wrong;
    }
}
