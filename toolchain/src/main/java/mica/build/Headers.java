// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.nio.charset.StandardCharsets;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.syntax.Decl;
import mica.syntax.File;

/** What the go command finds wrong with a file's head (package clause and imports) before any compiler sees the file. */
final class Headers {
    private static final String BAD_IMPORT_CHARACTERS = "!\"#$%&'()*,:;<=>?[\\]^`{|}\ufffd";

    private Headers() {}

    /**
     * The error of a head, with the position where it is; null if the head is fine.
     *
     * @param found what the parser has to say about the file
     */
    static String error(SourceFile source, File file, Diagnostics found) {
        String word = firstWord(source.text);
        if (!word.equals("package")) {
            int at = offsetOfFirstWord(source.text);
            int pos = source.pos(at);
            return place(source, pos) + "expected 'package', found " + (at == source.text.length ? "'EOF'" : word);
        }
        int last = file.packageName == null ? 1 : source.physicalLine(file.packageName.pos);
        for (Decl.Import d : file.imports) {
            last = Math.max(last, source.physicalLine(d.pos));
        }
        for (Diagnostics.Entry e : found.sorted()) {
            if (source.physicalLine(e.pos) <= last && file.imports.length > 0 && source.physicalLine(e.pos) >= source.physicalLine(file.imports[0].pos)) {
                String line = source.lineText(source.physicalLine(e.pos));
                if (e.text.equals("newline in string")) {
                    return place(source, source.pos(lineStart(source, e.pos) + line.indexOf('"'))) + "string literal not terminated";
                }
            }
        }
        return null;
    }

    /** What is wrong with an import path; null = nothing. */
    static String path(SourceFile source, Decl.Import d, String absoluteFile) {
        String p = d.path.isEmpty() ? quoted(source, d.pos) : d.path;
        if (p.isEmpty() || p.chars().anyMatch(c -> c <= ' ' || c == 0x7f || BAD_IMPORT_CHARACTERS.indexOf(c) >= 0)) {
            return absoluteFile + ":" + source.line(d.pos) + ":" + source.column(d.pos) + ": invalid import path: " + p;
        }
        if (p.startsWith("/")) {
            return place(source, d.pos) + "\"" + p + "\" is not a package path; see 'go help packages'";
        }
        if (p.equals(".") || p.equals("..") || p.startsWith("./") || p.startsWith("../")) {
            return place(source, d.pos) + "\"" + p + "\" is relative, but relative import paths are not supported in module mode\n"
                    + place(source, d.pos) + "local import \"" + p + "\" in non-local package";
        }
        return null;
    }

    /** What stands between quotes at a position; the parser keeps no path that is invalid. */
    private static String quoted(SourceFile source, int pos) {
        int from = pos - source.base;
        while (from < source.text.length && source.text[from] != '"' && source.text[from] != '`' && source.text[from] != '\n') {
            from++;
        }
        from++;
        int end = from;
        while (end < source.text.length && source.text[end] != source.text[from - 1] && source.text[end] != '\n') {
            end++;
        }
        return from > source.text.length ? "" : new String(source.text, from, end - from, StandardCharsets.UTF_8);
    }

    private static int lineStart(SourceFile source, int pos) {
        return pos - source.base - (source.physicalColumn(pos) - 1);
    }

    private static String place(SourceFile source, int pos) {
        String name = source.path.startsWith("./") ? source.path.substring(2) : source.path;
        return name + ":" + source.physicalLine(pos) + ":" + source.physicalColumn(pos) + ": ";
    }

    private static String firstWord(byte[] text) {
        int at = offsetOfFirstWord(text);
        int end = at;
        while (end < text.length && (Character.isLetterOrDigit(text[end]) || text[end] == '_' || text[end] < 0)) {
            end++;
        }
        return new String(text, at, Math.max(end, Math.min(at + 1, text.length)) - at, StandardCharsets.UTF_8);
    }

    /** Behind blanks and comments. */
    private static int offsetOfFirstWord(byte[] t) {
        int i = t.length >= 3 && t[0] == (byte) 0xef && t[1] == (byte) 0xbb && t[2] == (byte) 0xbf ? 3 : 0;
        while (i < t.length) {
            if (t[i] == ' ' || t[i] == '\t' || t[i] == '\r' || t[i] == '\n') {
                i++;
            } else if (t[i] == '/' && i + 1 < t.length && t[i + 1] == '/') {
                while (i < t.length && t[i] != '\n') {
                    i++;
                }
            } else if (t[i] == '/' && i + 1 < t.length && t[i + 1] == '*') {
                i += 2;
                while (i < t.length && !(t[i] == '/' && t[i - 1] == '*')) {
                    i++;
                }
                i = Math.min(t.length, i + 1);
            } else {
                return i;
            }
        }
        return t.length;
    }
}
