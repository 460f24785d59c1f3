// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.syntax.Stmt;

/** Assignments of all forms: which value may go where ("Assignability"), and what stands on the left. */
final class Assignments extends Part {
    Assignments(Checker c) {
        super(c);
    }

    // ---- one value ----

    /** Whether x may be assigned to a variable of type t, without any report or change; untyped operands included. */
    boolean assignableTo(Operand x, Type t, Cause cause) {
        if (!x.ok() || !Predicates.isValid(t)) {
            return true;
        }
        if (x.isUntyped()) {
            return c.untyped.implicit(x, t) != null;
        }
        return Predicates.assignable(x.type, t, cause);
    }

    /**
     * Converts x to type t (null: its default type) as an assignment does; reports and invalidates it if that is not possible.
     *
     * @param context what the value is for: "assignment", "argument to f", ...
     */
    boolean assignable(Operand x, Type t, String context) {
        c.exprs.single(x);
        if (!x.ok()) {
            return false;
        }
        if (x.isUntyped() && !untyped(x, t, context)) {
            return false;
        }
        if (t == null) {
            return true;
        }
        Cause cause = c.cause();
        if (!Predicates.isValid(t.underlying()) || x.isNil() && Predicates.hasNil(t) || Predicates.assignable(x.type, t, cause)) {
            return true;
        }
        if (cause.text.contains("missing method") && StructTypes.hasInvalidEmbedded(x.type)) {
            // The error about the embedded field is enough.
            x.invalid();
            return false;
        }
        String why = cause.text == null || cause.text.isEmpty() ? "" : ": " + cause.text;
        error(x, "cannot use " + describe(x) + " as " + name(t) + " value in " + context + why);
        x.invalid();
        return false;
    }

    private boolean untyped(Operand x, Type t, String context) {
        Type target = t;
        if (t == null || Predicates.isInterface(t) && !Predicates.isTypeParam(t)) {
            if (t == null && x.isNil()) {
                error(x, "use of untyped nil in " + context);
                x.invalid();
                return false;
            }
            target = x.isNil() ? t : Predicates.defaultType(x.type);
        }
        if (!Predicates.isValid(target)) {
            x.invalid();
            return false;
        }
        Type found = c.untyped.implicit(x, target);
        if (found == null) {
            String suffix = c.untyped.why == Untyped.TRUNCATED ? " (truncated)" : c.untyped.why == Untyped.OVERFLOW ? " (overflows)" : "";
            error(x, "cannot use " + describe(x) + " as " + name(target) + " value in " + context + suffix);
            x.invalid();
            return false;
        }
        if (x.isNil()) {
            x.type = found;
            if (x.expr != null) {
                c.untyped.finish(x.expr, found, null);
            }
        } else if (found != x.type) {
            c.untyped.apply(x, found);
        }
        return true;
    }

    // ---- initialization ----

    void initConst(Const o, Operand x) {
        if (!x.ok() || !Predicates.isValid(x.type) || o.type != null && !Predicates.isValid(o.type)) {
            if (o.type == null) {
                o.type = Universe.INVALID;
            }
            return;
        }
        if (!x.isConstant()) {
            error(x, describe(x) + " is not constant");
            if (o.type == null) {
                o.type = Universe.INVALID;
            }
            return;
        }
        if (o.type == null) {
            o.type = x.type;
        }
        if (assignable(x, o.type, "constant declaration")) {
            o.value = x.value;
        }
    }

    /** Gives a variable its initial value, and its type if it was declared without one. */
    void initVar(Var v, Operand x, String context) {
        if (!x.ok() || !Predicates.isValid(x.type) || v.type != null && !Predicates.isValid(v.type)) {
            if (v.type == null) {
                v.type = Universe.INVALID;
            }
            x.invalid();
            return;
        }
        if (v.type == null) {
            Type t = x.type;
            if (x.isUntyped()) {
                if (x.isNil()) {
                    error(x, "use of untyped nil in " + context);
                    v.type = Universe.INVALID;
                    x.invalid();
                    return;
                }
                t = Predicates.defaultType(t);
            }
            v.type = t;
        }
        assignable(x, v.type, context);
    }

    /** Initializes variables with values, or with the results of one call; {@code at} is the return statement or null. */
    void initVars(Var[] lhs, Expr[] rhs, Stmt.Return at) {
        if (at == null && lhs.length == rhs.length) {
            for (int i = 0; i < lhs.length; i++) {
                Operand x = new Operand();
                c.exprs.exprFor(x, rhs[i], lhs[i].type, lhs[i].name);
                initVar(lhs[i], x, "variable declaration");
            }
            return;
        }
        initVars(lhs, rhs, at, at != null ? "return statement" : context(lhs.length));
    }

    private static String context(int variables) {
        return variables > 1 ? "multiple assignment" : "assignment";
    }

    private void initVars(Var[] lhs, Expr[] rhs, Stmt.Return at, String context) {
        if (lhs.length == rhs.length && (lhs.length != 1 || !isCall(rhs[0]))) {
            for (int i = 0; i < lhs.length; i++) {
                Operand x = new Operand();
                c.exprs.exprFor(x, rhs[i], lhs[i].type, at != null && lhs[i].name.isEmpty() ? "result variable" : lhs[i].name);
                initVar(lhs[i], x, context);
            }
            return;
        }
        if (rhs.length != 1) {
            c.exprs.use(rhs);
            invalidate(lhs);
            for (Expr e : rhs) {
                if (e.mode == Mode.INVALID) {
                    return;
                }
            }
            mismatch(lhs.length, rhs, at, lhs);
            return;
        }
        List<Operand> values = multi(rhs[0], lhs.length == 2 && at == null);
        if (values == null) {
            invalidate(lhs);
            return;
        }
        if (values.size() != lhs.length) {
            invalidate(lhs);
            callMismatch(lhs.length, values, rhs[0], at, lhs);
            return;
        }
        for (int i = 0; i < lhs.length; i++) {
            initVar(lhs[i], values.get(i), context);
        }
    }

    private static void invalidate(Var[] lhs) {
        for (Var v : lhs) {
            v.used = true;
            if (v.type == null) {
                v.type = Universe.INVALID;
            }
        }
    }

    private static boolean isCall(Expr e) {
        return e.unparen().kind == Expr.Kind.CALL;
    }

    /** The values of one expression: several of a call, two of a comma-ok form if allowed; null after an error. */
    private List<Operand> multi(Expr e, boolean commaOk) {
        Operand x = new Operand();
        c.exprs.multi(x, e, false);
        if (!x.ok()) {
            return null;
        }
        List<Operand> out = new ArrayList<>();
        if (x.mode == Mode.VALUE && x.type instanceof Tuple t) {
            for (int i = 0; i < t.vars.length; i++) {
                Operand v = new Operand(Mode.VALUE, t.vars[i].type, e);
                v.resultIndex = i + 1;
                out.add(v);
            }
            return out;
        }
        out.add(x);
        if (commaOk && (x.mode == Mode.MAP_INDEX || x.mode == Mode.COMMA_OK)) {
            Operand ok = new Operand(Mode.VALUE, Universe.UNTYPED_BOOL, e);
            ok.commaOk = true;
            out.add(ok);
        }
        return out;
    }

    // ---- mismatches ----

    private void mismatch(int want, Expr[] rhs, Stmt.Return at, Var[] results) {
        if (at != null) {
            List<Operand> values = new ArrayList<>();
            for (Expr e : rhs) {
                Operand x = new Operand(e.mode, (Type) e.type, e);
                values.add(x);
            }
            returnMismatch(values, rhs, at, results);
            return;
        }
        error(rhs[0], "assignment mismatch: " + count(want, "variable") + " but " + count(rhs.length, "value"));
    }

    private void callMismatch(int want, List<Operand> values, Expr rhs, Stmt.Return at, Var[] results) {
        if (at != null) {
            returnMismatch(values, new Expr[] {rhs}, at, results);
            return;
        }
        String vars = count(want, "variable");
        if (isCall(rhs)) {
            Expr fun = ((Expr.Call) rhs.unparen()).fun;
            error(rhs, "assignment mismatch: " + vars + " but " + text(fun) + " returns " + count(values.size(), "value"));
        } else {
            error(rhs, "assignment mismatch: " + vars + " but " + count(values.size(), "value"));
        }
    }

    private void returnMismatch(List<Operand> have, Expr[] rhs, Stmt.Return at, Var[] want) {
        String quality = "not enough";
        int pos = at.pos;
        if (rhs.length == 1 && have.size() > 1) {
            quality = have.size() > want.length ? "too many" : quality;
            pos = Places.start(rhs[0]);
        } else if (have.size() > want.length) {
            quality = "too many";
            pos = Places.start(rhs[want.length]);
        } else if (rhs.length > 0) {
            pos = Places.start(rhs[rhs.length - 1]);
        }
        List<Operand> wanted = new ArrayList<>();
        for (Var v : want) {
            wanted.add(new Operand(Mode.VALUE, v.type, null));
        }
        error(pos, quality + " return values\n\thave " + summary(have, false) + "\n\twant " + summary(wanted, false));
    }

    /** "(int, number, nil)": types of values, untyped numbers as "number". */
    String summary(List<Operand> values, boolean variadic) {
        StringBuilder sb = new StringBuilder("(");
        for (int i = 0; i < values.size(); i++) {
            sb.append(i > 0 ? ", " : "");
            Type t = values.get(i).type;
            if (values.get(i).isNil()) {
                sb.append("nil");
            } else if (t == null || !Predicates.isValid(t)) {
                sb.append("unknown type");
            } else if (Predicates.isUntyped(t)) {
                sb.append(Predicates.isNumeric(t) ? "number" : ((Basic) Alias.strip(t)).name.replace("untyped ", ""));
            } else if (variadic && i == values.size() - 1 && t instanceof Slice s) {
                sb.append("...").append(name(s.elem));
            } else {
                sb.append(name(t));
            }
        }
        return sb.append(")").toString();
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /** The values of a return statement. */
    void returns(Var[] results, Expr[] values, Stmt.Return at) {
        if (results.length == 0) {
            c.exprs.use(values);
            List<Operand> have = new ArrayList<>();
            for (Expr e : values) {
                have.add(new Operand(e.mode, (Type) e.type, e));
                if (e.mode == Mode.INVALID) {
                    return;
                }
            }
            if (values.length == 1 && values[0].mode == Mode.NO_VALUE) {
                error(values[0], text(values[0]) + " (no value) used as value");
                return;
            }
            error(values[0], "too many return values\n\thave " + summary(have, false) + "\n\twant ()");
            return;
        }
        if (values.length == 0) {
            returnMismatch(List.of(), values, at, results);
            return;
        }
        for (Var r : results) {
            if (!r.name.isEmpty()) {
                c.bodies.mention(r);
            }
        }
        initVars(results, values, at);
    }

    // ---- assignment statements ----

    void assign(Expr[] lhs, Expr[] rhs, int pos) {
        if (lhs.length == rhs.length && (lhs.length != 1 || !isCall(rhs[0]))) {
            for (int i = 0; i < lhs.length; i++) {
                Type t = left(lhs[i]);
                if (t == null) {
                    c.exprs.use(rhs[i]);
                    continue;
                }
                Operand x = new Operand();
                c.exprs.exprFor(x, rhs[i], t, text(lhs[i]));
                store(lhs[i], t, x, context(lhs.length));
            }
            return;
        }
        if (rhs.length != 1) {
            useAll(lhs);
            c.exprs.use(rhs);
            for (Expr e : rhs) {
                if (e.mode == Mode.INVALID) {
                    return;
                }
            }
            mismatch(lhs.length, rhs, null, null);
            return;
        }
        List<Operand> values = multi(rhs[0], lhs.length == 2);
        if (values == null || values.size() != lhs.length) {
            useAll(lhs);
            if (values != null) {
                callMismatch(lhs.length, values, rhs[0], null, null);
            }
            return;
        }
        for (int i = 0; i < lhs.length; i++) {
            Type t = left(lhs[i]);
            store(lhs[i], t, values.get(i), context(lhs.length));
        }
    }

    private void useAll(Expr[] lhs) {
        for (Expr e : lhs) {
            useLhs(e);
        }
    }

    /** Checks the left side of a failed assignment without counting it as a use. */
    void useLhs(Expr e) {
        Expr u = e.unparen();
        if (u instanceof Expr.Name n) {
            if (!n.isBlank()) {
                left(e);
            }
        } else {
            c.exprs.use(e);
        }
    }

    /** Assigns one value to the left side. */
    void assignVar(Expr lhs, Operand x, String context) {
        store(lhs, left(lhs), x, context);
    }

    private static final Type BLANK = new Tuple(new Var[0]);

    private void store(Expr lhs, Type t, Operand x, String context) {
        if (t == null || !x.ok()) {
            return;
        }
        if (t == BLANK) {
            assignable(x, null, context.equals("assignment") ? "assignment to _ identifier" : context);
            if (x.ok()) {
                lhs.type = x.type;
            }
            return;
        }
        assignable(x, t, context);
    }

    /** Type of the place on the left; BLANK for _, null after an error. A mere assignment does not use a variable. */
    private Type left(Expr lhs) {
        Expr u = lhs.unparen();
        if (u instanceof Expr.Name n) {
            if (n.isBlank()) {
                n.obj = null;
                return BLANK;
            }
            Obj o = c.lookup(n.name);
            if (o instanceof Var v && v.pkg == c.pkg && v.role != Var.Role.PACKAGE) {
                boolean used = v.used;
                Type t = place(lhs);
                v.used = used;
                return t;
            }
        }
        return place(lhs);
    }

    private Type place(Expr lhs) {
        Operand x = new Operand();
        c.exprs.expr(x, lhs);
        if (!x.ok() || !Predicates.isValid(x.type)) {
            return null;
        }
        Idents.noteChange(lhs, false);
        if (x.mode == Mode.VARIABLE || x.mode == Mode.MAP_INDEX) {
            return x.type;
        }
        if (lhs.unparen() instanceof Expr.Selector s && s.x.mode == Mode.MAP_INDEX) {
            error(lhs, "cannot assign to struct field " + text(lhs) + " in map");
        } else {
            error(lhs, "cannot assign to " + text(lhs) + " (neither addressable nor a map index expression)");
        }
        return null;
    }

    /** x op= y; rhs null means 1. */
    void assignOp(Expr lhs, Operand lhsOrNull, Expr rhs, Operator op, int pos) {
        Operand x = new Operand();
        if (rhs == null) {
            x.become(lhsOrNull);
            x.expr = lhs;
        } else {
            c.operations.binary(x, null, lhs, rhs, op, pos);
        }
        if (!x.ok()) {
            return;
        }
        Type t = place(lhs);
        if (t != null && rhs != null) {
            store(lhs, t, x, "assignment operation");
        }
    }

    // ---- := ----

    void define(Expr[] lhs, Expr[] rhs, int pos) {
        Var[] vars = new Var[lhs.length];
        boolean[] fresh = new boolean[lhs.length];
        boolean anyNew = false;
        boolean failed = false;
        for (int i = 0; i < lhs.length; i++) {
            if (!(lhs[i] instanceof Expr.Name id)) {
                c.assignments.useLhs(lhs[i]);
                error(lhs[i], "non-name " + text(lhs[i]) + " on left side of :=");
                failed = true;
                vars[i] = new Var("_", c.pkg, lhs[i].pos, null, Var.Role.LOCAL);
                continue;
            }
            if (!id.isBlank() && repeated(lhs, i)) {
                error(id, id.name + " repeated on left side of :=");
                failed = true;
                vars[i] = new Var("_", c.pkg, id.pos, null, Var.Role.LOCAL);
                continue;
            }
            Obj old = id.isBlank() ? null : c.env.scope.here(id.name);
            if (old instanceof Var v) {
                id.obj = v;
                c.bodies.mention(v);
                v.reassigned = true;
                vars[i] = v;
            } else if (old != null) {
                error(id, "cannot assign to " + id.name);
                failed = true;
                vars[i] = new Var("_", c.pkg, id.pos, null, Var.Role.LOCAL);
            } else {
                vars[i] = new Var(id.name, c.pkg, id.pos, null, Var.Role.LOCAL);
                id.obj = vars[i];
                fresh[i] = true;
                anyNew |= !id.isBlank();
            }
        }
        initVars(vars, rhs, null, context(lhs.length));
        record(lhs, vars);
        for (int i = 0; i < lhs.length; i++) {
            if (fresh[i]) {
                c.bodies.declareLocal((Expr.Name) lhs[i], vars[i]);
            }
        }
        if (!anyNew && !failed) {
            error(pos, "no new variables on left side of :=");
        }
    }

    private static void record(Expr[] lhs, Var[] vars) {
        for (int i = 0; i < lhs.length; i++) {
            if (lhs[i] instanceof Expr.Name) {
                lhs[i].type = vars[i].type;
                lhs[i].mode = Mode.VARIABLE;
            }
        }
    }

    private static boolean repeated(Expr[] lhs, int i) {
        for (int k = 0; k < i; k++) {
            if (lhs[k] instanceof Expr.Name a && a.name.equals(((Expr.Name) lhs[i]).name)) {
                return true;
            }
        }
        return false;
    }
}
