// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A go.mod file as its lines say it. Errors are collected, in the go command's words, each with file and line. */
final class ModFile {
    /** An entry of require or replace: module path and version (the version may be empty for replace). */
    static final class Requirement {
        final String path;
        final String version;

        Requirement(String path, String version) {
            this.path = path;
            this.version = version;
        }
    }

    private static final List<String> DIRECTIVES =
            List.of("module", "go", "toolchain", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore");

    final String name;
    String module;
    int moduleLine;
    /** As written, such as "1.27"; null without a go directive. */
    String go;
    final List<Requirement> require = new ArrayList<>();
    /** What is replaced. */
    final List<Requirement> replace = new ArrayList<>();
    final TreeMap<String, String> godebug = new TreeMap<>();
    final TreeMap<String, Integer> godebugLines = new TreeMap<>();
    final List<String> errors = new ArrayList<>();
    private int line;

    /** @param name the file as messages call it, and as one of them does in full */
    ModFile(String name, String absolute, String text) {
        this.name = name;
        String block = null;
        int blockLine = 0;
        for (String raw : text.split("\n", -1)) {
            line++;
            List<String> words = words(raw);
            if (words == null || words.isEmpty()) {
                continue;
            }
            if (block != null) {
                if (words.equals(List.of(")"))) {
                    block = null;
                } else {
                    directive(block, words);
                }
            } else if (words.size() >= 2 && words.get(words.size() - 1).equals("(")) {
                block = words.get(0);
                blockLine = line;
                if (words.size() > 2 || !DIRECTIVES.contains(block) || block.equals("go") || block.equals("toolchain")) {
                    error("unknown block type: " + String.join(" ", words.subList(0, words.size() - 1)));
                }
            } else {
                directive(words.get(0), words.subList(1, words.size()));
            }
        }
        if (block != null) {
            errors.add(name + ":" + line + ": syntax error (unterminated block started at " + absolute + ":" + blockLine + ":1)");
        }
    }

    private void error(String text) {
        errors.add(name + ":" + line + ": " + text);
    }

    /** The words of a line without its comment; null if it cannot be split, which is reported. */
    private List<String> words(String raw) {
        List<String> out = new ArrayList<>();
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r') {
                i++;
            } else if (raw.startsWith("//", i)) {
                break;
            } else if (c == '"' || c == '`') {
                int end = i + 1;
                while (end < raw.length() && raw.charAt(end) != c) {
                    end += c == '"' && raw.charAt(end) == '\\' ? 2 : 1;
                }
                if (end >= raw.length()) {
                    errors.add(name + ":" + line + ":" + (raw.length() + 1) + ": unexpected newline in string");
                    return null;
                }
                out.add(mica.syntax.Literals.stringText(raw.substring(i, end + 1)));
                i = end + 1;
            } else if (c == '(' || c == ')' || c == '[' || c == ']' || c == ',') {
                out.add(String.valueOf(c));
                i++;
            } else {
                int end = i;
                while (end < raw.length() && " \t\r()[],".indexOf(raw.charAt(end)) < 0 && !raw.startsWith("//", end)) {
                    end++;
                }
                out.add(raw.substring(i, end));
                i = end;
            }
        }
        return out;
    }

    private void directive(String verb, List<String> args) {
        switch (verb) {
            case "module" -> one(verb, args, module, "module/path", a -> {
                module = a;
                moduleLine = line;
            });
            case "go" -> one(verb, args, go, "1.23", a -> {
                if (a.matches("[1-9][0-9]*\\.(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?")) {
                    go = a;
                } else {
                    error("invalid go version '" + a + "': must match format 1.23.0");
                }
            });
            case "require" -> {
                if (args.size() < 2 || !args.get(1).startsWith("v")) {
                    error("usage: require module/path v1.2.3");
                } else {
                    require.add(new Requirement(args.get(0), args.get(1)));
                }
            }
            case "exclude" -> {
                if (args.size() < 2) {
                    error("usage: exclude module/path v1.2.3");
                }
            }
            case "replace" -> replacement(args);
            case "godebug" -> {
                int eq = args.size() == 1 ? args.get(0).indexOf('=') : -1;
                if (eq <= 0) {
                    error("usage: godebug key=value");
                } else if (godebug.putIfAbsent(args.get(0).substring(0, eq), args.get(0).substring(eq + 1)) == null) {
                    godebugLines.put(args.get(0).substring(0, eq), line);
                }
            }
            case "toolchain" -> {
                if (args.size() != 1) {
                    error("toolchain directive expects exactly one argument");
                } else if (!args.get(0).equals("default") && !args.get(0).matches("(.*-)?go1(\\.[0-9]+)*([a-z]+[0-9]+)?(-.*)?")) {
                    error("invalid toolchain version '" + args.get(0) + "': must match format go1.23.0 or default");
                }
            }
            case "retract", "tool", "ignore" -> {}
            default -> {
                if (!DIRECTIVES.contains(verb)) {
                    error("unknown directive: " + verb);
                }
            }
        }
    }

    private void one(String verb, List<String> args, String before, String example, Consumer<String> take) {
        if (before != null) {
            error("repeated " + verb + " statement");
        } else if (args.size() != 1) {
            error(verb.equals("go") ? "go directive expects exactly one argument" : "usage: " + verb + " " + example);
        } else {
            take.accept(args.get(0));
        }
    }

    private void replacement(List<String> args) {
        int arrow = args.indexOf("=>");
        if (arrow < 1 || arrow > 2 || args.size() - arrow < 2 || args.size() - arrow > 3) {
            error("usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory");
            return;
        }
        replace.add(new Requirement(args.get(0), arrow == 2 ? args.get(1) : ""));
    }

    /** Settings that the library does not know are errors. */
    void checkGodebug(Map<String, ?> known) {
        for (Map.Entry<String, Integer> e : godebugLines.entrySet()) {
            if (!e.getKey().equals("default") && !known.containsKey(e.getKey())) {
                errors.add(name + ":" + e.getValue() + ": unknown godebug \"" + e.getKey() + "\"");
            }
        }
    }
}
