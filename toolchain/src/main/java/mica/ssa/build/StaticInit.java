// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.IdentityHashMap;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;
import mica.types.Array;
import mica.types.Basic;
import mica.types.BodyInfo;
import mica.types.Constant;
import mica.types.Func;
import mica.types.Mode;
import mica.types.Nil;
import mica.types.Obj;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Var;

/**
 * Package variables as data: evaluates an initializer while compiling when it consists of constants, composite literals, addresses,
 * functions, conversions, and calls of functions that do no more than return such an expression. Everything else is
 * code. What an initializer points to (slices' arrays, &amp;T{...}) becomes symbols of its own.
 */
final class StaticInit {
    /** Larger variables stay code: their image would make the file big. */
    private static final long MAX_BYTES = 1 << 24;

    private static final int MAX_CALL_DEPTH = 4;

    /** Parameters of an expanded call, bound to the arguments' expressions in the caller's scope. */
    private static final class Scope {
        final IdentityHashMap<Var, Expr> args = new IdentityHashMap<>();
        final Scope outer;
        final int depth;

        Scope(Scope outer, int depth) {
            this.outer = outer;
            this.depth = depth;
        }
    }

    private final Compilation c;
    private final String name;
    private int anonymous;

    private StaticInit(Compilation c, String name) {
        this.c = c;
        this.name = name;
    }

    /**
     * Fills {@code out} (kind, bytes, relocations, pointer mask) with the variable's initial value.
     *
     * @return false, with {@code out} untouched, if the initializer needs code
     */
    static boolean initialize(Compilation c, Var v, Expr init, Symbol out) {
        Layout l = c.layouts.of(v.type);
        if (l.size > MAX_BYTES) {
            return false;
        }
        StaticInit s = new StaticInit(c, out.name);
        Symbol image = s.image(out.name, l);
        if (!s.value(image, 0, init, v.type, null)) {
            return false;
        }
        out.kind = image.kind;
        out.align = image.align;
        out.ptrMask = image.ptrMask;
        out.size = image.size;
        if (s.isZero(image)) {
            out.kind = l.hasPointers ? SymKind.BSS : SymKind.NOPTRBSS;
            return true;
        }
        out.data = image.data;
        for (int i = 0; i < image.relocCount; i++) {
            out.addReloc(image.relocOffset[i], image.relocType[i], image.relocTarget[i], image.relocAddend[i]);
        }
        return true;
    }

    private boolean isZero(Symbol s) {
        if (s.relocCount > 0) {
            return false;
        }
        for (int i = 0; i < s.size; i++) {
            if (s.data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Zeroed writable memory for a value. */
    private Symbol image(String symbolName, Layout l) {
        Symbol s = new Symbol(symbolName, 0);
        s.kind = l.hasPointers ? SymKind.DATA : SymKind.NOPTRDATA;
        s.align = Math.max(1, l.align);
        s.size = l.size;
        s.data = new byte[(int) l.size];
        s.ptrMask = l.ptrMask();
        return s;
    }

    private Symbol anonymous(Type t) {
        Layout l = c.layouts.of(t);
        if (l.size > MAX_BYTES) {
            return null;
        }
        Symbol s = image(name + "..stmp_" + anonymous++, l);
        s.origin = t;
        return s;
    }

    // Values.

    /** Writes the value of e, converted to type want, at {@code at}; false if that needs code. */
    private boolean value(Symbol s, long at, Expr e, Type want, Scope scope) {
        Expr u = e.unparen();
        if (e.constant != null) {
            return constant(s, at, (Constant) e.constant, (Type) e.type, want);
        }
        if (u instanceof Expr.Name n && n.obj instanceof Nil) {
            return true;
        }
        if (u instanceof Expr.Name n && n.obj instanceof Var v && scope != null && scope.args.containsKey(v)) {
            Type t = v.type;
            if (GoTypes.isInterface(want) && !GoTypes.isInterface(t)) {
                return box(s, at, e, t, want, scope);
            }
            return argument(s, at, v, t, scope);
        }
        Type t = (Type) u.type;
        if (t == null || u.mode == Mode.TYPE || t instanceof mica.types.Tuple) {
            return false;
        }
        if (GoTypes.isInterface(want)) {
            return !GoTypes.isInterface(t) && box(s, at, u, t, want, scope);
        }
        switch (u.kind) {
            case NAME, SELECTOR, INDEX:
                return function(s, at, u);
            case COMPOSITE_LIT:
                return literal(s, at, (Expr.CompositeLit) u, t, scope);
            case FUNC_LIT:
                return closure(s, at, (Expr.FuncLit) u);
            case UNARY:
                return ((Expr.Unary) u).op == Operator.AND && address(s, at, ((Expr.Unary) u).x.unparen(), scope);
            case CALL:
                return call(s, at, (Expr.Call) u, want, scope);
            default:
                return false;
        }
    }

    /** A parameter's argument; one that makes memory may stand for itself only once. */
    private boolean argument(Symbol s, long at, Var v, Type t, Scope scope) {
        Expr arg = scope.args.get(v);
        if (arg.constant == null) {
            scope.args.remove(v);
        }
        return value(s, at, arg, t, scope.outer);
    }

    private boolean constant(Symbol s, long at, Constant k, Type t, Type want) {
        if (GoTypes.isInterface(want)) {
            Type dynamic = GoTypes.isUntyped(t) ? GoTypes.defaultType(t) : t;
            if (GoTypes.isInterface(dynamic)) {
                dynamic = ExprBuilder.defaultOf(k);
            }
            Symbol word = anonymous(dynamic);
            if (!scalar(word, 0, k, dynamic)) {
                return false;
            }
            interfaceWords(s, at, dynamic, want, word);
            return true;
        }
        return scalar(s, at, k, want);
    }

    private boolean scalar(Symbol s, long at, Constant k, Type t) {
        if (!(GoTypes.under(t) instanceof Basic basic)) {
            return false;
        }
        int o = (int) at;
        switch (basic.id) {
            case BOOL, UNTYPED_BOOL -> s.put(o, k.boolValue() ? 1 : 0, 1);
            case STRING, UNTYPED_STRING -> {
                Constant str = k.kind() == Constant.Kind.STRING ? k : Constant.convert(k, mica.types.Universe.UNTYPED_RUNE, mica.types.Universe.STRING);
                byte[] bytes = str.bytes();
                if (bytes.length > 0) {
                    s.putAddress(o, c.data.stringBytes(bytes), 0);
                    s.put(o + 8, bytes.length, 8);
                }
            }
            case FLOAT32 -> s.put(o, Float.floatToRawIntBits(k.real().floatValue()), 4);
            case FLOAT64, UNTYPED_FLOAT -> s.put(o, Double.doubleToRawLongBits(k.real().doubleValue()), 8);
            case COMPLEX64 -> {
                s.put(o, Float.floatToRawIntBits(k.real().floatValue()), 4);
                s.put(o + 4, Float.floatToRawIntBits(k.imag().floatValue()), 4);
            }
            case COMPLEX128, UNTYPED_COMPLEX -> {
                s.put(o, Double.doubleToRawLongBits(k.real().doubleValue()), 8);
                s.put(o + 8, Double.doubleToRawLongBits(k.imag().doubleValue()), 8);
            }
            case UNSAFE_POINTER, UNTYPED_NIL, INVALID -> {
                return false;
            }
            default -> {
                Constant n = k.kind() == Constant.Kind.INT ? k : k.toInt();
                s.put(o, n.bigValue().longValue(), Layout.scalarOf(basic).size);
            }
        }
        return true;
    }

    /** A static value of concrete type t as an interface: the data word points to memory that never changes, or is the value itself. */
    private boolean box(Symbol s, long at, Expr e, Type t, Type want, Scope scope) {
        if (GoTypes.isUntyped(t)) {
            return false;
        }
        if (GoTypes.isDirectIface(t)) {
            Symbol probe = image("", c.layouts.of(t));
            if (!value(probe, 0, e, t, scope)) {
                return false;
            }
            interfaceWords(s, at, t, want, null);
            for (int i = 0; i < probe.relocCount; i++) {
                s.addReloc((int) at + 8 + probe.relocOffset[i], probe.relocType[i], probe.relocTarget[i], probe.relocAddend[i]);
            }
            return true;
        }
        Symbol word = anonymous(t);
        if (word == null || !value(word, 0, e, t, scope)) {
            return false;
        }
        interfaceWords(s, at, t, want, word);
        return true;
    }

    private void interfaceWords(Symbol s, long at, Type t, Type want, Symbol word) {
        Symbol tab = GoTypes.isEface(want) ? c.data.ifaceType(t) : c.data.itab(t, want);
        s.putAddress((int) at, tab, 0);
        if (word != null) {
            s.putAddress((int) at + 8, word.size == 0 ? c.symbols.lookup("runtime.zerobase") : word, 0);
        }
    }

    /** A declared function that is not generic, as a func value. */
    private boolean function(Symbol s, long at, Expr u) {
        Obj o = null;
        if (u instanceof Expr.Name n && n.typeArgs == null) {
            o = (Obj) n.obj;
        } else if (u instanceof Expr.Selector x && x.selection == null && x.typeArgs == null) {
            o = (Obj) x.sel.obj;
        }
        if (!(o instanceof Func f) || f.signature().typeParams.length > 0) {
            return false;
        }
        s.putAddress((int) at, c.funcValue(c.function(f, null)), 0);
        return true;
    }

    private boolean closure(Symbol s, long at, Expr.FuncLit lit) {
        if (!(lit.info instanceof BodyInfo info) || !info.captures.isEmpty()) {
            return false;
        }
        Fn fn = c.packageLiteral(lit);
        if (fn == null) {
            return false;
        }
        s.putAddress((int) at, c.funcValue(fn), 0);
        return true;
    }

    // Addresses.

    private boolean address(Symbol s, long at, Expr x, Scope scope) {
        if (x instanceof Expr.CompositeLit lit) {
            Type t = (Type) lit.type;
            if (c.layouts.of(t).isZeroSize()) {
                s.putAddress((int) at, c.symbols.lookup("runtime.zerobase"), 0);
                return true;
            }
            Symbol target = anonymous(t);
            if (target == null || !literal(target, 0, lit, t, scope)) {
                return false;
            }
            s.putAddress((int) at, target, 0);
            return true;
        }
        long[] offset = new long[1];
        Symbol target = place(x, offset);
        if (target == null) {
            return false;
        }
        s.putAddress((int) at, target, offset[0]);
        return true;
    }

    /** The package variable that x is (a part of), with the offset in {@code offset[0]}; null if that is not known. */
    private Symbol place(Expr x, long[] offset) {
        switch (x.kind) {
            case NAME:
                return ((Expr.Name) x).obj instanceof Var v && v.role == Var.Role.PACKAGE ? c.varSymbol(v) : null;
            case SELECTOR: {
                Expr.Selector sel = (Expr.Selector) x;
                if (sel.selection == null) {
                    return sel.sel.obj instanceof Var v && v.role == Var.Role.PACKAGE ? c.varSymbol(v) : null;
                }
                Selection path = (Selection) sel.selection;
                if (path.kind != Selection.Kind.FIELD || path.indirect) {
                    return null;
                }
                Symbol s = place(sel.x.unparen(), offset);
                Type t = (Type) sel.x.type;
                for (int i : path.path) {
                    Struct st = (Struct) GoTypes.under(t);
                    offset[0] += Sizes.offsets(st)[i];
                    t = st.fields[i].type;
                }
                return s;
            }
            case INDEX: {
                Expr.Index i = (Expr.Index) x;
                if (!(GoTypes.under((Type) i.x.type) instanceof Array a) || i.indices[0].constant == null) {
                    return null;
                }
                long n = ((Constant) i.indices[0].constant).toInt().longValue();
                if (n < 0 || n >= a.length) {
                    return null;
                }
                offset[0] += n * GoTypes.size(a.elem);
                return place(i.x.unparen(), offset);
            }
            default:
                return null;
        }
    }

    // Composite literals.

    private boolean literal(Symbol s, long at, Expr.CompositeLit e, Type t, Scope scope) {
        Type u = GoTypes.under(t);
        if (u instanceof mica.types.Pointer p) {
            // An element &T{...} written without &T.
            Symbol target = anonymous(p.elem);
            if (target == null || !literal(target, 0, e, p.elem, scope)) {
                return false;
            }
            s.putAddress((int) at, target.size == 0 ? c.symbols.lookup("runtime.zerobase") : target, 0);
            return true;
        }
        if (u instanceof Struct st) {
            return struct(s, at, e, st, scope);
        }
        if (u instanceof Array a) {
            return elements(s, at, e, a.elem, scope);
        }
        if (u instanceof Slice sl) {
            long n = LiteralBuilder.lengthOf(e);
            if (n == 0) {
                s.putAddress((int) at, c.symbols.lookup("runtime.zerobase"), 0);
                return true;
            }
            Symbol backing = anonymous(new Array(sl.elem, n));
            if (backing == null || !elements(backing, 0, e, sl.elem, scope)) {
                return false;
            }
            s.putAddress((int) at, backing.size == 0 ? c.symbols.lookup("runtime.zerobase") : backing, 0);
            s.put((int) at + 8, n, 8);
            s.put((int) at + 16, n, 8);
            return true;
        }
        return false;
    }

    private boolean struct(Symbol s, long at, Expr.CompositeLit e, Struct st, Scope scope) {
        long[] offs = Sizes.offsets(st);
        for (int i = 0; i < e.elements.length; i++) {
            Expr x = e.elements[i];
            int field = i;
            if (x instanceof Expr.KeyValue kv) {
                field = fieldOf(kv, st);
                x = kv.value;
            }
            if (field < 0 || !element(s, at + offs[field], x, st.fields[field].type, scope)) {
                return false;
            }
        }
        return true;
    }

    /** Index of a directly declared field; -1 for a promoted one. */
    private static int fieldOf(Expr.KeyValue kv, Struct st) {
        if (kv.selection instanceof Selection sel) {
            return sel.path.length == 1 ? sel.path[0] : -1;
        }
        for (int i = 0; i < st.fields.length; i++) {
            if (st.fields[i].name.equals(((Expr.Name) kv.key).name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean elements(Symbol s, long at, Expr.CompositeLit e, Type elem, Scope scope) {
        long size = GoTypes.size(elem);
        long i = 0;
        for (Expr x : e.elements) {
            Expr v = x;
            if (x instanceof Expr.KeyValue kv) {
                i = ((Constant) kv.key.constant).toInt().longValue();
                v = kv.value;
            }
            if (!element(s, at + i * size, v, elem, scope)) {
                return false;
            }
            i++;
        }
        return true;
    }

    private boolean element(Symbol s, long at, Expr x, Type t, Scope scope) {
        if (x instanceof Expr.CompositeLit lit && lit.typeExpr == null) {
            return literal(s, at, lit, t, scope);
        }
        return value(s, at, x, t, scope);
    }

    // Calls.

    private boolean call(Symbol s, long at, Expr.Call e, Type want, Scope scope) {
        if (e.callKind == Mode.CALL_CONVERSION) {
            return conversion(s, at, e.args[0], want, scope);
        }
        if (e.callKind != Mode.CALL_FUNCTION || e.hasDots) {
            return false;
        }
        Expr f = e.fun.unparen();
        Obj o = f instanceof Expr.Name n ? (Obj) n.obj : f instanceof Expr.Selector x && x.selection == null ? (Obj) x.sel.obj : null;
        if (!(o instanceof Func fn) || fn.signature().typeParams.length > 0) {
            return false;
        }
        return expand(s, at, fn, e, want, scope);
    }

    private boolean conversion(Symbol s, long at, Expr x, Type t, Scope scope) {
        if (x.constant != null && GoTypes.under(t) instanceof Slice sl && GoTypes.isString((Type) x.type)
                && GoTypes.under(sl.elem) instanceof Basic b && b.id == Basic.Id.UINT8) {
            byte[] bytes = ((Constant) x.constant).bytes();
            if (bytes.length == 0) {
                return false;
            }
            Symbol backing = anonymous(new Array(sl.elem, bytes.length));
            System.arraycopy(bytes, 0, backing.data, 0, bytes.length);
            s.putAddress((int) at, backing, 0);
            s.put((int) at + 8, bytes.length, 8);
            s.put((int) at + 16, bytes.length, 8);
            return true;
        }
        Type from = (Type) x.type;
        if (from == null || GoTypes.isUntyped(from) && x.constant == null && !(x.unparen() instanceof Expr.Name)) {
            return false;
        }
        boolean same = GoTypes.isUntyped(from) || mica.types.Predicates.identicalIgnoreTags(GoTypes.under(from), GoTypes.under(t));
        return (same || GoTypes.isInterface(t)) && value(s, at, x, GoTypes.isInterface(t) ? t : GoTypes.isUntyped(from) ? t : from, scope);
    }

    /** A function whose body is one return statement: its expression with the arguments put in. */
    private boolean expand(Symbol s, long at, Func f, Expr.Call e, Type want, Scope scope) {
        int depth = scope == null ? 0 : scope.depth;
        if (depth >= MAX_CALL_DEPTH || f.decl == null || f.decl.body == null || f.decl.recv != null || f.signature().variadic
                || f.decl.hasDirective("go:linkname")) {
            return false;
        }
        Stmt[] body = f.decl.body.stmts;
        if (body.length != 1 || !(body[0] instanceof Stmt.Return r) || r.results.length != 1 || f.signature().params.size() != e.args.length) {
            return false;
        }
        c.program.checkBody(f);
        Scope inner = new Scope(scope, depth + 1);
        for (int i = 0; i < e.args.length; i++) {
            Var p = f.signature().params.vars[i];
            if (p.reassigned || p.addrTaken) {
                return false;
            }
            inner.args.put(p, e.args[i]);
        }
        Type result = f.signature().results.vars[0].type;
        if (GoTypes.isInterface(want) && !GoTypes.isInterface(result)) {
            return false;
        }
        return value(s, at, r.results[0], GoTypes.isInterface(want) ? want : result, inner);
    }
}
