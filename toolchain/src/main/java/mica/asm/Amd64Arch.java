// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.arch.amd64.Amd64;
import mica.arch.amd64.Amd64Names;
import mica.arch.amd64.Amd64Suffix;

/** amd64 as the assembler's parser sees it. */
final class Amd64Arch implements AsmArch {
    private Amd64Function functions;

    @Override
    public int op(String name) {
        return Amd64Names.op(name);
    }

    @Override
    public String canonical(String name) {
        return Amd64Names.canonical(name);
    }

    @Override
    public int register(String name) {
        // g is a name of R14, where Go keeps it.
        return name.equals("g") ? Amd64.R14 : Amd64.register(name);
    }

    @Override
    public String registerName(int register) {
        return Amd64.name(register);
    }

    @Override
    public boolean suffixKnown(String suffix) {
        return Amd64Suffix.parseAll(suffix) >= 0;
    }

    @Override
    public String suffixProblem(String suffix) {
        return Amd64Suffix.problem(suffix);
    }

    @Override
    public void assemble(AsmFunction function, AsmUnit unit) {
        if (functions == null) {
            functions = new Amd64Function(unit);
        }
        functions.assemble(function);
    }
}
