// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import mica.syntax.Expr;

/** What names mean where they are used; notes uses, references between declarations, and captured variables. */
final class Idents extends Part {
    Idents(Checker c) {
        super(c);
    }

    /** Finds the object, resolved, and notes its use; null after an error. */
    void ident(Operand x, Expr.Name e, boolean wantType) {
        x.invalid();
        x.expr = e;
        Scope s = c.env.scope;
        Obj o = null;
        for (; s != null; s = s.parent) {
            o = s.here(e.name);
            if (o != null) {
                break;
            }
        }
        if (o == null) {
            if (e.isBlank()) {
                error(e.pos, "cannot use _ as value or type");
            } else {
                error(e.pos, "undefined: " + e.name);
            }
            return;
        }
        e.obj = o;
        if ((o == Universe.ANY.obj || o == Universe.COMPARABLE.obj) && !c.needVersion(e.pos, 18, "predeclared " + e.name)) {
            return;
        }
        if (wantType && !(o instanceof TypeName)) {
            // It is not asked for its type: that would make a cycle of what is none.
        } else if (o.info != null) {
            if (o.info.state != DeclInfo.RESOLVED) {
                o.pkg.checker.decls.resolve(o);
            }
        } else if (o instanceof TypeName t && t.state == DeclInfo.UNDER_WAY) {
            c.decls.localCycle(t);
        }
        if (o.pkg != c.pkg && o.pkg != null && s.parent == c.pkg.scope) {
            c.collect.dotUsed(s, e.name);
        }
        if (wantType && !(o instanceof TypeName)) {
            if (o instanceof Var v && o.pkg == c.pkg) {
                v.used = true;
            }
            error(e.pos, e.name + " (" + kindOf(o) + ") is not a type");
            return;
        }
        Type t = o.type;
        switch (o.kind()) {
            case PACKAGE_NAME -> {
                error(e.pos, "use of package " + e.name + " not in selector");
            }
            case CONST -> constant(x, (Const) o, e);
            case TYPE_NAME -> {
                if (t != null && Alias.mayBeValid(t)) {
                    x.set(Mode.TYPE, t);
                }
            }
            case VAR -> variable(x, (Var) o);
            case FUNC -> {
                reference(o);
                x.set(Mode.VALUE, t);
            }
            case BUILTIN -> {
                x.set(Mode.BUILTIN, Universe.INVALID);
                x.id = ((Builtin) o).id;
            }
            case NIL -> x.set(Mode.NIL, Universe.UNTYPED_NIL);
            default -> { }
        }
    }

    /** What an object is, in the words of messages. */
    private static String kindOf(Obj o) {
        return switch (o.kind()) {
            case PACKAGE_NAME -> "package name";
            case CONST -> "constant";
            case TYPE_NAME -> o.type instanceof Alias ? "type alias" : o.type instanceof TypeParam ? "type parameter" : "defined type";
            case VAR -> switch (((Var) o).role) {
                case PACKAGE -> "package-level variable";
                case RECEIVER -> "receiver";
                case PARAM -> "parameter";
                case RESULT -> "result variable";
                case FIELD -> "struct field";
                default -> "local variable";
            };
            case FUNC -> "function";
            case LABEL -> "label";
            case BUILTIN -> "built-in function";
            case NIL -> "untyped nil";
        };
    }

    private void constant(Operand x, Const o, Expr.Name e) {
        reference(o);
        if (o == Universe.IOTA) {
            if (c.env.iota == null) {
                error(e.pos, "cannot use iota outside constant declaration");
                return;
            }
            x.constant(o.type, c.env.iota);
            return;
        }
        if (o.type == null || !Predicates.isValid(o.type)) {
            return;
        }
        x.constant(o.type, o.value);
        if (o.value == null) {
            x.invalid();
        }
    }

    private void variable(Operand x, Var o) {
        if (o.pkg == c.pkg) {
            o.used = true;
        }
        reference(o);
        c.bodies.mention(o);
        if (o.type != null && Predicates.isValid(o.type)) {
            x.set(Mode.VARIABLE, o.type);
        }
    }

    /** The declaration at work refers to o. */
    void reference(Obj o) {
        if (c.env.decl != null && o.info != null) {
            c.env.decl.addRef(o);
        }
    }

    /** An assignment to (a part of) the variable at the root of e, or taking its address. */
    static void noteChange(Expr e, boolean address) {
        Var v = root(e);
        if (v != null) {
            if (address) {
                v.addrTaken = true;
            } else {
                v.reassigned = true;
            }
        }
    }

    /** The variable whose memory e denotes a part of, or null: through fields and array elements, not through pointers. */
    static Var root(Expr e) {
        for (; ; ) {
            switch (e.kind) {
                case PAREN -> e = ((Expr.Paren) e).x;
                case NAME -> {
                    return ((Expr.Name) e).obj instanceof Var v ? v : null;
                }
                case SELECTOR -> {
                    Expr.Selector s = (Expr.Selector) e;
                    if (s.selection == null) {
                        return s.sel.obj instanceof Var v ? v : null;
                    }
                    if (((Selection) s.selection).indirect) {
                        return null;
                    }
                    e = s.x;
                }
                case INDEX -> {
                    Expr x = ((Expr.Index) e).x;
                    if (!(x.type instanceof Type t) || !(t.underlying() instanceof Array)) {
                        return null;
                    }
                    e = x;
                }
                default -> {
                    return null;
                }
            }
        }
    }
}
