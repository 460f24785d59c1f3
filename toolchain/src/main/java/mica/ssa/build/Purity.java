// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Builtin;
import mica.types.Func;
import mica.types.Var;

/** Whether evaluating an initializer has no other effect than making its value: then it may be left out when nobody uses it. */
final class Purity {
    private Purity() {}

    static boolean isPure(Expr e) {
        if (e == null || e.constant != null || ExprBuilder.isType(e)) {
            return true;
        }
        switch (e.kind) {
            case PAREN:
                return isPure(((Expr.Paren) e).x);
            case NAME, BASIC_LIT, FUNC_LIT:
                return true;
            case COMPOSITE_LIT:
                for (Expr x : ((Expr.CompositeLit) e).elements) {
                    if (!(x instanceof Expr.KeyValue kv ? (kv.selection != null || isFieldName(kv.key) || isPure(kv.key)) && isPure(kv.value)
                            : isPure(x))) {
                        return false;
                    }
                }
                return true;
            case SELECTOR:
                Expr.Selector s = (Expr.Selector) e;
                return s.selection == null || isPure(s.x) && GoTypes.pointee((mica.types.Type) s.x.type) == null;
            case UNARY:
                Expr.Unary u = (Expr.Unary) e;
                return u.op != Operator.RECV && isPure(u.x);
            case BINARY:
                Expr.Binary b = (Expr.Binary) e;
                return b.op != Operator.DIV && b.op != Operator.REM && !b.op.isShift() && isPure(b.x) && isPure(b.y);
            case CALL:
                return call((Expr.Call) e);
            default:
                return false;
        }
    }

    private static boolean isFieldName(Expr key) {
        return key instanceof Expr.Name n && (n.obj == null || n.obj instanceof Var v && v.role == Var.Role.FIELD);
    }

    private static boolean call(Expr.Call c) {
        for (Expr a : c.args) {
            if (!isPure(a)) {
                return false;
            }
        }
        if (ExprBuilder.isType(c.fun)) {
            return true;
        }
        Builtin b = CallBuilder.builtin(c.fun);
        if (b != null) {
            switch (b.id) {
                case NEW, LEN, CAP, MIN, MAX, REAL, IMAG, COMPLEX:
                    return true;
                case MAKE:
                    return c.args.length == 1 || c.args[1].constant != null;
                default:
                    return false;
            }
        }
        Expr f = c.fun.unparen();
        Object o = f instanceof Expr.Name n ? n.obj : f instanceof Expr.Selector s && s.selection == null ? s.sel.obj
                : f instanceof Expr.Index i && i.x.unparen() instanceof Expr.Selector s && s.selection == null ? s.sel.obj : null;
        return o instanceof Func g && g.pkg != null && isKnown(g.pkg.path + "." + g.name);
    }

    /** Functions of the standard library that only make a value. */
    private static boolean isKnown(String name) {
        switch (name) {
            case "errors.New", "internal/godebug.New", "reflect.TypeOf", "reflect.TypeFor", "internal/reflectlite.TypeOf",
                    "strings.NewReplacer", "math/big.NewInt", "unicode/utf8.RuneLen", "syscall.Errno", "fmt.Errorf",
                    "internal/oserror.New", "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues", "encoding/base64.NewEncoding",
                    "encoding/base32.NewEncoding", "math.Inf", "math.NaN", "math.Float64frombits", "context.Background":
                return true;
            default:
                return false;
        }
    }
}
