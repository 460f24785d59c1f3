// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import mica.arch.arm64.Arm64Printer;
import mica.arch.arm64.Arm64Registers;
import mica.arch.arm64.Arm64Table;

/**
 * arm64 as the assembler's parser sees it. Operands become shapes with parameters, as the instruction table has them.
 */
final class Arm64Arch implements AsmArch {
    private final Arm64Table table = Arm64Table.get();
    private final Arm64Operands operands = new Arm64Operands();
    private Arm64Function functions;

    @Override
    public int op(String name) {
        switch (name) {
            case "UNDEF", "NOP", "RET", "END", "GETCALLERPC", "REM", "REMW", "UREM", "UREMW", "VMOVS", "VMOVD", "VMOVQ" -> {
                return 0;
            }
            default -> {
                return isBitField(name) || table.hasMnemonic(name) ? 0 : -1;
            }
        }
    }

    static boolean isBitField(String name) {
        switch (name) {
            case "UBFX", "UBFXW", "SBFX", "SBFXW", "UBFIZ", "UBFIZW", "SBFIZ", "SBFIZW", "BFI", "BFIW", "BFXIL", "BFXILW":
                return true;
            default:
                return false;
        }
    }

    @Override
    public String canonical(String name) {
        switch (name) {
            case "B":
                return "JMP";
            case "BL":
                return "CALL";
            default:
                return name;
        }
    }

    @Override
    public int register(String name) {
        return Arm64Registers.parse(name);
    }

    @Override
    public String registerName(int r) {
        return Arm64Registers.name(Arm64Registers.letter(r), Arm64Registers.number(r));
    }

    @Override
    public boolean suffixKnown(String suffix) {
        return suffix.equals(".P") || suffix.equals(".W");
    }

    @Override
    public void assemble(AsmFunction function, AsmUnit unit) {
        if (functions == null) {
            functions = new Arm64Function(unit, table);
        }
        functions.assemble(function);
    }

    @Override
    public AsmOperand special(OperandParser p) {
        return operands.parse(p);
    }

    @Override
    public String print(AsmOperand special) {
        return Arm64Printer.operand(special.name, special.params);
    }
}
