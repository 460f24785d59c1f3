// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import mica.build.BuildException;
import mica.inspect.SizeReport;
import mica.obj.FormatException;

/** {@code mica size}: what the bytes of an executable are for. */
final class SizeCommand extends Command {
    SizeCommand() {
        super("size", "size [-json] file [file2]", "print what an executable's bytes are for", """
                Size prints how many bytes of an executable are code, tables, types, data and so on, and how
                many belong to which package. Every byte of the file counts once. With two files it
                prints what changed from the first to the second.

                	-json    print every range of the file with its owner
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty() || flags.rest.size() > 2) {
            return misused(context);
        }
        SizeReport first = report(context, flags.rest.get(0));
        if (flags.rest.size() == 2) {
            context.out.print(report(context, flags.rest.get(1)).difference(first));
        } else {
            context.out.print(flags.bool("json") ? first.json() : first.text());
        }
        return 0;
    }

    private static SizeReport report(Context context, String file) throws BuildException {
        try {
            return new SizeReport(ToolNm.open(context, file));
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
    }
}
