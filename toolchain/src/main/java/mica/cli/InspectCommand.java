// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.ArrayList;
import java.util.List;
import mica.build.BuildException;
import mica.inspect.FileView;
import mica.obj.FormatException;

/** {@code mica inspect}: what a file says about itself. */
final class InspectCommand extends Command {
    InspectCommand() {
        super("inspect", "inspect [-json] [part flags] file", "print what an executable or object says about itself", """
                Inspect prints what stands in an executable or object: of Mica, of the standard compiler (objects in
                its own format, too), of a C compiler. Without flags it prints headers, segments and sections, and how much there is of the
                rest. Of PE and Mach-O files headers, segments and sections are read.

                	-headers     ELF header
                	-segments    program headers
                	-sections    section headers
                	-symbols     symbol tables
                	-relocs      relocations, with the formula of each
                	-notes       notes
                	-pclntab     header of Go's function table
                	-functab     functions of the table
                	-moduledata  the record by which the runtime knows the program
                	-types       type descriptors
                	-itabs       interface tables
                	-buildinfo   toolchain version, modules, build settings, build id
                	-json        as JSON; all parts if none is named
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json").bools(FileView.PARTS.toArray(new String[0]));
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() != 1) {
            return misused(context);
        }
        List<String> parts = new ArrayList<>();
        for (String p : FileView.PARTS) {
            if (flags.bool(p)) {
                parts.add(p);
            }
        }
        String file = flags.rest.get(0);
        try {
            FileView view = new FileView(file, InputFile.read(context, "", file));
            if (flags.bool("json")) {
                context.out.print(view.json(parts.isEmpty() ? FileView.PARTS : parts));
            } else {
                context.out.print(parts.isEmpty() ? view.summary() : view.text(parts));
            }
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
        return 0;
    }
}
