// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.List;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Plan 9 assembly text → symbols. */
public final class Assembler {
    private Assembler() {}

    /**
     * Assembles one file and defines its symbols in {@code table}, unless there are errors, which go to {@code diagnostics}.
     *
     * @return the defined symbols, file-local ones ({@code <>}) included, functions first, each kind in the order of the source
     */
    public static List<Symbol> assemble(SourceFile file, AsmOptions options, SymbolTable table, Diagnostics diagnostics) {
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

    private static AsmArch arch(String name) {
        if (name.equals("amd64")) {
            return new Amd64Arch();
        }
        throw new mica.base.Fault("asm", "no assembler for " + name);
    }
}
