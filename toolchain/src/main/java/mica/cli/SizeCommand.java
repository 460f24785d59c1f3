// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import mica.build.BuildException;
import mica.explore.Page;
import mica.inspect.Executable;
import mica.inspect.SizeDiff;
import mica.inspect.SizeReport;
import mica.inspect.Why;
import mica.obj.FormatException;

/** {@code mica size}: what the bytes of an executable are for. */
final class SizeCommand extends Command {
    private static final double LEAST_SHARE = 0.002;
    private static final int TOP = 30;

    SizeCommand() {
        super("size", "size [-by key] [-top n] [-tree] [-json] [-html file] file [file2]", "print what an executable's bytes are for", """
                Size prints how many bytes of an executable are code, tables, types, data and so on, and how
                many belong to which package. Every byte of the file has one owner and counts once: what
                nobody claims would be shown as unknown. With two files it prints what changed from the
                first to the second.

                	-by KEY      only the table by kind, package, type, symbol or section
                	-top N       only the N largest lines of each table
                	-tree        packages, in each the kinds, in each the symbols
                	-json        every range of the file with its owner
                	-html FILE   write a page with a treemap

                Executables that mica has linked with symbols say the owner of every string, type and table;
                for others (stripped ones, the standard compiler's, C's) it is the symbol or the section.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json", "tree").strings("by", "html").ints("top");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        String by = flags.string("by", "");
        if (flags.rest.isEmpty() || flags.rest.size() > 2 || !by.isEmpty() && !SizeReport.KEYS.contains(by)) {
            return misused(context);
        }
        SizeReport first = report(context, flags.rest.get(0));
        if (flags.rest.size() == 2) {
            return difference(context, flags, first);
        }
        if (flags.given("html")) {
            TextFile.write(context.cwd, flags.string("html", ""), Page.of("size", first.file + " size", first.json()));
        }
        if (flags.bool("json")) {
            context.out.print(first.json());
        } else if (flags.bool("tree")) {
            context.out.print(first.tree(LEAST_SHARE));
        } else if (!by.isEmpty()) {
            context.out.print(first.table(by, flags.integer("top", 0)));
        } else if (!flags.given("html")) {
            context.out.print(first.table("kind", flags.integer("top", 0)) + System.lineSeparator() + first.table("package", flags.integer("top", 0)));
        }
        return 0;
    }

    private static int difference(Context context, Flags flags, SizeReport first) throws BuildException {
        Executable second = ToolNm.open(context, flags.rest.get(1));
        try {
            SizeDiff d = new SizeDiff(first, new SizeReport(second), Why.of(second));
            context.out.print(flags.bool("json") ? d.json() : d.text(flags.integer("top", TOP)));
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
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
