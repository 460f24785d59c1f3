// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import mica.syntax.Expr;
import mica.syntax.Node;
import mica.syntax.Stmt;
import mica.types.Universe;
import mica.types.Var;

/**
 * What must be known of a function's tree before code is made for it: which variables its literals capture, whether it defers, and
 * the numbers in the names of what is nested in it. Bodies of range-over-func loops count as functions of their own.
 */
final class FuncFacts {
    /** A Decl.Func, an Expr.FuncLit, a Stmt.Range over a function, or the expression that initializes a package variable. */
    final Node node;
    final FuncFacts parent;
    /** Positions of the node, both inclusive: variables declared between them are the function's own. */
    final int from;
    final int to;
    /** Variables of enclosing functions that it or what is nested in it uses, in order of first use. */
    final List<Var> captures = new ArrayList<>();
    private final IdentityHashMap<Var, Boolean> captured = new IdentityHashMap<>();
    boolean hasDefer;
    boolean hasRecover;
    /** Jumps backward are possible by goto, so a defer may run more than once. */
    boolean hasGoto;
    /** Labels that goto statements jump to; shared by all nested functions. */
    final java.util.Set<Stmt> gotoTargets;
    /**
     * Of a function that return statements return from: jumps out of range-over-func bodies inside it. The body stores the
     * jump's number + 1 in {@link #next}, or {@link #RETURN}; 0 = the loop just ended.
     */
    final List<Stmt.Branch> exits = new ArrayList<>();
    static final int RETURN = -1;
    /** Hidden variables: how a range-over-func body was left; its state; the token of defer statements inside it. */
    Var next;
    Var state;
    Var deferToken;
    /** A range-over-func body inside returns from this function. */
    boolean returnsFromRange;
    /** A range-over-func body inside defers. */
    boolean defersFromRange;
    /** Part of the link name after the enclosing function's: ".func1", ".1", "-range1". */
    String suffix = "";
    int literals;
    int ranges;
    /** Calls of go and defer statements in order: numbers of their wrappers. */
    private final List<Node> goDefers = new ArrayList<>();
    /** All functions nested at any depth, and this one; shared by them. */
    final IdentityHashMap<Node, FuncFacts> all;

    FuncFacts(Node node, FuncFacts parent, int from, int to) {
        this.node = node;
        this.parent = parent;
        this.from = from;
        this.to = to;
        this.all = parent == null ? new IdentityHashMap<>() : parent.all;
        this.gotoTargets = parent == null ? java.util.Collections.newSetFromMap(new IdentityHashMap<>()) : parent.gotoTargets;
        all.put(node, this);
    }

    boolean isRangeBody() {
        return node instanceof Stmt.Range;
    }

    boolean isLiteral() {
        return parent != null && node instanceof Expr.FuncLit;
    }

    /** The enclosing function that return statements return from. */
    FuncFacts returning() {
        FuncFacts f = this;
        while (f.isRangeBody()) {
            f = f.parent;
        }
        return f;
    }

    /** Makes the hidden variables of a range-over-func body. */
    void makeRangeVariables() {
        state = hidden(".state", this.from - 1, Universe.INT);
        state.reassigned = true;
        FuncFacts g = returning();
        if (g.next == null) {
            g.next = hidden(".next", g.from, Universe.INT);
            g.next.reassigned = true;
        }
        captureHidden(state, parent);
        captureHidden(g.next, g);
    }

    void makeDeferToken() {
        FuncFacts g = returning();
        if (g.deferToken == null) {
            g.deferToken = hidden(".defers", g.from, Universe.EMPTY_INTERFACE);
        }
        captureHidden(g.deferToken, g);
    }

    private static Var hidden(String name, int pos, mica.types.Type t) {
        return new Var(name, null, pos, t, Var.Role.LOCAL);
    }

    /** This function and those between it and the owner capture v. */
    private void captureHidden(Var v, FuncFacts owner) {
        for (FuncFacts f = this; f != owner; f = f.parent) {
            f.capture(v);
        }
    }

    void addGoDefer(Node call) {
        goDefers.add(call);
    }

    int goDeferNumber(Node call) {
        for (int i = 0; i < goDefers.size(); i++) {
            if (goDefers.get(i) == call) {
                return i + 1;
            }
        }
        return 0;
    }

    int exitNumber(Stmt.Branch br) {
        for (int i = 0; i < exits.size(); i++) {
            Stmt.Branch e = exits.get(i);
            if (e.jump == br.jump && e.target == br.target) {
                return i;
            }
        }
        return -1;
    }

    /** The function, literal or loop body that a statement stands in directly. */
    FuncFacts owner(Stmt s) {
        FuncFacts best = null;
        for (FuncFacts f : all.values()) {
            if (f.contains(s) && (best == null || f.to - f.from < best.to - best.from)) {
                best = f;
            }
        }
        return best;
    }

    /** Whether a statement stands in this very function or in one nested in it. */
    boolean contains(Stmt s) {
        return s.pos >= from && s.pos <= to;
    }

    /** Notes a use of v in this function; v is declared in it or in an enclosing one. */
    void use(Var v) {
        for (FuncFacts f = this; f.parent != null && (v.pos < f.from || v.pos > f.to); f = f.parent) {
            f.capture(v);
        }
    }

    /** Notes that a range body inside function f sets f's result v. */
    void useResultOf(FuncFacts f, Var v) {
        captureHidden(v, f);
    }

    private void capture(Var v) {
        v.captured = true;
        if (captured.put(v, Boolean.TRUE) == null) {
            captures.add(v);
        }
    }
}
