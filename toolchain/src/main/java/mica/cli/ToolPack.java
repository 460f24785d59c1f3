// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import mica.build.BuildException;
import mica.obj.Archive;
import mica.obj.FormatException;

/** {@code mica tool pack}: archives of objects. */
final class ToolPack extends Command {
    ToolPack() {
        super("pack", "tool pack op file.a [name....]", "make and read archives", """
                Pack applies the operation to the archive, using the names as arguments.

                	c    append files to a new archive
                	p    print files from the archive
                	r    append files to the archive
                	t    list files of the archive
                	x    extract files from the archive

                A letter v behind the operation makes t, x and r tell what they do.
                """);
    }

    @Override
    void declare(Flags flags) {}

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() < 2) {
            return misused(context);
        }
        String op = flags.rest.get(0);
        boolean verbose = op.endsWith("v") && op.length() == 2;
        Path file = context.cwd.resolve(flags.rest.get(1));
        List<String> names = flags.rest.subList(2, flags.rest.size());
        try {
            switch (verbose ? op.substring(0, 1) : op) {
                case "c" -> write(file, add(context, new Archive(), names, verbose));
                case "r" -> write(file, add(context, Files.exists(file) ? read(file) : new Archive(), names, verbose));
                case "t", "p", "x" -> each(context, read(file), op.charAt(0), names, verbose);
                default -> {
                    return misused(context);
                }
            }
        } catch (IOException | FormatException e) {
            throw new BuildException("pack: " + e.getMessage());
        }
        return 0;
    }

    private static Archive read(Path file) throws IOException, FormatException {
        return new Archive(file.toString(), Files.readAllBytes(file));
    }

    private static Archive add(Context context, Archive a, List<String> names, boolean verbose) throws IOException {
        for (String n : names) {
            if (verbose) {
                context.out.println(n);
            }
            Path p = context.cwd.resolve(n);
            a.put(p.getFileName().toString(), Files.readAllBytes(p), false);
        }
        return a;
    }

    private static void write(Path file, Archive a) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp" + ProcessHandle.current().pid());
        Files.write(temporary, a.toBytes());
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void each(Context context, Archive a, char op, List<String> names, boolean verbose)
            throws IOException, BuildException {
        int found = 0;
        for (Archive.Member m : a.members) {
            if (!names.isEmpty() && !names.contains(m.name)) {
                continue;
            }
            found++;
            if (op == 't') {
                context.out.println(verbose ? "-rw-r--r-- 0/0 " + m.content.length + " " + m.name : m.name);
            } else if (op == 'p') {
                context.out.write(m.content, 0, m.content.length);
            } else {
                if (verbose) {
                    context.out.println(m.name);
                }
                // Only the last element, so that no archive writes outside of the directory.
                Path name = Path.of(m.name).getFileName();
                if (name == null || name.toString().equals("..")) {
                    throw new BuildException("pack: bad member name \"" + m.name + "\"");
                }
                Files.write(context.cwd.resolve(name.toString()), m.content);
            }
        }
        if (found < names.size()) {
            throw new BuildException("pack: file not found in archive");
        }
    }
}
