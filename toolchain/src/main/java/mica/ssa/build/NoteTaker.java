// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.FuncNotes;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Basic;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Var;

/** Notes what the source says about the values of a function while it is built; exists only when decisions are to be explained. */
final class NoteTaker {
    private final FuncBuilder b;
    private final FuncNotes notes;

    NoteTaker(FuncBuilder b) {
        this.b = b;
        this.notes = new FuncNotes(shortName(b.fn));
        b.func.notes = notes;
    }

    /** The link name without the package. */
    private static String shortName(Fn fn) {
        String prefix = fn.pkg == null ? "" : Names.prefix(fn.pkg) + ".";
        return fn.linkName.startsWith(prefix) ? fn.linkName.substring(prefix.length()) : fn.linkName;
    }

    private void names(Expr e, Operand x) {
        boolean variable = e.unparen() instanceof Expr.Name;
        String text = null;
        for (int i = 0; i < x.parts.length; i++) {
            Value v = x.parts[i];
            if (v.op != Op.CONST && v.op != Op.ADDR) {
                text = text == null ? NoteText.of(e) : text;
                notes.named(v, part(text, GoTypes.under(x.type), i), variable);
            }
        }
    }

    /** The first values of a variable. */
    void declared(Var v, Type t, Value[] parts) {
        for (int i = 0; i < parts.length; i++) {
            if (!v.name.isEmpty() && !v.name.equals("_")) {
                notes.named(parts[i], part(v.name, GoTypes.under(t), i), true);
            }
        }
    }

    /** A word of an expression's value, in Go's terms. */
    private static String part(String text, Type t, int i) {
        return switch (t) {
            case Slice s when i > 0 -> (i == 1 ? "len(" : "cap(") + text + ")";
            case Basic b when (b.info & Basic.STRING) != 0 && i > 0 -> "len(" + text + ")";
            case Basic b when (b.info & Basic.COMPLEX) != 0 -> (i == 0 ? "real(" : "imag(") + text + ")";
            case mica.types.Interface n -> i == 0 ? text : "data of " + text;
            case Struct s when s.fields.length > 1 -> "part " + i + " of " + text;
            case mica.types.Array a when a.length > 1 -> "part " + i + " of " + text;
            default -> text;
        };
    }

    /** Names of parameters and results, and their words. */
    void signature(Abi abi) {
        if (b.fn.node instanceof mica.syntax.Stmt.Range || b.fn.node == null) {
            return;
        }
        mica.types.Signature sig = b.fn.facts != null ? b.fn.declaredSignature() : b.fn.func.signature();
        int at = 0;
        if (sig.recv != null && b.fn.node instanceof mica.syntax.Decl.Func) {
            param(abi, at++, sig.recv);
        }
        for (Var v : sig.params.vars) {
            param(abi, at++, v);
        }
        for (Var v : sig.results.vars) {
            notes.results.add(v.name.isEmpty() || v.name.equals("_") ? "~r" + notes.results.size() : v.name);
        }
        notes.resultStart = abi.resultStart;
    }

    private void param(Abi abi, int i, Var v) {
        notes.params.add(new FuncNotes.Param(v.name, v.pos, abi.paramStart[i], abi.paramStart[i + 1], abi.paramByval[i],
                pointers(abi.params[i]), typeWords(abi.params[i])));
    }

    private static boolean[] typeWords(Layout l) {
        boolean[] out = new boolean[l.parts == null ? 1 : l.parts.length];
        if (l.parts != null) {
            typeWords(l.type, out, 0);
        }
        return out;
    }

    /** Marks the words of a type in the order of its parts; the number of the next part. */
    private static int typeWords(Type t, boolean[] out, int at) {
        Type u = GoTypes.under(t);
        switch (u) {
            case mica.types.Interface i -> {
                out[at] = true;
                return at + 2;
            }
            case Struct s -> {
                for (Var f : s.fields) {
                    at = typeWords(f.type, out, at);
                }
                return at;
            }
            case mica.types.Array a -> {
                return a.length == 0 ? at : typeWords(a.elem, out, at);
            }
            case Slice s -> {
                return at + 3;
            }
            case Basic b -> {
                return at + ((b.info & (Basic.STRING | Basic.COMPLEX)) != 0 ? 2 : 1);
            }
            default -> {
                return at + 1;
            }
        }
    }

    static boolean pointers(Layout l) {
        byte[] mask = l.ptrMask();
        for (int i = 0; mask != null && i < mask.length; i++) {
            if (mask[i] != 0) {
                return true;
            }
        }
        return false;
    }

    void variable(Var v, Value p) {
        notes.sites.add(new FuncNotes.Site(p, v.name, true, v.pos, null));
    }

    void site(Value p, String text, int pos) {
        notes.sites.add(new FuncNotes.Site(p, text, false, pos, null));
    }

    /** make of a slice or map; a channel is always on the heap. */
    void made(Expr.Call e, Operand x) {
        if (!(GoTypes.under(x.type) instanceof mica.types.Chan)) {
            site(x.parts[0], NoteText.of(e), e.pos);
        }
    }

    /** An implicit conversion to an interface: pointers need no memory, empty interfaces none either. */
    void box(Expr e, Type from, Operand iface) {
        if (GoTypes.isDirectIface(from) || GoTypes.isUntypedNil(from) || iface.isMemory()) {
            return;
        }
        boolean literal = e.unparen() instanceof Expr.CompositeLit && GoTypes.under(from) instanceof Struct;
        site(iface.parts[1], literal ? NoteText.literal(from, (Expr.CompositeLit) e.unparen(), b.fn.pkg) : NoteText.of(e), e.pos);
    }

    /** A written conversion that makes memory. */
    void converted(Expr.Call e, Type from, Type to, Operand x) {
        if (GoTypes.isInterface(to)) {
            if (!GoTypes.isInterface(from)) {
                box(e, from, x);
            }
            return;
        }
        boolean toString = GoTypes.isString(to) && !GoTypes.isString(from);
        boolean toSlice = GoTypes.under(to) instanceof Slice && GoTypes.under(from) instanceof Basic;
        if (toString || toSlice) {
            site(x.parts[0], NoteText.of(e), e.pos);
        }
    }

    /** What the values of an expression are; and strings that are put together. */
    void expression(Expr e, Operand x) {
        if (!x.isMemory() && e.constant == null) {
            names(e, x);
        }
        if (e instanceof Expr.Binary u && u.op == Operator.ADD && e.constant == null && !x.isMemory() && GoTypes.isString(x.type)
                && x.parts[0].type == MType.PTR && x.parts[0].op == Op.RESULT) {
            site(x.parts[0], NoteText.of(e), e.pos);
        }
    }
}
