// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.syntax.Decl;
import mica.syntax.Directive;
import mica.syntax.Expr;
import mica.syntax.File;
import mica.syntax.Parser;

/**
 * {@code //go:embed}: a variable with that directive gets an initializer in the tree: strings and byte slices a conversion of a
 * literal, an {@code embed.FS} a call of a function that {@link #support} adds to package embed.
 */
final class Embeds {
    /** Not a name that a program can write by accident; the list holds names and contents in turn, directories end with a slash. */
    private static final String MAKE = "Mica_makeFS";

    private Embeds() {}

    /** The file that package embed gets in addition. */
    static File support(Sources sources, Diagnostics diagnostics) {
        String text = "package embed\n\nfunc " + MAKE + "(list ...string) FS {\n\tfiles := make([]file, 0, len(list)/2)\n"
                + "\tfor i := 0; i < len(list); i += 2 {\n\t\tfiles = append(files, file{name: list[i], data: list[i+1]})\n\t}\n"
                + "\treturn FS{&files}\n}\n";
        SourceFile f = sources.add("embed/mica.go", text.getBytes(StandardCharsets.UTF_8));
        return Parser.parseFile(f, diagnostics);
    }

    /** Reads a file's contents. */
    interface Reader {
        byte[] read(Path file) throws IOException;
    }

    /** Gives the variables of a file that have the directive their initializers; whether there are any. */
    static boolean apply(File file, Path dir, Diagnostics diagnostics, Reader reader, List<String> problems, boolean goCommand) throws IOException {
        boolean any = false;
        boolean imported = false;
        for (Decl.Import d : file.imports) {
            imported |= d.path.equals("embed");
        }
        inside(file, diagnostics);
        for (int i = 0; i < file.decls.length; i++) {
            Decl d = file.decls[i];
            if (!d.hasDirective("go:embed")) {
                continue;
            }
            any = true;
            Directive first = null;
            for (Directive v : d.directives) {
                first = first == null && v.is("go:embed") ? v : first;
            }
            String wrong = misuse(d, imported, goCommand);
            if (wrong != null) {
                diagnostics.error(first.textPos(), wrong);
                continue;
            }
            TreeMap<String, Path> found = new TreeMap<>();
            for (Directive v : d.directives) {
                for (String p : v.is("go:embed") ? words(v.arguments()) : List.<String>of()) {
                    String problem = match(p, dir, found);
                    if (problem != null) {
                        int at = "//".length() + Math.max(0, v.text.indexOf(p, "go:embed".length()));
                        String place = diagnostics.sources.format(v.pos + at);
                        problems.add((place.startsWith("./") ? place.substring(2) : place) + ": pattern " + p + ": " + problem);
                    }
                }
            }
            file.decls[i] = initialized((Decl.Var) d, found, diagnostics, reader);
        }
        return any;
    }

    /** Local variables cannot be embedded. */
    private static void inside(File file, Diagnostics diagnostics) {
        for (Directive v : file.directives) {
            if (!v.is("go:embed")) {
                continue;
            }
            for (Decl d : file.decls) {
                if (d instanceof Decl.Func f && f.body != null && v.pos > f.pos && v.pos < f.body.rbrace) {
                    diagnostics.error(v.textPos(), "go:embed cannot apply to var inside func");
                }
            }
        }
    }

    /** Types that a file's contents can never have; of declared ones the type checker says so. */
    private static boolean isWrongType(Expr t) {
        return switch (t.kind) {
            case NAME -> List.of("bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "byte",
                    "rune", "float32", "float64", "complex64", "complex128", "error", "any").contains(((Expr.Name) t).name);
            case MAP_TYPE, CHAN_TYPE, FUNC_TYPE, STRUCT_TYPE, INTERFACE_TYPE -> true;
            default -> false;
        };
    }

    private static String misuse(Decl d, boolean imported, boolean goCommand) {
        if (!imported) {
            return !goCommand ? "go:embed only allowed in Go files that import \"embed\"" : "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)";
        }
        if (!(d instanceof Decl.Var v)) {
            return "misplaced go:embed directive";
        }
        if (v.names.length > 1) {
            return "go:embed cannot apply to multiple vars";
        }
        if (v.values.length > 0) {
            return "go:embed cannot apply to var with initializer";
        }
        return v.typeExpr == null ? "go:embed cannot apply to var without type" : null;
    }

    /** Splits at blanks; a word in quotes is a Go string. */
    private static List<String> words(String s) {
        List<String> out = new ArrayList<>();
        int i = 0;
        while (i < s.length()) {
            char c = s.charAt(i);
            int end = i + 1;
            if (c == ' ' || c == '\t') {
                i++;
                continue;
            }
            if (c == '"' || c == '`') {
                while (end < s.length() && s.charAt(end) != c) {
                    end += s.charAt(end) == '\\' && c == '"' ? 2 : 1;
                }
                end = Math.min(s.length(), end + 1);
                out.add(end - i < 2 ? "" : mica.syntax.Literals.stringText(s.substring(i, end)));
            } else {
                while (end < s.length() && s.charAt(end) != ' ' && s.charAt(end) != '\t') {
                    end++;
                }
                out.add(s.substring(i, end));
            }
            i = end;
        }
        return out;
    }

    /** Adds the files that a pattern matches, by slash-separated name; null, or what is wrong. */
    private static String match(String pattern, Path dir, TreeMap<String, Path> found) throws IOException {
        boolean all = pattern.startsWith("all:");
        String p = all ? pattern.substring(4) : pattern;
        if (p.isEmpty() || p.startsWith("/") || p.endsWith("/") || ("/" + p + "/").contains("/../") || p.startsWith("./")) {
            return "invalid pattern syntax";
        }
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + p.replace("{", "\\{").replace("}", "\\}").replace("**", "*"));
        } catch (java.util.regex.PatternSyntaxException e) {
            return "invalid pattern syntax";
        }
        List<Path> hits = new ArrayList<>();
        if (p.equals(".")) {
            hits.add(dir);
        } else {
            int depth = p.split("/").length;
            try (Stream<Path> s = Files.walk(dir, depth)) {
                s.filter(f -> f.getNameCount() - dir.getNameCount() == depth && matcher.matches(dir.relativize(f))).sorted().forEach(hits::add);
            }
        }
        int before = found.size();
        for (Path h : hits) {
            if (Files.isDirectory(h)) {
                directory(h, dir, all, found);
            } else if (Files.isRegularFile(h)) {
                found.put(name(dir, h), h);
            }
        }
        if (hits.isEmpty()) {
            return "no matching files found";
        }
        return found.size() == before && hits.size() == 1 && Files.isDirectory(hits.get(0))
                ? "cannot embed directory " + name(dir, hits.get(0)) + ": contains no embeddable files"
                : null;
    }

    private static String name(Path dir, Path f) {
        return dir.relativize(f).toString().replace('\\', '/');
    }

    /** Everything below a directory, but other modules and (unless {@code all}) what is hidden. */
    private static void directory(Path from, Path dir, boolean all, TreeMap<String, Path> found) throws IOException {
        try (Stream<Path> s = Files.list(from)) {
            for (Path f : s.sorted().toList()) {
                String n = f.getFileName().toString();
                if (!all && (n.startsWith(".") || n.startsWith("_"))) {
                    continue;
                }
                if (Files.isDirectory(f) && !Files.exists(f.resolve("go.mod"))) {
                    directory(f, dir, all, found);
                } else if (Files.isRegularFile(f)) {
                    found.put(name(dir, f), f);
                }
            }
        }
    }

    private static Decl initialized(Decl.Var v, TreeMap<String, Path> found, Diagnostics diagnostics, Reader reader) throws IOException {
        int pos = v.names[0].pos;
        if (isWrongType(v.typeExpr)) {
            diagnostics.error(pos, "go:embed cannot apply to var of type " + mica.syntax.ExprPrinter.print(v.typeExpr));
            return v;
        }
        Expr value;
        if (v.typeExpr instanceof Expr.Selector s && s.sel.name.equals("FS") && s.x instanceof Expr.Name pkg) {
            value = call(pos, new Expr.Selector(pos, new Expr.Name(pos, pkg.name), new Expr.Name(pos, MAKE)), fileList(pos, found, reader));
        } else {
            if (found.size() > 1) {
                diagnostics.error(pos, "invalid go:embed: multiple files for type " + mica.syntax.ExprPrinter.print(v.typeExpr));
            }
            byte[] data = found.isEmpty() ? new byte[0] : reader.read(found.firstEntry().getValue());
            value = call(pos, new Expr.Paren(pos, v.typeExpr), new Expr[] {literal(pos, data)});
        }
        return new Decl.Var(v.pos, v.group, v.directives, v.names, v.typeExpr, new Expr[] {value});
    }

    private static Expr call(int pos, Expr fun, Expr[] args) {
        return new Expr.Call(pos, fun, args, false, pos);
    }

    /** Names and contents in the order in which package embed searches: by directory, then by name. */
    private static Expr[] fileList(int pos, TreeMap<String, Path> found, Reader reader) throws IOException {
        // Key: folder, NUL, last element; a folder itself has no file.
        TreeMap<String, Path> byFolder = new TreeMap<>();
        for (var e : found.entrySet()) {
            String n = e.getKey();
            byFolder.put(sortKey(n), e.getValue());
            for (int slash = n.lastIndexOf('/'); slash > 0; slash = n.lastIndexOf('/', slash - 1)) {
                byFolder.put(sortKey(n.substring(0, slash)), null);
            }
        }
        List<Expr> out = new ArrayList<>();
        for (var e : byFolder.entrySet()) {
            String[] key = e.getKey().split("\0", 2);
            String n = key[0].equals(".") ? key[1] : key[0] + "/" + key[1];
            boolean folder = e.getValue() == null;
            out.add(literal(pos, (folder ? n + "/" : n).getBytes(StandardCharsets.UTF_8)));
            out.add(literal(pos, folder ? new byte[0] : reader.read(e.getValue())));
        }
        return out.toArray(Expr.NONE);
    }

    private static String sortKey(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? ".\0" + name : name.substring(0, slash) + "\0" + name.substring(slash + 1);
    }

    /** Any bytes as a string literal. */
    private static Expr literal(int pos, byte[] data) {
        StringBuilder sb = new StringBuilder(data.length + 2).append('"');
        for (byte b : data) {
            if (b >= ' ' && b < 0x7f && b != '"' && b != '\\') {
                sb.append((char) b);
            } else {
                sb.append("\\x").append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return new Expr.BasicLit(pos, Expr.Lit.STRING, sb.append('"').toString(), false);
    }
}
