// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.List;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Table;

/**
 * arm64 as the assembler's parser sees it. Operands become shapes with parameters, as the instruction table has them.
 */
final class Arm64Arch implements AsmArch {
    private static final List<String> CONDITIONS = List.of("EQ", "NE", "HS", "LO", "MI", "PL", "VS", "VC", "HI", "LS",
            "GE", "LT",
            "GT", "LE", "AL", "NV");
    /** First numbers of F and V registers, for the parser. */
    private static final int F = 64;
    private static final int V = 96;

    private final Arm64Table table = Arm64Table.get();
    private Arm64Function functions;

    @Override
    public int op(String name) {
        return name.equals("UNDEF") || isBitField(name) || table.hasMnemonic(name) ? 0 : -1;
    }

    static boolean isBitField(String name) {
        switch (name) {
            case "UBFX", "UBFXW", "SBFX", "SBFXW", "UBFIZ", "UBFIZW", "SBFIZ", "SBFIZW", "BFI", "BFIW", "BFXIL",
                    "BFXILW":
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
        switch (name) {
            case "ZR":
                return Arm64Inst.ZR;
            case "RSP":
                return Arm64Inst.RSP;
            case "g":
                return 28;
            case "R18_PLATFORM":
                return 18;
            case "LR":
                return 30;
            default:
        }
        int n = name.length();
        if (n < 2 || n > 3 || "RFV".indexOf(name.charAt(0)) < 0) {
            return -1;
        }
        int v = 0;
        for (int i = 1; i < n; i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9' || i == 1 && c == '0' && n == 3) {
                return -1;
            }
            v = v * 10 + c - '0';
        }
        char kind = name.charAt(0);
        return kind == 'R' ? v <= 30 && v != 18 && v != 28 ? v : -1 : v <= 31 ? v + (kind == 'F' ? F : V) : -1;
    }

    @Override
    public String registerName(int r) {
        return r >= V ? "V" + (r - V) : r >= F ? "F" + (r - F) : r == Arm64Inst.ZR ? "ZR" : r == Arm64Inst.RSP ? "RSP"
                : r == 28 ? "g" : r == 18 ? "R18_PLATFORM" : "R" + r;
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

    /** Everything but constants, symbols and labels, which the general parser reads. */
    @Override
    public AsmOperand special(OperandParser p) {
        int mark = p.mark();
        StringBuilder shape = new StringBuilder();
        List<Long> params = new ArrayList<>();
        if (!leading(p, shape, params) || !rest(p, shape, params)) {
            p.back(mark);
            return null;
        }
        AsmOperand o = new AsmOperand();
        o.kind = AsmOperand.Kind.SPECIAL;
        o.name = shape.toString();
        o.params = new long[params.size()];
        for (int i = 0; i < o.params.length; i++) {
            o.params[i] = params.get(i);
        }
        return o;
    }

    /** A number in front of parentheses; false if the operand is for the general parser. */
    private boolean leading(OperandParser p, StringBuilder shape, List<Long> params) {
        Token t = p.peek();
        if (t.kind == '$') {
            p.next();
            shape.append('$');
            t = p.peek();
            if (t.kind == '(' && isRegister(p.peek(1))) {
                shape.append('#');
                params.add(0L);
                return true;
            }
        }
        if (t.kind == Token.IDENT) {
            return shape.length() == 0 && (isRegister(t) || condition(t.text) >= 0);
        }
        if (t.kind == '[') {
            return true;
        }
        if (t.kind == Token.FLOAT || t.kind == Token.STRING) {
            return false;
        }
        if (t.kind == '(' && isRegister(p.peek(1))) {
            return true;
        }
        // Constants of floating point and those without a register behind them are general.
        for (int i = 0; p.peek(i).kind != Token.EOF; i++) {
            if (p.peek(i).kind == Token.FLOAT) {
                return false;
            }
        }
        if (t.kind != Token.INT && t.kind != '-' && t.kind != '(' && t.kind != '~' && t.kind != Token.CHAR
                && t.kind != '+') {
            return false;
        }
        params.add(p.expr());
        shape.append('#');
        return p.peek().kind == '(' && isRegister(p.peek(1));
    }

    private static int condition(String name) {
        return name.equals("CS") ? 2 : name.equals("CC") ? 3 : CONDITIONS.indexOf(name);
    }

    private boolean isRegister(Token t) {
        return t.kind == Token.IDENT && register(t.text) >= 0;
    }

    private boolean rest(OperandParser p, StringBuilder shape, List<Long> params) {
        boolean list = p.peek().kind == '[';
        int inList = 0;
        while (p.more()) {
            Token t = p.next();
            if (t.kind == Token.IDENT) {
                int r = register(t.text);
                boolean after = shape.length() > 0 && shape.charAt(shape.length() - 1) == '.';
                if (after) {
                    shape.append(t.text);
                } else if (r >= 0) {
                    shape.append(r >= V ? 'v' : r >= F ? 'f' : 'r');
                    long n = r >= V ? r - V : r >= F ? r - F : r;
                    if (list && inList++ > 0) {
                        if (n != (params.get(0) + inList - 1 & 31)) {
                            throw p.fail("incontiguous register in ARM64 register list: " + t.text);
                        }
                    } else {
                        params.add(n);
                    }
                } else if (condition(t.text) >= 0 && shape.length() == 0) {
                    shape.append('c');
                    params.add((long) condition(t.text));
                } else {
                    return false;
                }
            } else if (t.kind == Token.INT) {
                p.back(p.mark() - 1);
                params.add(p.factor());
                shape.append('#');
            } else if (t.kind != '$') {
                list &= t.kind != ']';
                shape.append(t.text);
            }
        }
        return true;
    }
}
