// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.HashMap;
import mica.syntax.Expr;
import mica.syntax.Field;

/** struct types. */
final class StructTypes extends Part {
    StructTypes(Checker c) {
        super(c);
    }

    Struct struct(Expr.StructType e) {
        int n = e.fields.length;
        Var[] fields = new Var[n];
        String[] tags = null;
        HashMap<String, Var> seen = n > 8 ? new HashMap<>() : null;
        Type t = null;
        Expr last = null;
        for (int i = 0; i < n; i++) {
            Field f = e.fields[i];
            if (f.typeExpr != last) {
                t = c.types.varType(f.typeExpr);
                last = f.typeExpr;
            }
            if (f.name != null) {
                fields[i] = field(f.name.name, f.name.pos, t, false, i, seen, fields);
                f.name.obj = fields[i];
            } else {
                Expr.Name id = embeddedName(f.typeExpr);
                Type et = t;
                if (id == null) {
                    error(f.typeExpr, "invalid embedded field type " + text(f.typeExpr));
                    id = new Expr.Name(f.typeExpr.pos, "_");
                    et = Universe.INVALID;
                }
                fields[i] = field(id.name, id.pos, et, true, i, seen, fields);
                if (Predicates.isValid(et)) {
                    checkEmbedded(f.typeExpr, et);
                }
            }
            f.implicit = fields[i];
            if (f.tag != null) {
                Constant v = Constant.parseString(f.tag.text);
                if (v == null) {
                    error(f.tag, "invalid struct tag");
                } else {
                    if (tags == null) {
                        tags = new String[n];
                    }
                    tags[i] = v.text();
                }
            }
        }
        return new Struct(fields, tags);
    }

    private Var field(String name, int pos, Type t, boolean embedded, int i, HashMap<String, Var> seen, Var[] fields) {
        Var v = new Var(name, c.pkg, pos, t, Var.Role.FIELD);
        v.embedded = embedded;
        v.index = i;
        if (name.equals("_")) {
            return v;
        }
        Var old = null;
        if (seen != null) {
            old = seen.putIfAbsent(name, v);
        } else {
            for (int k = 0; k < i && old == null; k++) {
                old = fields[k].name.equals(name) ? fields[k] : null;
            }
        }
        if (old != null) {
            error(pos, name + " redeclared" + c.otherDeclaration(old));
        }
        return v;
    }

    /** The name of an embedded field: its type's, without package and arguments. */
    private static Expr.Name embeddedName(Expr e) {
        switch (e.kind) {
            case NAME -> {
                return (Expr.Name) e;
            }
            case STAR -> {
                Expr x = ((Expr.Star) e).x;
                return x.kind == Expr.Kind.STAR ? null : embeddedName(x);
            }
            case PAREN -> {
                return embeddedName(((Expr.Paren) e).x);
            }
            case SELECTOR -> {
                return ((Expr.Selector) e).sel;
            }
            case INDEX -> {
                return embeddedName(((Expr.Index) e).x);
            }
            default -> {
                return null;
            }
        }
    }

    /** What t lacks may be in an embedded field whose type could not be found out. */
    static boolean hasInvalidEmbedded(Type t) {
        return hasInvalidEmbedded(t, 0);
    }

    private static boolean hasInvalidEmbedded(Type t, int depth) {
        Type u = t.underlying();
        if (u instanceof Pointer p) {
            u = p.elem.underlying();
        }
        if (!Predicates.isValid(u)) {
            return true;
        }
        if (u instanceof Struct s && depth < 5) {
            for (Var f : s.fields) {
                if (f.embedded && hasInvalidEmbedded(f.type, depth + 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void checkEmbedded(Expr e, Type t) {
        c.later(() -> {
            boolean ptr = Alias.strip(t) instanceof Pointer;
            Type base = ptr ? ((Pointer) Alias.strip(t)).elem : t;
            if (Alias.strip(base) instanceof TypeParam) {
                error(e, "embedded field type cannot be a (pointer to a) type parameter");
                return;
            }
            Type u = base.underlying();
            if (!Predicates.isValid(u)) {
                return;
            }
            if (u == Universe.UNSAFE_POINTER) {
                error(e, "embedded field type cannot be unsafe.Pointer");
            } else if (u instanceof Pointer) {
                error(e, "embedded field type cannot be a pointer");
            } else if (u instanceof Interface && ptr) {
                error(e, "embedded field type cannot be a pointer to an interface");
            }
        });
    }
}
