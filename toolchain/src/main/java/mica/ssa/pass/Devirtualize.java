// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;

/**
 * Calls through an interface value whose dynamic type is known become direct calls, which then can be inlined. The type is known
 * where the method table is the address of a symbol: the value was converted to the interface in sight. Assertions to another
 * interface are decided in the same way.
 *
 * <pre>
 *   t = ADDR &lt;go:itab.*T,I&gt;;  c = LOAD I64 t #24;  CALL_CODE c x    =>  CALL x &lt;(*T).M&gt;
 *   t = ADDR &lt;go:itab.*T,I&gt;;  LOAD PTR t #8                         =>  ADDR &lt;type:*T&gt;
 *   CALL &lt;type:J&gt; &lt;type:*T&gt; &lt;runtime.assertE2I&gt;                  =>  ADDR &lt;go:itab.*T,J&gt;
 * </pre>
 */
final class Devirtualize {
    private static final int ITAB_TYPE = 8;
    private static final int ITAB_FUN = 24;

    private Devirtualize() {}

    static void run(Func f, PassContext c) {
        changed(f, c);
    }

    /** As run; whether anything was found. */
    static boolean changed(Func f, PassContext c) {
        boolean changed = false;
        if (!c.optimize || c.off.contains("devirtualize")) {
            return false;
        }
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                switch (v.op) {
                    case CALL_CODE -> changed |= call(v, c);
                    case LOAD -> changed |= type(v, c);
                    case RESULT -> changed |= assertion(v, c);
                    default -> { }
                }
            }
        }
        return changed;
    }

    /** The symbol that an address is; null if it is something else. */
    private static Symbol symbol(Value v) {
        v = DeadCode.resolve(v);
        return v.op == Op.ADDR && v.auxInt == 0 ? (Symbol) v.aux : null;
    }

    private static boolean call(Value v, PassContext c) {
        CallInfo info = (CallInfo) v.aux;
        Value code = DeadCode.resolve(v.args[0]);
        if (info.methodName == null || code.op != Op.LOAD) {
            return false;
        }
        Symbol itab = symbol(code.args[0]);
        FuncRef method = itab == null ? null : c.services.itabMethod(itab, (int) (code.auxInt - ITAB_FUN) / 8);
        if (method == null) {
            return false;
        }
        if (c.log != null) {
            String type = c.services.itabTypeName(itab, c.log.ref);
            c.log.add(Decisions.Kind.INTERFACE_CALL, v.pos, v.inline, what(info), true, "calls " + method.linkName,
                    "its dynamic type is " + type, -1);
            c.log.remark(v.pos, v.inline, "devirtualizing " + what(info) + " to " + type);
        }
        v.removeArg(0);
        v.op = Op.CALL;
        v.aux = new CallInfo(method.symbol, method, info.sig);
        return true;
    }

    private static String what(CallInfo info) {
        return info.text != null ? info.text : "call of " + info.methodName;
    }

    private static boolean type(Value v, PassContext c) {
        if (v.type != MType.PTR || v.auxInt != ITAB_TYPE) {
            return false;
        }
        Symbol itab = symbol(v.args[0]);
        Symbol type = itab == null ? null : c.services.itabType(itab);
        return type != null && address(v, type);
    }

    private static boolean assertion(Value v, PassContext c) {
        Value call = v.args[0];
        if (v.auxInt != 0 || call.op != Op.CALL || call.argCount != 2) {
            return false;
        }
        Symbol callee = ((CallInfo) call.aux).callee;
        if (callee == null || !callee.name.equals("runtime.assertE2I") && !callee.name.equals("runtime.assertE2I2")) {
            return false;
        }
        Symbol want = symbol(call.args[0]);
        Symbol type = symbol(call.args[1]);
        Symbol itab = want == null || type == null ? null : c.services.itabOf(type, want);
        if (itab == null || !address(v, itab)) {
            return false;
        }
        if (!used(call)) {
            // it has no effect when it succeeds
            call.block.removeAt(indexOf(call));
        }
        return true;
    }

    private static boolean used(Value call) {
        for (Block b : call.block.func.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                for (int k = 0; k < v.argCount; k++) {
                    if (v.args[k] == call) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static int indexOf(Value v) {
        int i = 0;
        while (v.block.values[i] != v) {
            i++;
        }
        return i;
    }

    private static boolean address(Value v, Symbol s) {
        v.reset(Op.ADDR, MType.PTR);
        v.aux = s;
        return true;
    }

    /** Says why calls through interfaces are still there. */
    static void report(Func f, PassContext c) {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.CALL_CODE && ((CallInfo) v.aux).methodName != null) {
                    c.log.add(Decisions.Kind.INTERFACE_CALL, v.pos, v.inline, what((CallInfo) v.aux), false, "calls through the method table",
                            reason(DeadCode.resolve(v.args[0])), -1);
                }
            }
        }
    }

    private static String reason(Value code) {
        if (code.op != Op.LOAD) {
            return "the method table is not known here";
        }
        return switch (DeadCode.resolve(code.args[0]).op) {
            case ARG -> "the interface is a parameter: its dynamic type is up to the caller";
            case PHI, SELECT -> "several values meet here: their dynamic types may differ";
            case LOAD -> "the interface comes from memory: its dynamic type is not known here";
            case RESULT -> "the interface is the result of a call that was not inlined";
            default -> "the dynamic type is not known here";
        };
    }
}
