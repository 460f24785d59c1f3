// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.asm.AsmListing;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.OutputFile;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Version;
import mica.obj.RelocType;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** {@code mica tool asm}: Plan 9 assembly to ELF relocatable files. */
final class ToolAsm extends Command {
    ToolAsm() {
        super("asm", "tool asm [flags] file.s ...", "assemble", """
                Asm assembles files in Go's assembly syntax to one ELF relocatable file. A
                go_asm.h that is not there is made from the package in the file's folder.

                	-D name[=value]   define a macro; may be given several times
                	-I directory      search headers there; may be given several times
                	-o file           name of the output (default: the first file's name with .o)
                	-p path           import path of the package
                	-trimpath prefix  remove the prefix from recorded file names
                	-gensymabis       write which functions are defined and referred to, instead of code
                	-S                print the symbols with their instructions, bytes and relocations
                	-debug            print the statements as they are parsed
                	-shared           refuse what cannot be linked into a shared library
                	-linkshared, -v   accepted; they change nothing
                	-V                print the version
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("gensymabis", "S", "V", "std", "e", "shared", "linkshared", "debug", "v", "compiling-runtime").strings("o", "p", "trimpath",
                "arch")
                .lists("D", "I").refused("dynlink", "spectre", "d");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.bool("V")) {
            context.out.println("asm version " + Version.GO);
            return 0;
        }
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        SymbolTable table = new SymbolTable();
        List<Symbol> symbols = new ArrayList<>();
        List<String> parsed = new ArrayList<>();
        AsmListing listing = new AsmListing(sources);
        StringBuilder abis = new StringBuilder();
        AsmOptions options = null;
        String recorded = "";
        for (String name : flags.rest) {
            options = options(context, flags, sources);
            options.parsed = flags.bool("debug") ? parsed : null;
            options.listing = flags.bool("S") ? listing : null;
            SourceFile file = read(context, sources, name);
            String trim = flags.string("trimpath", "");
            int arrow = trim.indexOf("=>");
            String prefix = arrow < 0 ? trim : trim.substring(0, arrow);
            if (!prefix.isEmpty() && name.startsWith(prefix + "/")) {
                file.recordedPath = name.substring(prefix.length() + 1);
            }
            recorded = recorded.isEmpty() ? file.recordedPath : recorded;
            if (flags.bool("gensymabis")) {
                abis.append(Assembler.symbolAbis(file, options, diagnostics));
            } else {
                goHeader(context, options, file);
                symbols.addAll(Assembler.assemble(file, options, table, diagnostics));
            }
        }
        for (String line : parsed) {
            context.out.println(line);
        }
        if (!diagnostics.isEmpty()) {
            report(context, flags, diagnostics);
            return 1;
        }
        if (flags.bool("shared")) {
            checkShared(symbols);
        }
        if (flags.bool("S")) {
            context.out.print(listing.print(symbols));
        }
        String first = Path.of(flags.rest.get(0)).getFileName().toString();
        String out = flags.string("o", (first.endsWith(".s") ? first.substring(0, first.length() - 2) : first) + ".o");
        byte[] bytes = flags.bool("gensymabis") ? abis.toString().getBytes(StandardCharsets.UTF_8) : Assembler.object(symbols, recorded, options);
        try {
            OutputFile.write(context.cwd.resolve(out), bytes, false);
        } catch (IOException e) {
            boolean missing = e instanceof java.nio.file.NoSuchFileException;
            throw new BuildException("asm: open " + out + ": " + (missing ? "no such file or directory" : e.getMessage()));
        }
        return 0;
    }

    /** Code refers to symbols by distance; what would need an absolute address of four bytes cannot be shared. */
    private static void checkShared(List<Symbol> symbols) throws BuildException {
        for (Symbol s : symbols) {
            for (int i = 0; i < s.relocCount; i++) {
                if (s.relocType[i] == RelocType.ABS32S || s.relocType[i] == RelocType.ABS32) {
                    throw new BuildException("asm: " + s.name + ": -shared: absolute address of " + s.relocTarget[i].name);
                }
            }
        }
    }

    /** Makes go_asm.h from the package beside a file that wants it and finds none; without a package it stays missing. */
    private static void goHeader(Context context, AsmOptions options, SourceFile file) {
        if (!options.wants(file, "go_asm.h")) {
            return;
        }
        Path dir = context.cwd.resolve(file.path).getParent();
        Target target = new Target("linux", options.arch);
        try {
            Environment env = new Environment(dir, context.env, Context.home(), List.of(), target);
            String header = new Builder(env, new BuildOptions(), context.out, context.err).asmHeader(List.of("."));
            if (header != null) {
                options.headers.put("go_asm.h", header);
            }
        } catch (BuildException e) {
            // No package here: the assembler says which header it misses.
        }
    }

    private static AsmOptions options(Context context, Flags flags, Sources sources) {
        AsmOptions o = new AsmOptions(sources);
        o.arch = flags.string("arch", context.env.getOrDefault("GOARCH", "amd64"));
        if (o.arch.isEmpty()) {
            o.arch = "amd64";
        }
        o.packagePath = flags.string("p", "");
        o.allowAbi = flags.bool("compiling-runtime") || flags.bool("std");
        for (String d : flags.list("D")) {
            int eq = d.indexOf('=');
            o.defines.put(eq < 0 ? d : d.substring(0, eq), eq < 0 ? "1" : d.substring(eq + 1));
        }
        for (String i : flags.list("I")) {
            o.includeDirs.add(context.cwd.resolve(i));
        }
        return o;
    }

    private static SourceFile read(Context context, Sources sources, String name) throws BuildException {
        try {
            return sources.add(name, Files.readAllBytes(context.cwd.resolve(name)));
        } catch (IOException e) {
            throw new BuildException("asm: open " + name + ": no such file or directory");
        }
    }

    private static void report(Context context, Flags flags, Diagnostics diagnostics) {
        int n = 0;
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            SourceFile f = diagnostics.sources.file(e.pos);
            context.err.println((f == null ? "" : f.fileName(e.pos) + ":" + f.line(e.pos) + ": ") + e.text);
            if (++n >= 10 && !flags.bool("e")) {
                context.err.println("too many errors");
                break;
            }
        }
        context.err.println("asm: assembly of " + flags.rest.get(0) + " failed");
    }
}
