// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Why a type lacks a method that an interface demands. */
final class MissingMethod {
    private MissingMethod() {}

    static Func find(Type v, Type t, boolean isStatic, Cause cause) {
        if (!(t.underlying() instanceof Interface ti)) {
            return null;
        }
        Func[] wanted = TypeSets.of(ti).methods;
        if (wanted.length == 0) {
            return null;
        }
        if (v.underlying() instanceof Interface vi) {
            TypeSet vs = TypeSets.of(vi);
            for (Func m : wanted) {
                Func f = vs.method(m.pkg, m.name);
                if (f == null) {
                    if (isStatic) {
                        return explain(v, m, Lookup.Result.NOT_FOUND, cause);
                    }
                } else if (!Predicates.identical(f.type, m.type)) {
                    return wrongType(f, m, cause);
                }
            }
            return null;
        }
        for (Func m : wanted) {
            Lookup.Result r = Lookup.fieldOrMethod(v, false, m.pkg, m.name);
            if (r.status != Lookup.Status.FOUND || !(r.obj instanceof Func f)) {
                return explain(v, m, r, cause);
            }
            if (!Predicates.identical(f.type, m.type)) {
                return wrongType(f, m, cause);
            }
        }
        return null;
    }

    private static Func wrongType(Func have, Func want, Cause cause) {
        if (cause != null) {
            cause.text = "(wrong type for method " + want.name + ")" + haveWant(have, want, cause);
        }
        return want;
    }

    private static String haveWant(Func have, Func want, Cause cause) {
        String h = text(have, cause.qualifier);
        String w = text(want, cause.qualifier);
        if (h.equals(w)) {
            Qualifier path = p -> p.path;
            h = text(have, path);
            w = text(want, path);
        }
        if (h.equals(w)) {
            return "";
        }
        return "\n\t\thave " + h + "\n\t\twant " + w;
    }

    private static String text(Func f, Qualifier q) {
        return f.name + TypeStrings.signatureTail(f.signature(), q);
    }

    private static Func explain(Type v, Func m, Lookup.Result r, Cause cause) {
        if (cause == null) {
            return m;
        }
        if (r.status == Lookup.Status.POINTER_RECEIVER && r.obj instanceof Func f) {
            cause.text = Predicates.identical(f.type, m.type) ? "(method " + m.name + " has pointer receiver)"
                    : "(wrong type for method " + m.name + ")" + haveWant(f, m, cause);
            return m;
        }
        if (r.status == Lookup.Status.AMBIGUOUS) {
            cause.text = "(ambiguous selector " + cause.name(v) + "." + m.name + ")";
            return m;
        }
        if (r.obj instanceof Var) {
            cause.text = "(" + cause.name(v) + "." + m.name + " is a field, not a method)";
            return m;
        }
        if (Alias.strip(v) instanceof Pointer p && p.elem.underlying() instanceof Interface) {
            cause.text = Predicates.isTypeParam(p.elem) ? "(type " + cause.name(v) + " is pointer to type parameter, not type parameter)"
                    : "(type " + cause.name(v) + " is pointer to interface, not interface)";
            return m;
        }
        Obj near = Lookup.foldCase(v, false, m.pkg, m.name);
        if (near instanceof Func f && f.type instanceof Signature) {
            if (f.name.equals(m.name)) {
                cause.text = "(unexported method " + m.name + ")";
            } else {
                cause.text = "(missing method " + m.name + ")" + haveWant(f, m, cause);
            }
            return m;
        }
        cause.text = "(missing method " + m.name + ")";
        return m;
    }
}
