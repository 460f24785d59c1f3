// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Looks for type parameters in types; declared types are only searched in their arguments. */
final class Mentions {
    private final TypeParam[] params;
    private Interface[] seen;
    private int seenCount;

    private Mentions(TypeParam[] params) {
        this.params = params;
    }

    /** @param params the ones looked for; null: any */
    static boolean any(Type t, TypeParam[] params) {
        return t != null && t.kind() != Type.Kind.BASIC && new Mentions(params).in(t);
    }

    private boolean in(Type t) {
        if (t == null) {
            return false;
        }
        return switch (t.kind()) {
            case BASIC -> false;
            case ALIAS -> in(Alias.strip(t));
            case NAMED -> {
                Named n = (Named) t;
                yield any(n.typeArgs) || (n.outerArgs.length > 0 ? any(n.outerArgs) : any(n.origin.outerParams));
            }
            case POINTER -> in(((Pointer) t).elem);
            case SLICE -> in(((Slice) t).elem);
            case ARRAY -> in(((Array) t).elem);
            case CHAN -> in(((Chan) t).elem);
            case MAP -> in(((MapType) t).key) || in(((MapType) t).elem);
            case STRUCT -> vars(((Struct) t).fields);
            case SIGNATURE -> signature((Signature) t);
            case INTERFACE -> iface((Interface) t);
            case TUPLE -> vars(((Tuple) t).vars);
            case UNION -> any(((Union) t).terms);
            case TYPE_PARAM -> param((TypeParam) t);
        };
    }

    private boolean param(TypeParam p) {
        if (params == null) {
            return true;
        }
        for (TypeParam q : params) {
            if (p == q) {
                return true;
            }
        }
        return false;
    }

    private boolean any(Type[] list) {
        for (Type t : list) {
            if (in(t)) {
                return true;
            }
        }
        return false;
    }

    private boolean vars(Var[] list) {
        for (Var v : list) {
            if (in(v.type)) {
                return true;
            }
        }
        return false;
    }

    private boolean signature(Signature s) {
        return s.params != null && vars(s.params.vars) || s.results != null && vars(s.results.vars);
    }

    private boolean iface(Interface t) {
        for (int i = 0; i < seenCount; i++) {
            if (seen[i] == t) {
                return false;
            }
        }
        if (seen == null) {
            seen = new Interface[4];
        } else if (seenCount == seen.length) {
            seen = java.util.Arrays.copyOf(seen, seenCount * 2);
        }
        seen[seenCount++] = t;
        for (Func m : t.methods) {
            if (m.type != null && signature(m.signature())) {
                return true;
            }
        }
        return any(t.embedded);
    }
}
