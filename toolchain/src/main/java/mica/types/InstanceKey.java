// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Key of an instance among those of one generic type: the arguments, compared as types. */
final class InstanceKey {
    private final Type[] outer;
    private final Type[] args;
    private final int hash;

    InstanceKey(Type[] outer, Type[] args) {
        this.outer = outer;
        this.args = args;
        int h = 17;
        for (Type t : outer) {
            h = h * 31 + hash(t, 0);
        }
        for (Type t : args) {
            h = h * 31 + hash(t, 0);
        }
        hash = h;
    }

    /** Agrees with {@link Predicates#identical}; shallow, so that it may be asked of types that are not complete yet. */
    private static int hash(Type t, int depth) {
        t = Alias.strip(t);
        int k = t.kind().ordinal() * 1_000_003;
        if (depth > 4) {
            return k;
        }
        return switch (t.kind()) {
            case BASIC -> k + ((Basic) t).id.ordinal();
            case NAMED -> {
                Named n = (Named) t;
                int h = k + n.obj.name.hashCode();
                for (Type a : n.typeArgs) {
                    h = h * 31 + hash(a, depth + 1);
                }
                yield h;
            }
            case POINTER -> k + 31 * hash(((Pointer) t).elem, depth + 1);
            case SLICE -> k + 37 * hash(((Slice) t).elem, depth + 1);
            case ARRAY -> k + 41 * hash(((Array) t).elem, depth + 1);
            case CHAN -> k + 43 * hash(((Chan) t).elem, depth + 1) + ((Chan) t).dir;
            case MAP -> k + 47 * hash(((MapType) t).key, depth + 1) + 53 * hash(((MapType) t).elem, depth + 1);
            case TYPE_PARAM -> k + ((TypeParam) t).obj.name.hashCode();
            case TUPLE, STRUCT, SIGNATURE, INTERFACE, UNION, ALIAS -> k;
        };
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof InstanceKey k) || k.hash != hash || k.args.length != args.length || k.outer.length != outer.length) {
            return false;
        }
        for (int i = 0; i < outer.length; i++) {
            if (!Predicates.identical(outer[i], k.outer[i])) {
                return false;
            }
        }
        for (int i = 0; i < args.length; i++) {
            if (!Predicates.identical(args[i], k.args[i])) {
                return false;
            }
        }
        return true;
    }
}
