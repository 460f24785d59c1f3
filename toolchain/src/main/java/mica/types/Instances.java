// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.concurrent.ConcurrentHashMap;
import mica.base.Fault;

/**
 * Makes instances of generic types and functions; the same origin and identical arguments give the same Named. An instance
 * is only a name at first: its underlying type and methods are made when asked for, so instances may refer to each other.
 */
public final class Instances {
    private static final Type[] NONE = {};

    private Instances() {}

    public static Named named(Named origin, Type[] args) {
        return named(origin, NONE, args);
    }

    /** @param outer arguments for {@link Named#outerParams} of a local type, else empty */
    public static Named named(Named origin, Type[] outer, Type[] args) {
        ConcurrentHashMap<InstanceKey, Named> table = origin.instances();
        InstanceKey key = new InstanceKey(outer, args);
        Named n = table.get(key);
        if (n != null) {
            return n;
        }
        Named made = new Named(origin, outer, args);
        n = table.putIfAbsent(key, made);
        return n == null ? made : n;
    }

    public static Alias alias(Alias origin, Type[] args) {
        Alias a = new Alias(origin.obj, Subst.apply(origin.rhs, origin.typeParams, args));
        a.typeParams = origin.typeParams;
        a.typeArgs = args;
        return a;
    }

    /** The signature without type parameters. */
    public static Signature signature(Signature generic, Type[] args) {
        Tuple p = Subst.applyTuple(generic.params, generic.typeParams, args);
        Tuple r = Subst.applyTuple(generic.results, generic.typeParams, args);
        return new Signature(generic.recv, null, p, r, generic.variadic);
    }

    /** Called while {@code under} is unknown: instances substitute, declared types ask their package; INVALID if unknown still. */
    static Type expandUnderlying(Named n) {
        Named o = n.origin;
        if (o.under == null && o.obj.pkg != null && o.obj.pkg.completer != null) {
            o.obj.pkg.completer.complete(o.obj);
        }
        Type u = o.under;
        if (u == null) {
            return Universe.INVALID;
        }
        if (o == n) {
            return u;
        }
        if (n.typeArgs.length != 0 && n.typeArgs.length != o.typeParams.length) {
            return Universe.INVALID;
        }
        u = Subst.apply(u, parameters(n), arguments(n));
        synchronized (n) {
            if (n.under == null) {
                n.under = u;
            }
            return n.under;
        }
    }

    private static TypeParam[] parameters(Named n) {
        if (n.outerArgs.length == 0) {
            return n.origin.typeParams;
        }
        TypeParam[] all = java.util.Arrays.copyOf(n.origin.outerParams, n.outerArgs.length + n.typeArgs.length);
        System.arraycopy(n.origin.typeParams, 0, all, n.outerArgs.length, n.typeArgs.length);
        return all;
    }

    private static Type[] arguments(Named n) {
        if (n.outerArgs.length == 0) {
            return n.typeArgs;
        }
        Type[] all = java.util.Arrays.copyOf(n.outerArgs, n.outerArgs.length + n.typeArgs.length);
        System.arraycopy(n.typeArgs, 0, all, n.outerArgs.length, n.typeArgs.length);
        return all;
    }

    /** The method of an instance: its receiver's parameters (as this method named them) replaced by the instance's arguments. */
    static Func expandMethod(Named n, Func generic) {
        Signature s = (Signature) generic.type;
        if (s == null) {
            throw new Fault("types", "method " + generic.name + " of " + n.obj.name + " is asked for before its signature is known");
        }
        Type[] args = n.typeArgs;
        TypeParam[] params = s.recvTypeParams;
        Signature t = s;
        if (params.length > 0 && params.length == args.length) {
            t = (Signature) Subst.apply(s, params, args);
        }
        if (s.recv != null) {
            Type recv = Alias.strip(s.recv.type) instanceof Pointer ? new Pointer(n) : n;
            Signature c = new Signature(Subst.copy(s.recv, recv), t.typeParams, t.params, t.results, t.variadic);
            t = c;
        }
        Func f = new Func(generic.name, generic.pkg, generic.pos, t);
        f.origin = generic.origin;
        f.decl = generic.decl;
        f.order = generic.order;
        return f;
    }

    /** Index of the first argument that does not satisfy its constraint (reason in cause), or -1. */
    public static int verify(TypeParam[] params, Type[] args, Cause cause) {
        for (int i = 0; i < params.length && i < args.length; i++) {
            if (params[i].constraint == null) {
                continue;
            }
            Type bound = Subst.apply(params[i].constraint, params, args);
            if (!(bound.underlying() instanceof Interface) && Predicates.isValid(bound) || bound instanceof TypeParam) {
                // Written as [P []E]: a constraint of that one type.
                Interface wrapped = new Interface(new Func[0], new Type[] {bound}, new int[] {0});
                wrapped.implicit = true;
                bound = wrapped;
            }
            if (!Predicates.implement(args[i], bound, true, cause)) {
                return i;
            }
        }
        return -1;
    }
}
