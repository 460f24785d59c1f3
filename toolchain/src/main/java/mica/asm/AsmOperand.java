// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

/** A parsed operand, before frame offsets and symbols are resolved. */
final class AsmOperand {
    enum Kind {
        REG,
        /** $constant. */
        IMM,
        /** $floating-point. */
        FLOAT,
        /** $"text". */
        STRING,
        /** offset(base)(index*scale), or name+offset(pseudo)(index*scale). */
        MEM,
        /** $ in front of a MEM. */
        ADDR,
        /** A label by name, or a distance in instructions. */
        BRANCH,
        /** [first-last] or [a,b,...]. */
        LIST,
        /** high:low. */
        PAIR,
        /** $frame-args of TEXT. */
        SIZES,
        /** Forms that only one CPU has: {@link #name} is the shape. */
        SPECIAL
    }

    /** What a symbolic MEM counts from. */
    static final int NONE = 0;
    static final int SB = 1;
    static final int FP = 2;
    static final int SP = 3;

    Kind kind;
    /** REG, first of a LIST, high of a PAIR, base of a MEM; -1 = none. */
    int reg = -1;
    /** Last of a LIST, low of a PAIR. */
    int reg2 = -1;
    int index = -1;
    int scale = 1;
    /** Constant, or offset. */
    long value;
    double real;
    /** Symbol, label or string. */
    String name;
    boolean isStatic;
    /** 0, 1, or -1 if not said. */
    int abi = -1;
    int pseudo;
    /** CPU-specific shape: bits chosen by the architecture's parser. */
    int special;
    boolean indirect;
    /** Parameters of a SPECIAL; its shape is the name. */
    long[] params;
    int pos;

    AsmOperand copy() {
        AsmOperand c = new AsmOperand();
        c.kind = kind;
        c.reg = reg;
        c.reg2 = reg2;
        c.index = index;
        c.scale = scale;
        c.value = value;
        c.real = real;
        c.name = name;
        c.isStatic = isStatic;
        c.abi = abi;
        c.pseudo = pseudo;
        c.special = special;
        c.indirect = indirect;
        c.params = params;
        c.pos = pos;
        return c;
    }

    boolean isSymbol() {
        return name != null && (kind == Kind.MEM || kind == Kind.ADDR);
    }
}
