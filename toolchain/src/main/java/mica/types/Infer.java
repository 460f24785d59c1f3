// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;

/**
 * Finds type arguments that were left out. First the typed arguments are unified with the parameters' types; then constraints
 * that have a core type or methods say more, until nothing changes; then untyped constants give their default types; at last
 * what was found for one parameter is put into what was found for others.
 */
public final class Infer {
    private Infer() {}

    /** An argument of the call: its type may be untyped, or a generic Signature whose parameters are among those to be found. */
    public static final class Arg {
        public final Type type;
        public final int pos;
        /** As written, for messages. */
        public final String text;

        public Arg(Type type, int pos, String text) {
            this.type = type;
            this.pos = pos;
            this.text = text;
        }
    }

    /** What went wrong. */
    public static final class Failure {
        /** Position of the argument at fault; -1 means at the call (its closing parenthesis's call position, as the caller has it). */
        public int pos = -1;
        /** Without "in call to f, ", which is the caller's to put before it. */
        public String text = "";
        /** The parameter that cannot be inferred: the caller adds " (declared at position)"; else null. */
        public TypeParam param;
    }

    /**
     * @param params all type parameters to find: of the callee, then those of generic function arguments (renamed by the caller)
     * @param known arguments already given, null where unknown (may be shorter); or null
     * @param paramTypes parameter types of the call, one for each argument (variadic ones expanded)
     * @param reverse a generic function is assigned: paramTypes is its type, the argument the target
     * @return all arguments, not verified against their constraints; or null with failure filled in
     */
    public static Type[] infer(TypeParam[] params, Type[] known, Type[] paramTypes, Arg[] args, boolean reverse, Qualifier q,
            Failure failure) {
        if (known != null && complete(known, params.length)) {
            return known;
        }
        TypeParam[] fresh = separate(params, known, args);
        if (fresh != params) {
            paramTypes = Subst.applyAll(paramTypes, params, fresh);
        }
        return new Run(fresh, known, reverse, q, failure).run(withGiven(paramTypes, fresh, known), args);
    }

    /** Puts the given arguments into the parameters' types: what has no parameter left is a matter of assignability, not of inference. */
    private static Type[] withGiven(Type[] paramTypes, TypeParam[] params, Type[] known) {
        ArrayList<TypeParam> given = new ArrayList<>(0);
        ArrayList<Type> values = new ArrayList<>(0);
        for (int i = 0; known != null && i < known.length; i++) {
            if (known[i] != null) {
                given.add(params[i]);
                values.add(known[i]);
            }
        }
        return given.isEmpty() ? paramTypes : Subst.applyAll(paramTypes, given.toArray(new TypeParam[0]), values.toArray(new Type[0]));
    }

    private static boolean complete(Type[] known, int n) {
        for (int i = 0; i < n; i++) {
            if (i >= known.length || known[i] == null) {
                return false;
            }
        }
        return true;
    }

    /** In a recursive call the arguments mention the callee's own parameters as given types: those to be found get new names. */
    private static TypeParam[] separate(TypeParam[] params, Type[] known, Arg[] args) {
        boolean mixed = false;
        for (int i = 0; known != null && i < known.length; i++) {
            mixed |= known[i] != null && Predicates.mentions(known[i], params);
        }
        for (Arg a : args) {
            if (!(Alias.strip(a.type) instanceof Signature s && s.typeParams.length > 0)) {
                mixed |= Predicates.mentions(a.type, params);
            }
        }
        if (!mixed) {
            return params;
        }
        TypeParam[] fresh = rename(params);
        // Parameters of generic function arguments are new already, and stay what the arguments mention.
        for (Arg a : args) {
            if (Alias.strip(a.type) instanceof Signature s) {
                for (TypeParam p : s.typeParams) {
                    for (int i = 0; i < params.length; i++) {
                        if (params[i] == p) {
                            fresh[i] = p;
                        }
                    }
                }
            }
        }
        return fresh;
    }

    /** Fresh copies of type parameters (constraints renamed along), so that recursive uses don't mix. */
    public static TypeParam[] rename(TypeParam[] params) {
        TypeParam[] fresh = new TypeParam[params.length];
        for (int i = 0; i < params.length; i++) {
            TypeName o = params[i].obj;
            fresh[i] = new TypeParam(new TypeName(o.name, o.pkg, o.pos, null), params[i].index, params[i].constraint);
        }
        for (TypeParam p : fresh) {
            p.constraint = Subst.apply(p.constraint, params, fresh);
        }
        return fresh;
    }

    /** One inference. */
    private static final class Run {
        private final TypeParam[] params;
        private final Unifier u;
        private final boolean reverse;
        private final Qualifier q;
        private final Failure failure;

        Run(TypeParam[] params, Type[] known, boolean reverse, Qualifier q, Failure failure) {
            this.params = params;
            this.u = new Unifier(params, known);
            this.reverse = reverse;
            this.q = q;
            this.failure = failure;
        }

        Type[] run(Type[] paramTypes, Arg[] args) {
            ArrayList<Integer> untyped = new ArrayList<>(0);
            for (int i = 0; i < args.length && i < paramTypes.length; i++) {
                if (!argument(paramTypes[i], args[i], i, untyped)) {
                    return null;
                }
            }
            if (!constraints() || !untypedConstants(paramTypes, args, untyped)) {
                return null;
            }
            return simplify();
        }

        private boolean argument(Type par, Arg arg, int i, ArrayList<Integer> untyped) {
            if (arg.type == null || !Predicates.isValid(arg.type)) {
                return true;
            }
            if (!Predicates.mentions(par, params) && !generic(arg.type)) {
                return true;
            }
            if (Predicates.isUntyped(arg.type)) {
                if (Alias.strip(par) instanceof TypeParam && arg.type != Universe.UNTYPED_NIL) {
                    untyped.add(i);
                }
                return true;
            }
            if (!u.unify(par, plain(arg.type), Unifier.ASSIGN)) {
                mismatch(par, arg);
                return false;
            }
            return true;
        }

        private static boolean generic(Type t) {
            return Alias.strip(t) instanceof Signature s && s.typeParams.length > 0;
        }

        /** A generic function's type with its parameters as free ones. */
        private static Type plain(Type t) {
            return Alias.strip(t) instanceof Signature s && s.typeParams.length > 0
                    ? new Signature(s.recv, null, s.params, s.results, s.variadic) : t;
        }

        private String name(Type t) {
            return TypeStrings.message(t, q);
        }

        private void mismatch(Type par, Arg arg) {
            failure.pos = arg.pos;
            Type[] now = u.all();
            boolean none = true;
            for (Type t : now) {
                none &= t == null;
            }
            String type = name(arg.type);
            if (none) {
                failure.text = "type " + type + " of " + arg.text + " does not match " + name(par) + " (cannot infer " + list() + ")";
                return;
            }
            Type inferred = Subst.apply(par, params, now);
            if (inferred == par) {
                failure.text = "type " + type + " of " + arg.text + " does not match " + name(par);
            } else if (reverse) {
                failure.text = "inferred type " + name(inferred) + " for " + name(par) + " does not match type " + type + " of " + arg.text;
            } else {
                failure.text = "type " + type + " of " + arg.text + " does not match inferred type " + name(inferred) + " for " + name(par);
            }
        }

        /** "P", "P and Q", "P, Q, and R". */
        private String list() {
            StringBuilder sb = new StringBuilder();
            int n = params.length;
            for (int i = 0; i < n; i++) {
                if (i > 0) {
                    sb.append(n == 2 ? " and " : i == n - 1 ? ", and " : ", ");
                }
                sb.append(params[i].obj.name);
            }
            return sb.toString();
        }

        /** Constraints that a known argument must match, or that leave only one type, say more about the others. */
        private boolean constraints() {
            for (; ; ) {
                int before = u.unknowns();
                for (int i = 0; i < params.length; i++) {
                    if (!constraint(i)) {
                        return false;
                    }
                }
                if (u.unknowns() == before) {
                    return true;
                }
            }
        }

        private boolean constraint(int i) {
            TypeParam p = params[i];
            TypeSet set = TypeSets.of(TypeSets.constraintInterface(p));
            Type tx = u.at(i);
            if (set.hasTerms()) {
                boolean single = set.terms.size() == 1;
                boolean tilde = !single;
                for (boolean t : set.terms.tilde) {
                    tilde |= t;
                }
                Type core = single ? set.terms.types[0] : TypeSets.commonUnder(p, null);
                if (core != null) {
                    if (tx != null) {
                        if (tilde && !Predicates.isTypeParam(tx)) {
                            tx = tx.underlying();
                        }
                        if (!u.unify(tx, core, Unifier.LOOSE)) {
                            unsatisfied(p, u.at(i), "");
                            return false;
                        }
                    } else if (single && !tilde) {
                        u.set(i, core);
                    }
                }
            }
            tx = u.at(i);
            if (tx != null && !Predicates.isTypeParam(tx)) {
                tx = known(tx);
            }
            if (tx == null || !Predicates.isTypeParam(tx) && Predicates.mentions(tx, params)) {
                return true;
            }
            for (Func m : set.methods) {
                Lookup.Result r = Lookup.fieldOrMethod(tx, false, m.pkg, m.name);
                boolean ok = r.found() && r.obj instanceof Func f && u.unify(m.type, f.type, Unifier.EXACT);
                if (!ok) {
                    Cause cause = new Cause(q);
                    Interface one = new Interface(new Func[] {substituted(m)}, new Type[0], new int[0]);
                    Lookup.missingMethod(tx, one, true, cause);
                    unsatisfied(p, tx, cause.text.isEmpty() ? "" : " " + cause.text);
                    return false;
                }
            }
            return true;
        }

        /** t with the parameters replaced that are known. */
        private Type known(Type t) {
            Type[] now = u.all();
            for (int i = 0; i < now.length; i++) {
                now[i] = now[i] == null ? params[i] : now[i];
            }
            return Subst.apply(t, params, now);
        }

        /** The method with what is known put in, as the message shows it. */
        private Func substituted(Func m) {
            Type t = Subst.apply(m.type, params, u.all());
            return t == m.type ? m : new Func(m.name, m.pkg, m.pos, (Signature) t);
        }

        private void unsatisfied(TypeParam p, Type tx, String cause) {
            failure.text = p.obj.name + " (type " + name(tx) + ") does not satisfy " + name(p.constraint) + cause;
        }

        private boolean untypedConstants(Type[] paramTypes, Arg[] args, ArrayList<Integer> untyped) {
            Basic[] largest = new Basic[params.length];
            for (int at : untyped) {
                int i = index((TypeParam) Alias.strip(paramTypes[at]));
                if (i < 0 || u.at(i) != null) {
                    continue;
                }
                Basic t = (Basic) Alias.strip(args[at].type);
                if (largest[i] == null) {
                    largest[i] = t;
                    continue;
                }
                Basic max = maxType(largest[i], t);
                if (max == null) {
                    failure.pos = args[at].pos;
                    failure.text = "mismatched types " + largest[i].name + " and " + t.name + " (cannot infer " + params[i].obj.name + ")";
                    return false;
                }
                largest[i] = max;
            }
            for (int i = 0; i < largest.length; i++) {
                if (largest[i] != null && u.at(i) == null) {
                    u.set(i, Predicates.defaultType(largest[i]));
                }
            }
            return true;
        }

        private int index(TypeParam p) {
            for (int i = 0; i < params.length; i++) {
                if (params[i] == p) {
                    return i;
                }
            }
            return -1;
        }

        /** Puts what was found into what was found, until no parameter is mentioned; a type that contains itself is not found. */
        private Type[] simplify() {
            Type[] types = u.all();
            for (int i = 0; i < types.length; i++) {
                if (types[i] != null && cyclic(i, types)) {
                    types[i] = null;
                }
            }
            for (int round = 0; round <= params.length; round++) {
                boolean changed = false;
                for (int i = 0; i < types.length; i++) {
                    if (types[i] != null) {
                        Type t = Subst.apply(types[i], params, types);
                        changed |= t != types[i];
                        types[i] = t;
                    }
                }
                if (!changed) {
                    break;
                }
            }
            for (int i = 0; i < types.length; i++) {
                if (types[i] == null || Predicates.mentions(types[i], params)) {
                    failure.text = "cannot infer " + params[i].obj.name;
                    failure.param = params[i];
                    return null;
                }
            }
            return types;
        }

        private boolean cyclic(int i, Type[] types) {
            return reaches(i, i, types, new boolean[types.length]);
        }

        private boolean reaches(int from, int target, Type[] types, boolean[] seen) {
            if (types[from] == null || seen[from]) {
                return false;
            }
            seen[from] = true;
            for (int k = 0; k < params.length; k++) {
                if (Predicates.mentions(types[from], new TypeParam[] {params[k]}) && (k == target || reaches(k, target, types, seen))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The larger kind of two untyped types, or null if they don't mix. */
    public static Basic maxType(Basic x, Basic y) {
        if (x == y) {
            return x;
        }
        if (Predicates.isUntypedNumeric(x) && Predicates.isUntypedNumeric(y)) {
            return x.id.ordinal() > y.id.ordinal() ? x : y;
        }
        return null;
    }
}
