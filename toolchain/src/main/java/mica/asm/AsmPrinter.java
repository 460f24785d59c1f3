// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** Statements as text, for messages. */
final class AsmPrinter {
    private AsmPrinter() {}

    static String print(AsmInst i, AsmArch arch) {
        StringBuilder b = new StringBuilder(i.mnemonic).append(i.suffix);
        for (int k = 0; k < i.operands.length; k++) {
            b.append(k == 0 ? "\t" : ", ");
            operand(b, i.operands[k], arch);
        }
        return b.toString();
    }

    static void operand(StringBuilder b, AsmOperand o, AsmArch arch) {
        switch (o.kind) {
            case REG -> b.append(arch.registerName(o.reg));
            case IMM -> b.append('$').append(o.value);
            case FLOAT -> b.append("$(").append(o.real).append(')');
            case STRING -> b.append("$\"").append(o.name).append('"');
            // hi:lo is the old spelling of two operands.
            case PAIR -> b.append(arch.registerName(o.reg2)).append(", ").append(arch.registerName(o.reg));
            case LIST -> b.append('[').append(arch.registerName(o.reg)).append('-').append(arch.registerName(o.reg2)).append(']');
            case BRANCH -> b.append(o.name != null ? o.name : o.value + "(PC)");
            case MEM, ADDR -> memory(b, o, arch);
            case SPECIAL -> b.append(arch.print(o));
            default -> b.append('?');
        }
    }

    private static void memory(StringBuilder b, AsmOperand o, AsmArch arch) {
        if (o.kind == AsmOperand.Kind.ADDR) {
            b.append('$');
        } else if (o.indirect && o.name != null) {
            b.append('*');
        }
        if (o.name != null) {
            b.append(o.name).append(o.isStatic ? "<>" : o.abi == 1 ? "<ABIInternal>" : o.abi == 0 ? "<ABI0>" : "");
            if (o.value != 0) {
                b.append(o.value > 0 ? "+" : "").append(o.value);
            }
            b.append(o.pseudo == AsmOperand.SB ? "(SB)" : o.pseudo == AsmOperand.FP ? "(FP)" : "(SP)");
        } else {
            if (o.value != 0 || o.reg < 0 && o.index < 0) {
                b.append(o.value);
            }
            if (o.reg >= 0) {
                b.append('(').append(arch.registerName(o.reg)).append(')');
            }
        }
        if (o.index >= 0) {
            b.append('(').append(arch.registerName(o.index)).append('*').append(o.scale).append(')');
        }
    }
}
