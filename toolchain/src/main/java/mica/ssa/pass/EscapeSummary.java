// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;

/**
 * What a call of a function does to the pointers that it is given. Kept in {@link mica.ssa.FuncRef#summary}; flags per operand of
 * the call, and one set for the closure context.
 */
public final class EscapeSummary {
    /** The pointer itself may outlive the call. */
    public static final int SELF = 1;
    /** Pointers found in the memory that it points to (at any depth) may outlive the call. */
    public static final int CONTENTS = 2;
    /** The pointer may be a result. */
    public static final int RETURNED = 4;
    /** Pointers found in the memory may be a result. */
    public static final int CONTENTS_RETURNED = 8;
    /** Pointers found in the memory may be overwritten with others, which the caller does not know. */
    static final int STORED = 16;
    /** What it points to, or what is found there, may be written. */
    static final int WRITES = 32;
    /** Pointers found behind pointers in the memory that it points to may outlive the call. */
    static final int DEEP = 64;
    static final int WORST = SELF | CONTENTS | RETURNED | CONTENTS_RETURNED | STORED | WRITES | DEEP;

    /** Nothing outlives the call. */
    static final EscapeSummary NOTHING = new EscapeSummary(new byte[0], (byte) 0);
    /**
     * Functions without body that are marked go:noescape. They keep no pointer that they are given; but some of them move memory,
     * so what lies in the memory may get anywhere.
     */
    public static final EscapeSummary NO_ESCAPE = new EscapeSummary(new byte[0], (byte) 0);
    private static final int MOVES = CONTENTS | DEEP | STORED | WRITES;

    private final byte[] args;
    private final byte context;

    EscapeSummary(byte[] args, byte context) {
        this.args = args;
        this.context = context;
    }

    int arg(int i) {
        return i < args.length ? args[i] : this == NOTHING ? 0 : this == NO_ESCAPE ? MOVES : WORST;
    }

    int context() {
        return context;
    }

    /** What either says; both are of one function. */
    EscapeSummary with(EscapeSummary other) {
        byte[] a = args.clone();
        for (int i = 0; i < a.length; i++) {
            a[i] |= (byte) other.arg(i);
        }
        return new EscapeSummary(a, (byte) (context | other.context));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EscapeSummary s && context == s.context && Arrays.equals(args, s.args);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(args) * 31 + context;
    }

    @Override
    public String toString() {
        StringBuilder sb = new StringBuilder();
        for (byte b : args) {
            sb.append(text(b)).append(' ');
        }
        return sb.append("context ").append(text(context)).toString();
    }

    private static String text(int b) {
        return b == 0 ? "-" : ((b & SELF) != 0 ? "s" : "") + ((b & CONTENTS) != 0 ? "c" : "") + ((b & RETURNED) != 0 ? "r" : "")
                + ((b & CONTENTS_RETURNED) != 0 ? "x" : "") + ((b & STORED) != 0 ? "i" : "") + ((b & WRITES) != 0 ? "w" : "") + ((b & DEEP) != 0 ? "d" : "");
    }
}
