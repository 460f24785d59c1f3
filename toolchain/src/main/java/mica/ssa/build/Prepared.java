// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Expr;
import mica.types.Builtin;
import mica.types.Type;

/**
 * A call whose function and arguments have been evaluated. Go and defer statements take it apart: they capture the operands and
 * make the call elsewhere, so everything but the operands is the same in each function built from one tree.
 */
final class Prepared {
    enum Kind {
        /** A function known at compile time. */
        STATIC,
        /** A func value: operand {@link #target}. */
        CLOSURE,
        /** A method of an interface: {@link #target} is the interface value, its data word is no argument. */
        INTERFACE,
        BUILTIN
    }

    final Kind kind;
    /** STATIC: the callee. */
    Fn fn;
    /** CLOSURE, INTERFACE: what is called. */
    Operand target;
    /** INTERFACE: index in the sorted method list, and name. */
    int methodIndex;
    String methodName;
    mica.types.Func method;
    /** INTERFACE: what is called, as the source has it; null where no source says it. */
    Expr text;
    Builtin.Id builtin;
    /** Types of parameters (a static method's receiver first; not for INTERFACE) and results. */
    Type[] params;
    Type[] results;
    /** Parallel to params; builtins: their operands. */
    Operand[] args;
    /** Pointers whose objects must live until the call is over, as the callee gets them as numbers (go:uintptrescapes). */
    Operand[] kept = {};
    int pos;

    Prepared(Kind kind, int pos) {
        this.kind = kind;
        this.pos = pos;
    }

    /** The same call with other operands: target first if there is one, then the arguments, then the pointers to keep. */
    Prepared with(Operand[] operands) {
        Prepared p = new Prepared(kind, pos);
        p.fn = fn;
        p.methodIndex = methodIndex;
        p.methodName = methodName;
        p.method = method;
        p.text = text;
        p.builtin = builtin;
        p.params = params;
        p.results = results;
        int n = target == null ? 0 : 1;
        p.target = n == 0 ? null : operands[0];
        int end = operands.length - kept.length;
        p.args = java.util.Arrays.copyOfRange(operands, n, end);
        p.kept = java.util.Arrays.copyOfRange(operands, end, operands.length);
        return p;
    }

    Operand[] operands() {
        int n = target == null ? 0 : 1;
        Operand[] r = new Operand[n + args.length + kept.length];
        if (n == 1) {
            r[0] = target;
        }
        System.arraycopy(args, 0, r, n, args.length);
        System.arraycopy(kept, 0, r, n + args.length, kept.length);
        return r;
    }
}
