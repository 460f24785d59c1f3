// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.inspect.Executable;
import mica.inspect.Nm;
import mica.inspect.ObjectFiles;
import mica.obj.FormatException;

/** {@code mica tool nm}: the symbols of executables, objects and archives. */
final class ToolNm extends Command {
    ToolNm() {
        super("nm", "tool nm [options] file...", "list symbols", """
                Nm lists the symbols of executables, objects and archives: address, type, name.

                	-n            an alias for -sort address
                	-size         print symbol size in decimal between address and type
                	-sort KEY     address, name (default), none or size (from largest to smallest)
                	-type         print symbol type after name (ELF files have none)
                	-json         print an object for each file instead
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("n", "size", "type", "json").strings("sort");
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
        int status = 0;
        for (String f : flags.rest) {
            // What is wrong with one file does not keep the others from being listed.
            try {
                list(context, flags, nm, f);
            } catch (BuildException e) {
                context.err.println(e.getMessage());
                status = 1;
            }
        }
        return status;
    }

    private static void list(Context context, Flags flags, Nm nm, String file) throws BuildException {
        List<ObjectFiles.Entry> entries = openAll(context, "", file);
        StringBuilder b = new StringBuilder();
        try {
            for (ObjectFiles.Entry e : entries) {
                String member = file + "(" + e.member + ")";
                if (flags.bool("json")) {
                    nm.json(b, e.member.isEmpty() ? file : member, e);
                } else {
                    nm.list(b, entries.size() > 1 ? member + ":\t" : flags.rest.size() > 1 ? file + ":\t" : "", e);
                }
            }
        } catch (FormatException e) {
            throw new BuildException("reading " + file + ": " + e.getMessage());
        }
        context.out.print(b);
        if (b.isEmpty()) {
            throw new BuildException("reading " + file + ": no symbols");
        }
    }

    /** Opens an executable or object named on the command line; what is wrong with it becomes the command's message. */
    static Executable open(Context context, String file) throws BuildException {
        return open(context, "", file);
    }

    /** The same, with the tool's name in front of the message. */
    static Executable open(Context context, String tool, String file) throws BuildException {
        List<ObjectFiles.Entry> all = openAll(context, tool, file);
        if (all.size() != 1) {
            throw new BuildException((tool.isEmpty() ? "" : tool + ": ") + "open " + file + ": an archive of " + all.size() + " objects");
        }
        if (all.get(0).exe == null) {
            throw new BuildException((tool.isEmpty() ? "" : tool + ": ") + "open " + file + ": an object of the standard compiler; ELF files only");
        }
        return all.get(0).exe;
    }

    /** An executable or object, or all objects of an archive. */
    static List<ObjectFiles.Entry> openAll(Context context, String tool, String file) throws BuildException {
        String prefix = (tool.isEmpty() ? "" : tool + ": ") + "open " + file + ": ";
        byte[] bytes = InputFile.read(context, tool, file);
        try {
            List<ObjectFiles.Entry> all = ObjectFiles.open(file, bytes);
            if (all.isEmpty()) {
                throw new BuildException(prefix + "unrecognized object file");
            }
            return all;
        } catch (FormatException e) {
            throw new BuildException((tool.isEmpty() ? "" : tool + ": ") + e.getMessage());
        }
    }
}
