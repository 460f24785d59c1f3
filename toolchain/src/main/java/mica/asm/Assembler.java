// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.obj.Elf;
import mica.obj.ElfObject;
import mica.obj.GoObjectWriter;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Plan 9 assembly text → symbols. */
public final class Assembler {
    private Assembler() {}

    /**
     * Assembles one file and defines its symbols in {@code table}, unless there are errors, which go to {@code
     * diagnostics}.
     *
     * @return the defined symbols, file-local ones ({@code <>}) included, functions first, each kind in the order of
     * the source
     */
    public static List<Symbol> assemble(SourceFile file, AsmOptions options, SymbolTable table,
            Diagnostics diagnostics) {
        AsmErrors errors = new AsmErrors(diagnostics);
        AsmArch arch = arch(options.arch);
        AsmUnit unit = new AsmUnit(table, errors, options, arch);
        new AsmParser(new Preprocessor(file, options, errors), arch, errors, unit, options).parse();
        if (errors.count > 0) {
            return List.of();
        }
        unit.finish();
        return unit.symbols();
    }

    /** The ELF relocatable file of assembled symbols, with a line table; {@code file} is the source's recorded name. */
    public static byte[] object(List<Symbol> symbols, String file, AsmOptions options) {
        List<Symbol> functions = new ArrayList<>();
        for (Symbol s : symbols) {
            if (s.func != null) {
                functions.add(s);
            }
        }
        List<ElfObject.Extra> extras = new ArrayList<>();
        if (!functions.isEmpty()) {
            LineTable debug = new LineTable(functions, file, options.sources);
            ElfObject.Extra abbreviations = new ElfObject.Extra(".debug_abbrev", debug.abbreviations());
            ElfObject.Extra lines = new ElfObject.Extra(".debug_line", debug.lines());
            abbreviations.referred = true;
            lines.referred = true;
            extras.add(abbreviations);
            extras.add(new ElfObject.Extra(".debug_info", debug.info(abbreviations.content, lines.content)));
            extras.add(lines);
        }
        List<Symbol> all = new ArrayList<>(symbols);
        all.addAll(constants(symbols));
        return GoObjectWriter.write(options.arch.equals("arm64") ? Elf.EM_AARCH64 : Elf.EM_X86_64, file, all, extras, null, options.sources);
    }

    /** The constants that functions load from memory, by name: they belong to whoever uses them. */
    static List<Symbol> constants(List<Symbol> symbols) {
        Set<Symbol> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.addAll(symbols);
        List<Symbol> found = new ArrayList<>();
        for (Symbol f : symbols) {
            for (int i = 0; f.func != null && i < f.relocCount; i++) {
                Symbol t = f.relocTarget[i];
                boolean constant = t.name.startsWith("$f") || t.name.startsWith("$i");
                if (constant && t.isDefined() && seen.add(t)) {
                    found.add(t);
                }
            }
        }
        found.sort((a, b) -> a.name.compareTo(b.name));
        return found;
    }

    /**
     * The lines of {@code tool asm -gensymabis}: which symbols the file defines as functions and which it refers to,
     * each with its
     * ABI. Operands are only looked at, so that constants of a go_asm.h that does not exist yet may be missing.
     */
    public static String symbolAbis(SourceFile file, AsmOptions options, Diagnostics diagnostics) {
        AsmErrors errors = new AsmErrors(diagnostics);
        AsmArch arch = arch(options.arch);
        AsmUnit unit = new AsmUnit(new SymbolTable(), errors, options, arch);
        AsmParser parser = new AsmParser(new Preprocessor(file, options, errors), arch, errors, unit, options);
        return parser.symbolAbis();
    }

    private static AsmArch arch(String name) {
        if (name.equals("amd64")) {
            return new Amd64Arch();
        }
        if (name.equals("arm64")) {
            return new Arm64Arch();
        }
        throw new mica.base.Fault("asm", "no assembler for " + name);
    }
}
