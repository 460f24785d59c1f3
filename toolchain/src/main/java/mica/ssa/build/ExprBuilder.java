// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.base.Fault;
import mica.ssa.Block;
import mica.ssa.BoundsKind;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Chan;
import mica.types.Const;
import mica.types.Constant;
import mica.types.Func;
import mica.types.MapType;
import mica.types.Nil;
import mica.types.Obj;
import mica.types.Selection;
import mica.types.Struct;
import mica.types.Type;
import mica.types.TypeName;
import mica.types.Universe;
import mica.types.Var;

/** Expressions to operands. */
final class ExprBuilder {
    private final FuncBuilder b;

    ExprBuilder(FuncBuilder b) {
        this.b = b;
    }

    /** Evaluates e and converts it implicitly to type want (null: no conversion). */
    Operand expr(Expr e, Type want) {
        if (want == null) {
            return expr(e);
        }
        if (e.constant != null) {
            b.pos = e.pos;
            Type t = GoTypes.isInterface(want) ? GoTypes.defaultType(b.type(e)) : want;
            if (GoTypes.isInterface(t)) {
                t = defaultOf((Constant) e.constant);
            }
            return implicit(e, constant((Constant) e.constant, t), want);
        }
        Expr u = e.unparen();
        if (isNil(u)) {
            return b.zero(want);
        }
        Operand[] early = b.order.take(u);
        if (early != null) {
            return b.conv.implicit(early[0], want);
        }
        if (u.kind == Expr.Kind.BINARY && GoTypes.isUntyped(b.type(u)) && !GoTypes.isInterface(want)) {
            return binary((Expr.Binary) u, want);
        }
        Operand x = expr(e);
        b.pos = e.pos;
        return implicit(e, x, want);
    }

    private Operand implicit(Expr e, Operand x, Type want) {
        Operand y = b.conv.implicit(x, want);
        if (b.notes != null && GoTypes.isInterface(want) && !GoTypes.isInterface(x.type)) {
            b.notes.box(e, x.type, y);
        }
        return y;
    }

    static boolean isNil(Expr e) {
        return e.unparen() instanceof Expr.Name n && n.obj instanceof Nil;
    }

    /** The only scalar of an expression. */
    Value value(Expr e) {
        return expr(e).v();
    }

    /** Evaluates e. */
    Operand expr(Expr e) {
        Operand x = evaluate(e);
        if (b.notes != null) {
            b.notes.expression(e, x);
        }
        return x;
    }

    private Operand evaluate(Expr e) {
        b.pos = e.pos;
        if (e.constant != null) {
            Type t = b.type(e);
            return constant((Constant) e.constant, GoTypes.isInterface(t) ? defaultOf((Constant) e.constant) : t);
        }
        Operand[] early = b.order.take(e);
        if (early != null) {
            return single(early);
        }
        switch (e.kind) {
            case PAREN:
                return expr(((Expr.Paren) e).x);
            case NAME:
                return name((Expr.Name) e);
            case COMPOSITE_LIT:
                return b.literals.literal((Expr.CompositeLit) e);
            case FUNC_LIT:
                return b.closures.literal((Expr.FuncLit) e);
            case SELECTOR:
                return selector((Expr.Selector) e);
            case INDEX:
                return index((Expr.Index) e);
            case SLICE:
                return b.ops.slice((Expr.Slice) e);
            case TYPE_ASSERT:
                return b.ifaces.typeAssert((Expr.TypeAssert) e, false)[0];
            case CALL:
                return call((Expr.Call) e);
            case STAR:
                return b.places.load(b.places.place(e));
            case UNARY:
                return unary((Expr.Unary) e);
            case BINARY:
                return binary((Expr.Binary) e, null);
            default:
                throw b.unsupported("expression of kind " + e.kind);
        }
    }

    /** Evaluates for the effects only. */
    void discard(Expr e) {
        if (e.constant != null) {
            return;
        }
        Expr u = e.unparen();
        if (u instanceof Expr.Call c) {
            b.pos = u.pos;
            b.calls.call(c);
        } else {
            expr(u);
        }
    }

    /** All values of an expression that may be a call with several results. */
    Operand[] multi(Expr e) {
        Expr u = e.unparen();
        if (u instanceof Expr.Call c && e.constant == null) {
            b.pos = u.pos;
            return b.calls.call(c);
        }
        return new Operand[] {expr(e)};
    }

    /** The two values of a comma-ok form: map index, type assertion, receive. */
    Operand[] commaOk(Expr e) {
        Expr u = e.unparen();
        b.pos = u.pos;
        switch (u.kind) {
            case INDEX:
                Expr.Index i = (Expr.Index) u;
                Type mt = b.type(i.x);
                Value map = value(i.x);
                Operand key = expr(i.indices[0], ((MapType) GoTypes.under(mt)).key);
                b.pos = u.pos;
                return b.maps.read2(mt, map, key);
            case TYPE_ASSERT:
                return b.ifaces.typeAssert((Expr.TypeAssert) u, true);
            case UNARY:
                Expr.Unary r = (Expr.Unary) u;
                Type ct = b.type(r.x);
                Value ch = value(r.x);
                b.pos = u.pos;
                return b.chans.receive2(((Chan) GoTypes.under(ct)).elem, ch);
            default:
                throw new Fault(b.func.name, "comma-ok form of " + u.kind);
        }
    }

    // Constants.

    static Type defaultOf(Constant k) {
        switch (k.kind()) {
            case BOOL:
                return Universe.BOOL;
            case STRING:
                return Universe.STRING;
            case INT:
                return Universe.INT;
            case FLOAT:
                return Universe.FLOAT64;
            default:
                return Universe.COMPLEX128;
        }
    }

    Operand constant(Constant k, Type t) {
        Type u = GoTypes.under(t);
        if (!(u instanceof Basic basic)) {
            throw new Fault(b.func.name, "constant of type " + t + " at " + b.c.sources().format(b.pos));
        }
        switch (basic.id) {
            case BOOL, UNTYPED_BOOL:
                return Operand.of(t, b.bool(k.boolValue()));
            case STRING, UNTYPED_STRING:
                if (k.kind() != Constant.Kind.STRING) {
                    k = Constant.convert(k, Universe.UNTYPED_RUNE, Universe.STRING);
                }
                return string(t, k.bytes());
            case FLOAT32:
                return Operand.of(t, b.constant(MType.F32, Float.floatToRawIntBits(k.real().floatValue())));
            case FLOAT64, UNTYPED_FLOAT:
                return Operand.of(t, b.constant(MType.F64, Double.doubleToRawLongBits(k.real().doubleValue())));
            case COMPLEX64:
                return Operand.of(t, b.constant(MType.F32, Float.floatToRawIntBits(k.real().floatValue())),
                        b.constant(MType.F32, Float.floatToRawIntBits(k.imag().floatValue())));
            case COMPLEX128, UNTYPED_COMPLEX:
                return Operand.of(t, b.constant(MType.F64, Double.doubleToRawLongBits(k.real().doubleValue())),
                        b.constant(MType.F64, Double.doubleToRawLongBits(k.imag().doubleValue())));
            default:
                MType m = Layout.scalarOf(basic);
                Constant n = k.kind() == Constant.Kind.INT ? k : k.toInt();
                return Operand.of(t, b.constant(m, Ssa.wrap(m, n.bigValue().longValue())));
        }
    }

    Operand string(Type t, byte[] bytes) {
        if (bytes.length == 0) {
            return Operand.of(t, b.nil(), b.i64(0));
        }
        return Operand.of(t, b.address(b.c.data.stringBytes(bytes), 0), b.i64(bytes.length));
    }

    Operand string(String s) {
        return string(Universe.STRING, s.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    // Names and selectors.

    private Operand name(Expr.Name n) {
        Obj o = (Obj) n.obj;
        if (o instanceof Func f) {
            return function(b.c.function(f, b.calls.typeArgs(n.typeArgs)), b.type(n));
        }
        if (o instanceof Const k) {
            return constant(k.value, b.type(n));
        }
        if (o instanceof Nil) {
            return b.zero(Universe.UNTYPED_NIL);
        }
        if (o instanceof Var v) {
            return b.places.load(b.places.variable(v));
        }
        throw new Fault(b.func.name, "no value: " + n.name + " at " + b.c.sources().format(n.pos));
    }

    /** A declared function as a func value. */
    Operand function(Fn f, Type t) {
        return Operand.of(t, b.address(b.c.funcValue(f), 0));
    }

    private Operand selector(Expr.Selector s) {
        if (s.selection == null) {
            Obj o = (Obj) s.sel.obj;
            if (o instanceof Func f) {
                return function(b.c.function(f, b.calls.typeArgs(s.typeArgs)), b.type(s));
            }
            if (o instanceof Const k) {
                return constant(k.value, b.type(s));
            }
            return b.places.load(b.places.variable((Var) o));
        }
        Selection sel = (Selection) s.selection;
        switch (sel.kind) {
            case FIELD:
                return field(s, sel);
            case METHOD_VALUE:
                return b.closures.methodValue(s);
            default:
                return b.closures.methodExpr(s);
        }
    }

    private Operand field(Expr.Selector s, Selection sel) {
        if (b.places.isPlace(s)) {
            Place p = b.places.place(s);
            if (p.kind == Place.Kind.MEMORY && isHeaderData(s)) {
                // A pointer in the guise of a number: what it points to is not followed further.
                Value pointer = b.loadFrom(Universe.UNSAFE_POINTER, p.addr).v();
                return Operand.of(p.type, b.emit(Op.PTR_TO_INT, MType.I64, pointer));
            }
            return b.places.load(p);
        }
        Operand x = expr(s.x);
        for (int i : sel.path) {
            x = part(x, i);
        }
        return x;
    }

    /** The field Data of a reflect.SliceHeader or reflect.StringHeader, through which programs get at the pointer of a slice or string. */
    private boolean isHeaderData(Expr.Selector s) {
        if (!s.sel.name.equals("Data")) {
            return false;
        }
        Type t = b.type(s.x);
        Type pointee = GoTypes.pointee(t);
        return Alias.strip(pointee == null ? t : pointee) instanceof mica.types.Named n && n.obj.pkg != null && n.obj.pkg.path.equals("reflect")
                && (n.obj.name.equals("SliceHeader") || n.obj.name.equals("StringHeader"));
    }

    /** Field i of a struct value. */
    Operand part(Operand x, int i) {
        Struct st = (Struct) GoTypes.under(x.type);
        Type ft = st.fields[i].type;
        if (x.isMemory()) {
            return b.loadFrom(ft, b.offset(x.addr, mica.types.Sizes.offsets(st)[i]));
        }
        int first = b.places.partsBefore(st, i);
        int n = b.layout(ft).parts.length;
        Value[] parts = new Value[n];
        System.arraycopy(x.parts, first, parts, 0, n);
        return Operand.of(ft, parts);
    }

    private Operand index(Expr.Index e) {
        Expr x = e.x.unparen();
        if (e.typeArgs != null || x instanceof Expr.Name n && n.obj instanceof Func
                || x instanceof Expr.Selector s && s.selection == null && s.sel.obj instanceof Func) {
            return instance(e);
        }
        Type t = b.type(e.x);
        Type u = GoTypes.under(t);
        if (u instanceof MapType m) {
            Value map = value(e.x);
            Operand key = expr(e.indices[0], m.key);
            b.pos = e.pos;
            return b.maps.read(t, map, key);
        }
        if (u instanceof Basic) {
            Operand s = expr(e.x);
            Value i = b.places.checkedIndex(e.indices[0], s.parts[1], BoundsKind.INDEX, BoundsKind.INDEX_U, e.pos);
            return Operand.of(b.type(e), b.load(MType.I8, b.addPtr(s.parts[0], i), 0));
        }
        if (u instanceof Array a && !b.places.isPlace(e.x)) {
            Operand v = expr(e.x);
            Value i = b.places.checkedIndex(e.indices[0], b.i64(a.length), BoundsKind.INDEX, BoundsKind.INDEX_U, e.pos);
            if (a.length == 0) {
                return b.zero(a.elem);
            }
            if (!v.isMemory()) {
                return Operand.of(a.elem, v.parts);
            }
            return b.loadFrom(a.elem, b.places.elementAddress(v.addr, i, a.elem));
        }
        return b.places.load(b.places.place(e));
    }

    private Operand instance(Expr.Index e) {
        Expr x = e.x.unparen();
        Type[] args = b.calls.typeArgs(e.typeArgs);
        if (x instanceof Expr.Name n) {
            return function(b.c.function((Func) n.obj, args), b.type(e));
        }
        Expr.Selector s = (Expr.Selector) x;
        if (s.selection == null) {
            return function(b.c.function((Func) s.sel.obj, args), b.type(e));
        }
        return ((Selection) s.selection).kind == Selection.Kind.METHOD_VALUE
                ? b.closures.methodValue(s, args, b.type(e))
                : b.closures.methodExpr(s, args, b.type(e));
    }

    private Operand call(Expr.Call e) {
        return single(b.calls.call(e));
    }

    private static Operand single(Operand[] r) {
        return r.length == 0 ? Operand.of(mica.types.Tuple.EMPTY) : r[0];
    }

    // Operators.

    private Operand unary(Expr.Unary e) {
        switch (e.op) {
            case AND:
                return addressOf(e);
            case RECV: {
                Value ch = value(e.x);
                b.pos = e.pos;
                return b.chans.receive(((Chan) GoTypes.under(b.type(e.x))).elem, ch);
            }
            case NOT:
                return Operand.of(b.type(e), b.not(value(e.x)));
            case ADD:
                return expr(e.x);
            case SUB: {
                Operand x = expr(e.x);
                b.pos = e.pos;
                return b.ops.negate(x);
            }
            case XOR: {
                Operand x = expr(e.x);
                return Operand.of(x.type, b.emit(Op.NOT, x.v().type, x.v()));
            }
            default:
                throw b.unsupported("operator " + e.op);
        }
    }

    private Operand addressOf(Expr.Unary e) {
        Expr x = e.x.unparen();
        if (x instanceof Expr.CompositeLit lit) {
            return Operand.of(b.type(e), b.literals.addressOfLiteral(lit));
        }
        return Operand.of(b.type(e), b.places.address(x));
    }

    private Operand binary(Expr.Binary e, Type want) {
        Type t = b.type(e);
        switch (e.op) {
            case OROR, ANDAND:
                return Operand.of(t, shortCircuit(e));
            case EQL, NEQ, LSS, LEQ, GTR, GEQ:
                return Operand.of(t, comparison(e));
            case SHL, SHR: {
                Type xt = want != null && GoTypes.isUntyped(t) ? want : t;
                if (GoTypes.isUntyped(xt)) {
                    xt = GoTypes.defaultType(xt);
                }
                Operand x = expr(e.x, xt);
                Operand n = expr(e.y, e.y.constant != null && GoTypes.isUntyped(b.type(e.y)) ? Universe.UINT : null);
                b.pos = e.pos;
                return b.ops.shift(e.op == Operator.SHL, x, n);
            }
            default: {
                Type xt = want != null && GoTypes.isUntyped(t) ? want : t;
                if (e.op == Operator.ADD && GoTypes.isString(xt)) {
                    return b.strings.concat(e, xt);
                }
                Operand x = expr(e.x, xt);
                Operand y = expr(e.y, xt);
                b.pos = e.pos;
                return b.ops.arithmetic(e.op, x, y);
            }
        }
    }

    private Value shortCircuit(Expr.Binary e) {
        int var = b.newVar(MType.I8);
        Block rest = b.newBlock();
        Block done = b.newBlock();
        b.order.ahead(e.x);
        Value x = value(e.x);
        b.pos = e.pos;
        b.write(var, x);
        boolean and = e.op == Operator.ANDAND;
        b.branch(x, and ? rest : done, and ? done : rest, 0);
        b.startSealed(rest);
        b.order.ahead(e.y);
        b.write(var, value(e.y));
        b.jump(done);
        b.startSealed(done);
        return b.read(var);
    }

    /** Jumps to yes or no as e tells; afterwards no block is current. */
    void condition(Expr e, Block yes, Block no) {
        Expr u = e.unparen();
        if (u.constant != null) {
            b.jump(((Constant) u.constant).boolValue() ? yes : no);
            return;
        }
        if (u instanceof Expr.Binary x && (x.op == Operator.ANDAND || x.op == Operator.OROR)) {
            Block rest = b.newBlock();
            if (x.op == Operator.ANDAND) {
                condition(x.x, rest, no);
            } else {
                condition(x.x, yes, rest);
            }
            b.startSealed(rest);
            condition(x.y, yes, no);
            return;
        }
        if (u instanceof Expr.Unary x && x.op == Operator.NOT) {
            condition(x.x, no, yes);
            return;
        }
        b.order.ahead(u);
        Value v = value(u);
        b.pos = u.pos;
        b.branch(v, yes, no, 0);
    }

    private Value comparison(Expr.Binary e) {
        Type xt = b.type(e.x);
        Type yt = b.type(e.y);
        boolean xn = isNil(e.x);
        boolean yn = isNil(e.y);
        if (xn || yn) {
            Operand v = xn && yn ? b.zero(Universe.UNTYPED_NIL) : expr(xn ? e.y : e.x);
            b.pos = e.pos;
            return b.compare(e.op == Operator.EQL ? Op.EQ : Op.NE, v.v(), b.nil());
        }
        // The operand that is an untyped constant takes the other's type.
        Type t = xt;
        if (GoTypes.isUntyped(xt) && !GoTypes.isUntyped(yt)) {
            t = yt;
        }
        if (GoTypes.isUntyped(t)) {
            t = GoTypes.defaultType(wider(xt, yt));
        }
        boolean mixed = !GoTypes.isUntyped(xt) && !GoTypes.isUntyped(yt) && GoTypes.isInterface(xt) != GoTypes.isInterface(yt);
        Operand x;
        Operand y;
        if (mixed) {
            x = b.stable(expr(e.x));
            y = expr(e.y);
            b.pos = e.pos;
            Value eq = GoTypes.isInterface(xt) ? b.equal.mixed(x, y) : b.equal.mixed(y, x);
            return e.op == Operator.EQL ? eq : b.not(eq);
        }
        x = expr(e.x, GoTypes.isUntyped(xt) ? t : null);
        y = expr(e.y, GoTypes.isUntyped(yt) ? t : null);
        b.pos = e.pos;
        if (e.op == Operator.EQL) {
            return b.equal.equal(x, y);
        }
        if (e.op == Operator.NEQ) {
            return b.equal.notEqual(x, y);
        }
        return b.ops.ordered(e.op, x, y);
    }

    private static Type wider(Type a, Type b) {
        Basic x = (Basic) Alias.strip(a);
        Basic y = (Basic) Alias.strip(b);
        return x.id.compareTo(y.id) >= 0 ? a : b;
    }

    // Types as expressions.

    /** Whether e denotes a type. */
    static boolean isType(Expr e) {
        Expr u = e.unparen();
        switch (u.kind) {
            case ARRAY_TYPE, STRUCT_TYPE, FUNC_TYPE, INTERFACE_TYPE, MAP_TYPE, CHAN_TYPE, ELLIPSIS:
                return true;
            case NAME:
                return ((Expr.Name) u).obj instanceof TypeName;
            case SELECTOR:
                return ((Expr.Selector) u).selection == null && ((Expr.Selector) u).sel.obj instanceof TypeName;
            case INDEX:
                return isType(((Expr.Index) u).x);
            case STAR:
                return isType(((Expr.Star) u).x);
            default:
                return false;
        }
    }

}
