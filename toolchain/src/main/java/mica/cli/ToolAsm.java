// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mica.asm.AsmListing;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.FileErrors;
import mica.base.JsonWriter;
import mica.base.OutputFile;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Version;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** {@code mica tool asm}: Plan 9 assembly to ELF relocatable files. */
final class ToolAsm extends Command {
    private static final Pattern DEFINED = Pattern.compile("[\\p{L}_\u00b7\u2215][\\p{L}\\p{Nd}_\u00b7\u2215]*");

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
                	-shared           code for a shared library: thread-local storage is found through
                	                 the loader's table
                	-dynlink          the same, and variables of other libraries through it, too
                	-spectre list     all or ret: indirect calls and jumps by runtime.retpoline
                	-d list           debug settings; -d help lists them
                	-linkshared, -v   accepted; they change nothing
                	-V                print the version
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("gensymabis", "S", "V", "std", "e", "shared", "dynlink", "linkshared", "debug", "v", "compiling-runtime")
                .strings("o", "p", "trimpath", "arch", "spectre").lists("D", "I", "d");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.bool("V")) {
            context.out.println("asm version " + Version.GO);
            return 0;
        }
        if (AsmDebug.asksForHelp(flags.list("d"))) {
            context.out.print(AsmDebug.HELP);
            return 0;
        }
        if (flags.rest.isEmpty() || flags.rest.size() > 1 && !flags.given("o")) {
            return misused(context);
        }
        Sources sources = new Sources();
        AsmOptions options;
        try {
            options = options(context, flags, sources);
        } catch (Flags.Misuse e) {
            context.err.println(e.getMessage());
            return misused(context);
        }
        return assemble(context, flags, options);
    }

    private static int assemble(Context context, Flags flags, AsmOptions options) throws BuildException {
        Sources sources = options.sources;
        Diagnostics diagnostics = new Diagnostics(sources);
        SymbolTable table = new SymbolTable();
        List<Symbol> symbols = new ArrayList<>();
        List<String> parsed = new ArrayList<>();
        AsmListing listing = new AsmListing(sources);
        StringBuilder abis = new StringBuilder();
        options.parsed = flags.bool("debug") ? parsed : null;
        options.listing = flags.bool("S") || !options.pcTable.isEmpty() ? listing : null;
        String recorded = "";
        String failed = "";
        for (String name : flags.rest) {
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
            if (!diagnostics.isEmpty()) {
                failed = name;
                break;
            }
        }
        for (String line : parsed) {
            context.out.println(line);
        }
        if (!diagnostics.isEmpty()) {
            report(context, flags, diagnostics, failed);
            return 1;
        }
        if (!options.pcTable.isEmpty()) {
            context.out.print(listing.table(options.pcTable, symbols));
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
            throw new BuildException("asm: open " + out + ": " + FileErrors.reason(e));
        }
        return 0;
    }

    private static boolean retpolines(String spectre) throws BuildException {
        switch (spectre) {
            case "all", "ret":
                return true;
            case "", "index":
                // The latter is the compiler's affair.
                return false;
            default:
                throw new BuildException("asm: unknown setting -spectre=" + spectre, 2);
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

    private static AsmOptions options(Context context, Flags flags, Sources sources) throws BuildException, Flags.Misuse {
        AsmOptions o = new AsmOptions(sources);
        o.arch = flags.string("arch", context.env.getOrDefault("GOARCH", "amd64"));
        if (o.arch.isEmpty()) {
            o.arch = "amd64";
        }
        o.packagePath = flags.string("p", "");
        o.dynlink = flags.bool("dynlink");
        o.shared = flags.bool("shared") || o.dynlink;
        o.retpolines = retpolines(flags.string("spectre", ""));
        AsmDebug.apply(flags.list("d"), o);
        o.allowAbi = flags.bool("compiling-runtime") || flags.bool("std");
        for (String d : flags.list("D")) {
            int eq = d.indexOf('=');
            String name = eq <= 0 ? d : d.substring(0, eq);
            if (!DEFINED.matcher(name).matches()) {
                throw new Flags.Misuse("asm: parsing -D: " + JsonWriter.quote(name) + " is not a valid identifier name");
            }
            o.defines.put(name, eq <= 0 ? "1" : d.substring(eq + 1));
        }
        for (String i : flags.list("I")) {
            o.includeDirs.add(context.cwd.resolve(i));
        }
        return o;
    }

    private static SourceFile read(Context context, Sources sources, String name) throws BuildException {
        return sources.add(name, InputFile.read(context, "asm", name));
    }

    private static void report(Context context, Flags flags, Diagnostics diagnostics, String failed) {
        int n = 0;
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            SourceFile f = diagnostics.sources.file(e.pos);
            context.err.println((f == null ? "" : f.fileName(e.pos) + ":" + f.line(e.pos) + ": ") + e.text);
            if (++n >= 10 && !flags.bool("e")) {
                context.err.println("too many errors");
                break;
            }
        }
        context.err.println("asm: assembly of " + failed + " failed");
    }
}
