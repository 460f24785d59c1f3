// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The main module: the go.mod in the current directory or above it. Dependencies come from {@code vendor/} only. */
final class Module {
    final Path dir;
    final String path;
    /** "go1.27" from the go directive; go 1.16 where there is none, as the go command assumes. */
    final String goVersion;
    final boolean vendored;

    private Module(Path dir, String path, String goVersion) {
        this.dir = dir;
        this.path = path;
        this.goVersion = goVersion;
        this.vendored = Files.isDirectory(dir.resolve("vendor"));
    }

    /** Null where there is no go.mod. */
    static Module find(Path cwd, BuildInputs inputs) throws BuildException {
        for (Path d = cwd; d != null; d = d.getParent()) {
            Path file = d.resolve("go.mod");
            if (inputs == null ? Files.isRegularFile(file) : inputs.isFile(file)) {
                if (inputs != null) {
                    note(d, file, inputs);
                }
                return parse(d, file);
            }
        }
        return null;
    }

    private static void note(Path dir, Path file, BuildInputs inputs) {
        try {
            inputs.read(file);
            if (inputs.isFolder(dir.resolve("vendor")) && inputs.isFile(dir.resolve("vendor/modules.txt"))) {
                inputs.read(dir.resolve("vendor/modules.txt"));
            }
        } catch (IOException e) {
            inputs.incomplete();
        }
    }

    private static Module parse(Path dir, Path file) throws BuildException {
        String module = null;
        String go = "go1.16";
        int n = 0;
        try {
            boolean inBlock = false;
            for (String raw : Files.readAllLines(file)) {
                n++;
                int comment = raw.indexOf("//");
                String line = (comment >= 0 ? raw.substring(0, comment) : raw).strip();
                if (inBlock) {
                    inBlock = !line.equals(")");
                } else if (line.endsWith("(")) {
                    inBlock = true;
                } else if (!line.isEmpty()) {
                    String[] w = line.split("\\s+");
                    switch (w[0]) {
                        case "module" -> module = unquote(argument(w, file, n, "module"));
                        case "go" -> go = "go" + argument(w, file, n, "go");
                        case "require", "replace", "exclude", "retract", "toolchain", "godebug", "tool", "ignore" -> {}
                        default -> throw new BuildException("go: errors parsing " + file + ":\n" + file + ":" + n + ": unknown directive: " + w[0]);
                    }
                }
            }
        } catch (IOException e) {
            throw new BuildException("go: " + file + ": cannot be read");
        }
        if (module == null) {
            throw new BuildException("go: error reading go.mod: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod");
        }
        return new Module(dir, module, go);
    }

    private static String argument(String[] words, Path file, int line, String verb) throws BuildException {
        if (words.length != 2) {
            throw new BuildException("go: errors parsing " + file + ":\n" + file + ":" + line + ": usage: " + verb + " argument");
        }
        return words[1];
    }

    private static String unquote(String s) {
        return s.length() >= 2 && (s.startsWith("\"") || s.startsWith("`")) ? s.substring(1, s.length() - 1) : s;
    }

    /** Folder of a package of this module, or null if the path is not below the module's. */
    Path dirOf(String importPath) {
        if (importPath.equals(path)) {
            return dir;
        }
        return importPath.startsWith(path + "/") ? dir.resolve(importPath.substring(path.length() + 1)) : null;
    }

    /** Import path of a folder inside the module. */
    String importPathOf(Path d) {
        String rel = dir.relativize(d).toString().replace('\\', '/');
        return rel.isEmpty() ? path : path + "/" + rel;
    }
}
