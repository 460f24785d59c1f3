// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import mica.base.SourceFile;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.File;
import mica.syntax.Operator;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Builtin;
import mica.types.Constant;
import mica.types.Func;
import mica.types.Initializer;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Type;
import mica.types.Var;

/**
 * Package variables as data. An initializer is static if its value is made of constants, addresses of variables, functions and
 * composite literals of static values; then its variable starts with it and no code runs. {@code put} writes a static value into a
 * symbol, or only finds out whether it could (symbol null).
 */
final class StaticInit {
    private final ProgramBuilder c;
    private final ConcurrentHashMap<Initializer, Boolean> known = new ConcurrentHashMap<>();

    StaticInit(ProgramBuilder c) {
        this.c = c;
    }

    boolean isStatic(PackageInit in, Initializer i) {
        Boolean r = known.get(i);
        if (r == null) {
            in.scan();
            r = known.get(i);
            if (r == null) {
                r = compute(in, i);
                known.put(i, r);
            }
        }
        return r;
    }

    private boolean compute(PackageInit in, Initializer i) {
        return i.lhs.length == 1 && put(null, 0, i.lhs[0].type, i.rhs, in, i);
    }

    /** Finds out about an initializer whose predecessors are known. */
    boolean scan(PackageInit in, Initializer i) {
        boolean r = compute(in, i);
        known.put(i, r);
        return r;
    }

    /** Defines the symbol of a package variable. */
    void define(Var v, Symbol s) {
        Layout l = c.layouts.of(v.type);
        s.align = Math.max(l.align, variableAlign(l.size));
        String text = c.stringValues.get(s.name);
        if (text != null && GoTypes.isString(v.type)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            string(s, 0, bytes);
            finish(s, l);
            return;
        }
        PackageInit in = c.init(v.pkg);
        Initializer i = in.of(v);
        if (i != null && isStatic(in, i)) {
            put(s, 0, v.type, i.rhs, in, i);
        }
        finish(s, l);
    }

    /** Assembly loads variables with instructions that demand alignment: up to 32 bytes, by size. */
    private static int variableAlign(long size) {
        return size >= 32 ? 32 : size >= 16 ? 16 : size >= 8 ? 8 : 1;
    }

    /** Sets size, pointer mask and kind of a variable whose contents have been written. */
    private static void finish(Symbol s, Layout l) {
        boolean zero = s.relocCount == 0 && isZero(s);
        s.ptrMask = l.ptrMask();
        if (zero) {
            s.data = null;
            s.size = l.size;
            s.kind = l.hasPointers ? SymKind.BSS : SymKind.NOPTRBSS;
            return;
        }
        if (s.size < l.size) {
            s.put((int) l.size - 1, 0, 1);
        }
        s.size = l.size;
        s.kind = l.hasPointers ? SymKind.DATA : SymKind.NOPTRDATA;
    }

    private static boolean isZero(Symbol s) {
        for (int i = 0; i < s.size; i++) {
            if (s.data != null && s.data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void string(Symbol s, long off, byte[] bytes) {
        if (s != null && bytes.length > 0) {
            s.putAddress((int) off, c.data.stringBytes(bytes), 0);
            s.put((int) off + 8, bytes.length, 8);
        }
    }

    /** Writes the value of e, implicitly converted to type t. */
    private boolean put(Symbol s, long off, Type t, Expr e, PackageInit in, Initializer at) {
        Expr u = e.unparen();
        if (ExprBuilder.isNil(u)) {
            return true;
        }
        if (GoTypes.isInterface(t)) {
            return box(s, off, t, u, in, at);
        }
        if (u.constant != null) {
            return constant(s, off, t, (Constant) u.constant);
        }
        switch (u.kind) {
            case COMPOSITE_LIT:
                return literal(s, off, t, (Expr.CompositeLit) u, in, at);
            case FUNC_LIT:
                if (s != null) {
                    s.putAddress((int) off, c.funcValue(c.literal(in.functionOf(at), (Expr.FuncLit) u)), 0);
                }
                return true;
            case NAME:
                return object(s, off, t, (Obj) ((Expr.Name) u).obj, ((Expr.Name) u).typeArgs, in, at);
            case SELECTOR:
                Expr.Selector x = (Expr.Selector) u;
                return x.selection == null && x.sel.obj instanceof Func
                        && object(s, off, t, (Obj) x.sel.obj, x.typeArgs != null ? x.typeArgs : x.sel.typeArgs, in, at);
            case UNARY:
                return ((Expr.Unary) u).op == Operator.AND && address(s, off, ((Expr.Unary) u).x.unparen(), in, at);
            case CALL:
                return call(s, off, t, (Expr.Call) u, in, at);
            default:
                return false;
        }
    }

    private boolean object(Symbol s, long off, Type t, Obj o, mica.syntax.TypeSlot[] args, PackageInit in,
            Initializer at) {
        if (o instanceof Func f) {
            if (args != null && args.length > 0) {
                return false;
            }
            if (s != null) {
                s.putAddress((int) off, c.funcValue(c.function(f, new Type[0])), 0);
            }
            return true;
        }
        if (o instanceof Var v && v.role == Var.Role.PACKAGE && c.init(v.pkg) == in) {
            String text = replaced(v);
            if (text != null) {
                string(s, off, text.getBytes(StandardCharsets.UTF_8));
                return true;
            }
            // A copy of a static variable of the same package.
            Initializer i = in.of(v);
            return i != null && i.lhs.length == 1 && in.beforeCode(at) && GoTypes.kind(v.type) != Type.Kind.ARRAY
                    && put(s, off, t, i.rhs, in, i);
        }
        return false;
    }

    /** The value that -X gives a variable, or null. */
    private String replaced(Var v) {
        return c.stringValues.isEmpty() || !GoTypes.isString(v.type) ? null : c.stringValues.get(c.varSymbol(v).name);
    }

    private boolean constant(Symbol s, long off, Type t, Constant k) {
        if (!(GoTypes.under(t) instanceof Basic b)) {
            return false;
        }
        int at = (int) off;
        switch (b.id) {
            case BOOL:
                put(s, at, k.boolValue() ? 1 : 0, 1);
                return true;
            case STRING:
                if (k.kind() != Constant.Kind.STRING) {
                    return false;
                }
                string(s, off, k.bytes());
                return true;
            case FLOAT32:
                put(s, at, Float.floatToRawIntBits(k.real().floatValue()), 4);
                return true;
            case FLOAT64:
                put(s, at, Double.doubleToRawLongBits(k.real().doubleValue()), 8);
                return true;
            case COMPLEX64:
                put(s, at, Float.floatToRawIntBits(k.real().floatValue()), 4);
                put(s, at + 4, Float.floatToRawIntBits(k.imag().floatValue()), 4);
                return true;
            case COMPLEX128:
                put(s, at, Double.doubleToRawLongBits(k.real().doubleValue()), 8);
                put(s, at + 8, Double.doubleToRawLongBits(k.imag().doubleValue()), 8);
                return true;
            default:
                if ((b.info & Basic.INTEGER) == 0) {
                    return false;
                }
                BigInteger n = (k.kind() == Constant.Kind.INT ? k : k.toInt()).bigValue();
                put(s, at, n.longValue(), (int) GoTypes.size(t));
                return true;
        }
    }

    private static void put(Symbol s, int at, long v, int width) {
        if (s != null && v != 0) {
            s.put(at, v, width);
        }
    }

    // Literals.

    private boolean literal(Symbol s, long off, Type t, Expr.CompositeLit e, PackageInit in, Initializer at) {
        Type u = GoTypes.under(t);
        switch (u.kind()) {
            case STRUCT:
                return struct(s, off, (Struct) u, e, in, at);
            case ARRAY:
                return array(s, off, ((Array) u).elem, e, in, at);
            case SLICE: {
                Type elem = ((Slice) u).elem;
                long n = LiteralBuilder.lengthOf(e);
                if (s == null) {
                    return array(null, 0, elem, e, in, at);
                }
                Symbol back = n == 0 ? c.variableNamed("runtime.zerobase") : anonymous(in, e, new Array(elem, n), true, false, at);
                s.putAddress((int) off, back, 0);
                s.put((int) off + 8, n, 8);
                s.put((int) off + 16, n, 8);
                return true;
            }
            case POINTER:
                return pointer(s, off, ((Pointer) u).elem, e, in, at);
            default:
                return false;
        }
    }

    private boolean element(Symbol s, long off, Type t, Expr x, PackageInit in, Initializer at) {
        return x instanceof Expr.CompositeLit lit && lit.typeExpr == null ? literal(s, off, t, lit, in, at) : put(s, off, t, x, in, at);
    }

    private boolean struct(Symbol s, long off, Struct st, Expr.CompositeLit e, PackageInit in, Initializer at) {
        long[] offs = Sizes.offsets(st);
        for (int i = 0; i < e.elements.length; i++) {
            Expr x = e.elements[i];
            if (!(x instanceof Expr.KeyValue kv)) {
                if (st.fields[i].name.equals("_")) {
                    if (!element(null, 0, st.fields[i].type, x, in, at)) {
                        return false;
                    }
                } else if (!element(s, off + offs[i], st.fields[i].type, x, in, at)) {
                    return false;
                }
                continue;
            }
            int[] path = LiteralBuilder.path(kv, st);
            long o = off;
            Type ft = st;
            for (int step : path) {
                if (!(GoTypes.under(ft) instanceof Struct inner)) {
                    return false;
                }
                o += Sizes.offsets(inner)[step];
                ft = inner.fields[step].type;
            }
            if (!element(s, o, ft, kv.value, in, at)) {
                return false;
            }
        }
        return true;
    }

    private boolean array(Symbol s, long off, Type elem, Expr.CompositeLit e, PackageInit in, Initializer at) {
        long size = GoTypes.size(elem);
        long i = 0;
        for (Expr x : e.elements) {
            Expr value = x;
            if (x instanceof Expr.KeyValue kv) {
                i = ((Constant) kv.key.constant).toInt().longValue();
                value = kv.value;
            }
            if (!element(s, off + i * size, elem, value, in, at)) {
                return false;
            }
            i++;
        }
        return true;
    }

    /** &T{...}: the literal becomes a variable without a name. */
    private boolean pointer(Symbol s, long off, Type elem, Expr.CompositeLit e, PackageInit in, Initializer at) {
        Type u = GoTypes.under(elem);
        if (!(u instanceof Struct) && !(u instanceof Array)) {
            return false;
        }
        if (s == null) {
            return literal(null, 0, elem, e, in, at);
        }
        s.putAddress((int) off, anonymous(in, e, elem, false, false, at), 0);
        return true;
    }

    /** The unnamed variable that a literal initializes: one per literal, whoever refers to it. */
    private Symbol anonymous(PackageInit in, Expr e, Type t, boolean elements, boolean readOnly, Initializer at) {
        Symbol s = c.symbols.lookup(name(in.pkg(), e, readOnly));
        synchronized (s) {
            if (s.isDefined()) {
                return s;
            }
            Layout l = c.layouts.of(t);
            s.align = Math.max(l.align, l.size >= 8 ? 8 : 1);
            s.pkg = in.pkg().path;
            s.pos = e.pos;
            if (elements) {
                array(s, 0, ((Array) t).elem, (Expr.CompositeLit) e, in, at);
            } else if (e instanceof Expr.CompositeLit lit) {
                literal(s, 0, t, lit, in, at);
            } else {
                put(s, 0, t, e, in, at);
            }
            if (readOnly) {
                if (s.size < l.size) {
                    s.put((int) l.size - 1, 0, 1);
                }
                s.size = l.size;
                s.kind = SymKind.RODATA;
            } else {
                finish(s, l);
            }
        }
        return s;
    }

    /** Depends on the place in the source only. */
    private String name(Pkg p, Expr e, boolean readOnly) {
        SourceFile f = c.sources().file(e.pos);
        int index = 0;
        for (File x : p.files) {
            if (x.source == f) {
                break;
            }
            index++;
        }
        return Names.prefix(p) + (readOnly ? "..box_" : "..stmp_") + index + "_" + (e.pos - f.base);
    }

    // Addresses, interfaces, conversions.

    private boolean address(Symbol s, long off, Expr x, PackageInit in, Initializer at) {
        if (x instanceof Expr.CompositeLit lit) {
            return pointer(s, off, (Type) lit.type, lit, in, at);
        }
        long[] delta = {0};
        Var v = variable(x, delta);
        if (v == null) {
            return false;
        }
        if (s != null) {
            s.putAddress((int) off, c.varSymbol(v), delta[0]);
        }
        return true;
    }

    /** The package variable that x is a part of at a constant distance; null if it is none. */
    private static Var variable(Expr x, long[] delta) {
        x = x.unparen();
        if (x instanceof Expr.Name n) {
            return n.obj instanceof Var v && v.role == Var.Role.PACKAGE ? v : null;
        }
        if (x instanceof Expr.Selector s) {
            if (s.selection == null) {
                return s.sel.obj instanceof Var v ? v : null;
            }
            Selection sel = (Selection) s.selection;
            if (sel.kind != Selection.Kind.FIELD) {
                return null;
            }
            Type t = (Type) s.x.type;
            for (int i : sel.path) {
                if (!(GoTypes.under(t) instanceof Struct st)) {
                    return null;
                }
                delta[0] += Sizes.offsets(st)[i];
                t = st.fields[i].type;
            }
            return variable(s.x, delta);
        }
        if (x instanceof Expr.Index i && i.indices[0].constant != null && GoTypes.under((Type) i.x.type) instanceof Array a) {
            long n = ((Constant) i.indices[0].constant).toInt().longValue();
            if (n < 0 || n >= a.length) {
                return null;
            }
            delta[0] += n * GoTypes.size(a.elem);
            return variable(i.x, delta);
        }
        return null;
    }

    private boolean box(Symbol s, long off, Type want, Expr e, PackageInit in, Initializer at) {
        Type t = (Type) e.type;
        if (e.constant != null && (GoTypes.isUntyped(t) || GoTypes.isInterface(t))) {
            t = GoTypes.isInterface(t) ? ExprBuilder.defaultOf((Constant) e.constant) : GoTypes.defaultType(t);
        }
        if (GoTypes.isInterface(t)) {
            // Only a written conversion to an interface type can be static.
            if (e instanceof Expr.Call k && ExprBuilder.isType(k.fun) && !ExprBuilder.isNil(k.args[0])) {
                return box(s, off, want, k.args[0].unparen(), in, at);
            }
            if (e instanceof Expr.Name n && n.obj instanceof Var v && v.role == Var.Role.PACKAGE && c.init(v.pkg) == in
                    && replaced(v) == null && in.of(v) != null && in.of(v).lhs.length == 1 && in.beforeCode(at)
                    && GoTypes.isEface(t) == GoTypes.isEface(want)) {
                return box(s, off, want, in.of(v).rhs.unparen(), in, in.of(v));
            }
            return false;
        }
        if (s == null) {
            return put(null, 0, t, e, in, at);
        }
        Symbol word = GoTypes.isEface(want) ? c.data.type(t) : c.data.itab(t, want);
        Layout l = c.layouts.of(t);
        s.putAddress((int) off, word, 0);
        s.addReloc((int) off, RelocType.USE_IFACE, c.data.type(t), 0);
        if (GoTypes.isDirectIface(t)) {
            return put(s, off + 8, t, e, in, at);
        }
        if (l.size == 0) {
            s.putAddress((int) off + 8, c.variableNamed("runtime.zerobase"), 0);
            return true;
        }
        Symbol data = anonymous(in, e, t, false, true, at);
        s.putAddress((int) off + 8, data, 0);
        return true;
    }

    private boolean call(Symbol s, long off, Type t, Expr.Call e, PackageInit in, Initializer at) {
        if (ExprBuilder.isType(e.fun)) {
            Type to = (Type) e.fun.type;
            Expr arg = e.args[0].unparen();
            Type from = (Type) arg.type;
            if (arg.constant != null || GoTypes.isInterface(to)) {
                return false;
            }
            Type fu = GoTypes.under(from);
            Type tu = GoTypes.under(to);
            boolean pointers = (fu instanceof Pointer || GoTypes.isUnsafePointer(from)) && (tu instanceof Pointer || GoTypes.isUnsafePointer(to));
            boolean same = fu.kind() == tu.kind() && !(fu instanceof Basic);
            return (pointers || same) && put(s, off, from, arg, in, at);
        }
        Builtin b = CallBuilder.builtin(e.fun);
        if (b != null && b.id == Builtin.Id.NEW && ExprBuilder.isType(e.args[0])) {
            if (s != null) {
                Type elem = GoTypes.pointee((Type) e.type);
                Symbol x = c.symbols.lookup(name(in.pkg(), e, false));
                synchronized (x) {
                    if (!x.isDefined()) {
                        x.align = Math.max(8, c.layouts.of(elem).align);
                        x.pkg = in.pkg().path;
                        finish(x, c.layouts.of(elem));
                    }
                }
                s.putAddress((int) off, x, 0);
            }
            return true;
        }
        return false;
    }

    // Constant data for code.

    /** Read-only bytes with the constant elements of an array literal; null if it has fewer than half of them. */
    Symbol constantArray(FuncBuilder b, Expr.CompositeLit e, Type elem, long length) {
        if (!(GoTypes.under(elem) instanceof Basic k) || (k.info & (Basic.NUMERIC | Basic.BOOLEAN)) == 0) {
            return null;
        }
        int constants = 0;
        for (Expr x : e.elements) {
            if (isConstantElement(b, x instanceof Expr.KeyValue kv ? kv.value : x, elem)) {
                constants++;
            }
        }
        long size = GoTypes.size(elem);
        if (constants * 2 < e.elements.length || size * length > Integer.MAX_VALUE / 2) {
            return null;
        }
        Symbol scratch = new Symbol("", 0);
        scratch.put((int) (size * length) - 1, 0, 1);
        long i = 0;
        for (Expr x : e.elements) {
            Expr value = x;
            if (x instanceof Expr.KeyValue kv) {
                i = ((Constant) kv.key.constant).toInt().longValue();
                value = kv.value;
            }
            if (value.constant != null) {
                constant(scratch, i * size, elem, (Constant) value.constant);
            }
            i++;
        }
        return c.data.constant(java.util.Arrays.copyOf(scratch.data, (int) scratch.size), (int) Math.max(8, size));
    }

    boolean isConstantElement(FuncBuilder b, Expr value, Type elem) {
        return value.constant != null && GoTypes.under(elem) instanceof Basic;
    }

    /** Read-only data with these constant scalars. */
    Symbol readOnly(Layout l, Value[] parts) {
        boolean plain = true;
        for (Value v : parts) {
            plain &= v.op != Op.ADDR;
        }
        Symbol s = plain ? new Symbol("", 0) : c.symbols.lookup(boxName(l, parts));
        synchronized (s) {
            if (!s.isDefined()) {
                s.put((int) l.size - 1, 0, 1);
                for (int k = 0; k < parts.length; k++) {
                    int off = (int) l.offsets[k];
                    if (parts[k].op == Op.ADDR) {
                        s.putAddress(off, (Symbol) parts[k].aux, parts[k].auxInt);
                    } else {
                        s.put(off, parts[k].auxInt, l.parts[k].size);
                    }
                }
                s.size = l.size;
                s.align = l.align;
                if (plain) {
                    return c.data.constant(java.util.Arrays.copyOf(s.data, (int) s.size), l.align);
                }
                s.mergeable = true;
                s.kind = SymKind.RODATA;
            }
        }
        return s;
    }

    private static String boxName(Layout l, Value[] parts) {
        StringBuilder sb = new StringBuilder("go:box");
        for (int k = 0; k < parts.length; k++) {
            sb.append('.').append(l.offsets[k]).append(':');
            if (parts[k].op == Op.ADDR) {
                sb.append(((Symbol) parts[k].aux).name).append('+').append(parts[k].auxInt);
            } else {
                sb.append(parts[k].type == MType.PTR ? "p" : "").append(Long.toHexString(parts[k].auxInt));
            }
        }
        return sb.toString();
    }
}
