// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.build.BuildException;
import mica.link.Image;
import mica.link.LinkOptions;
import mica.link.Linker;
import mica.link.ObjectFiles;
import mica.obj.FormatException;
import mica.obj.SymbolTable;

/** {@code mica tool link}: a static executable from relocatable objects and archives. */
final class ToolLink extends Command {
    ToolLink() {
        super("link", "tool link [options] file.o|file.a...", "link objects to an executable", """
                Link makes a static executable of ELF relocatable objects and the members of archives that they
                need. (Go packages are compiled and linked by mica build.)

                	-o FILE       name of the executable (default a.out)
                	-E NAME       symbol where execution starts (default _start)
                	-B 0xHEX      record these bytes as GNU build id
                	-s            no symbol table
                	-w            no debug information
                	-buildid ID   record ID instead of a hash of the contents
                	-v            print how long each phase took
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("s", "w", "v").strings("o", "E", "buildid", "B").refused("X", "linkmode", "buildmode", "extld", "H", "I", "L", "r", "race");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        LinkOptions o = new LinkOptions();
        if (flags.given("B")) {
            String error = o.setGnuBuildId(flags.string("B", ""));
            if (error != null) {
                context.err.println(error);
                return 2;
            }
        }
        SymbolTable table = new SymbolTable();
        ObjectFiles objects = new ObjectFiles(table);
        for (String f : flags.rest) {
            add(context, objects, f);
        }
        Sources sources = new Sources();
        o.diagnostics = new Diagnostics(sources);
        o.resolver = objects;
        o.entry = flags.string("E", "_start");
        o.omitSymbols = flags.bool("s");
        o.omitDebug = flags.bool("w") || flags.bool("s");
        o.buildId = flags.given("buildid") ? flags.string("buildid", "") : null;
        Image image = Linker.link(o, table, sources, List.of());
        for (String e : objects.errors) {
            context.err.println(e);
        }
        for (Diagnostics.Entry e : o.diagnostics.sorted()) {
            context.err.println(e.text);
        }
        if (image == null || !objects.errors.isEmpty()) {
            return 1;
        }
        if (flags.bool("v")) {
            for (int i = 0; i < image.phaseNames.size(); i++) {
                context.err.println(image.phaseNames.get(i) + "\t" + image.phaseNanos.get(i) / 1000 + " us");
            }
        }
        Path out = context.cwd.resolve(flags.string("o", "a.out"));
        try {
            image.write(out);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + out + ": " + e.getMessage());
        }
        return 0;
    }

    private static void add(Context context, ObjectFiles objects, String file) throws BuildException {
        try {
            objects.add(file, Files.readAllBytes(context.cwd.resolve(file)));
        } catch (IOException e) {
            throw new BuildException("cannot open file " + file + ": open " + file + ": no such file or directory");
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
    }
}
