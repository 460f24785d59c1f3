// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mica.base.FileErrors;
import mica.base.OutputFile;

/** Where an executable goes, as go build decides. */
final class Outputs {
    private Outputs() {}

    /** The file for -o {@code output} (may be empty: {@code name} in the current directory). */
    static Path executable(Environment env, String name, String output) throws BuildException {
        Path dir = env.cwd;
        if (!output.isEmpty()) {
            Path p = env.cwd.resolve(output);
            if (output.endsWith("/") || Files.isDirectory(p)) {
                return p.resolve(name).toAbsolutePath();
            }
            return p.toAbsolutePath();
        }
        Path file = dir.resolve(name).toAbsolutePath();
        if (Files.isDirectory(file)) {
            throw new BuildException("go: build output \"" + name + "\" already exists and is a directory");
        }
        return file;
    }

    /** What an executable is called when nothing else is asked for. */
    static String defaultName(Package main) {
        if (main.importPath.equals("command-line-arguments")) {
            String first = main.goFiles.get(0);
            return first.substring(0, first.length() - ".go".length());
        }
        String path = main.importPath;
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.matches("v[0-9]+") && path.contains("/")) {
            String head = path.substring(0, path.lastIndexOf('/'));
            last = head.substring(head.lastIndexOf('/') + 1);
        }
        return last;
    }

    /** Name of the object for a source file: its own with .o, in the current directory. */
    static String objectName(String source, boolean archive) {
        String base = source.substring(source.lastIndexOf('/') + 1);
        return (base.endsWith(".go") ? base.substring(0, base.length() - ".go".length()) : base) + (archive ? ".a" : ".o");
    }

    /** Writes a file so that it appears whole or not at all; a device is written to as it is. {@code name} is for messages. */
    static void write(Path file, String name, byte[] bytes) throws BuildException {
        try {
            OutputFile.write(file, bytes, false);
        } catch (IOException e) {
            throw new BuildException("can't create " + name + ": open " + name + ": " + FileErrors.reason(e), 2);
        }
    }

    /** A file as messages show it: relative to the current directory where that is shorter. */
    static String shown(Environment env, Path file) {
        Path abs = file.toAbsolutePath().normalize();
        Path cwd = env.cwd.toAbsolutePath().normalize();
        if (cwd.equals(abs.getParent())) {
            return "./" + abs.getFileName();
        }
        String rel = cwd.relativize(abs).toString();
        return rel.length() < abs.toString().length() ? rel : abs.toString();
    }
}
