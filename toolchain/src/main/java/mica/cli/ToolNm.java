// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import mica.build.BuildException;
import mica.inspect.Executable;
import mica.inspect.Nm;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** {@code mica tool nm}: the symbols of executables and objects. */
final class ToolNm extends Command {
    ToolNm() {
        super("nm", "tool nm [options] file...", "list symbols", """
                Nm lists the symbols of executables and objects: address, type, name.

                	-n            sort by address
                	-size         print the size of each symbol
                	-sort KEY     address, name (default), size or none
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("n", "size").strings("sort").refused("type");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        Nm nm = new Nm();
        nm.size = flags.bool("size");
        nm.sort = flags.bool("n") ? "address" : flags.string("sort", "name");
        switch (nm.sort) {
            case "address", "name", "size", "none" -> {}
            default -> {
                context.err.println("nm: unknown sort order \"" + nm.sort + "\"");
                return 2;
            }
        }
        for (String f : flags.rest) {
            String prefix = flags.rest.size() > 1 ? f + ":\t" : "";
            try {
                for (String line : nm.list(open(context, f)).split("\n")) {
                    context.out.println(prefix + line);
                }
            } catch (FormatException e) {
                throw new BuildException(e.getMessage());
            }
        }
        return 0;
    }

    /** Opens a file named on the command line; what is wrong with it becomes the command's message. */
    static Executable open(Context context, String file) throws BuildException {
        return open(context, "", file);
    }

    /** The same, with the tool's name in front of the message. */
    static Executable open(Context context, String tool, String file) throws BuildException {
        String prefix = (tool.isEmpty() ? "" : tool + ": ") + "open " + file + ": ";
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(context.cwd.resolve(Path.of(file)));
        } catch (NoSuchFileException e) {
            throw new BuildException(prefix + "no such file or directory");
        } catch (IOException | InvalidPathException e) {
            throw new BuildException(prefix + e.getMessage());
        }
        if (!ElfFile.isElf(bytes)) {
            throw new BuildException(prefix + "unrecognized object file");
        }
        try {
            return new Executable(file, bytes);
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
    }
}
