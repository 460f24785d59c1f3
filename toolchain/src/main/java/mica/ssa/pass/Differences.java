// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mica.ssa.Value;

/**
 * Facts of the form x - y <= c over values and the number zero, kept as edges y -> x of weight c; a path adds its weights. Queries
 * look for a short path, with a bounded search. Facts are undone in the reverse order of their learning.
 */
final class Differences {
    private static final int MAX_DEPTH = 6;
    private static final int MAX_STEPS = 120;

    private final int zero;
    /** Last edge out of a node (the bounded one): edges of "x - y <= c" hang at x. */
    private final int[] last;
    private int[] to = new int[256];
    private long[] weight = new long[256];
    private int[] previous = new int[256];
    private int[] from = new int[256];
    private int count;
    private int steps;
    /** Reports: why each fact holds; null otherwise. */
    private Decisions.Step[] causes;
    private Decisions.Step cause;
    /** Reports: the facts of the last proof, from the last to the first. */
    private final List<String> trail = new ArrayList<>();
    private final List<Decisions.Step> trailCauses = new ArrayList<>();

    Differences(int values) {
        zero = values;
        last = new int[values + 1];
        Arrays.fill(last, -1);
    }

    /** From now on facts are kept with why they hold. */
    void explain() {
        causes = new Decisions.Step[to.length];
    }

    /** Why the facts that follow hold. */
    void because(Decisions.Step why) {
        cause = why;
    }

    boolean explains() {
        return causes != null;
    }

    void clearTrail() {
        trail.clear();
        trailCauses.clear();
    }

    /** The facts of the proofs since {@link #clearTrail}, each with why it holds. */
    List<Decisions.Step> trail() {
        List<Decisions.Step> out = new ArrayList<>();
        for (int i = trail.size() - 1; i >= 0; i--) {
            Decisions.Step c = trailCauses.get(i);
            out.add(new Decisions.Step(c == null ? 0 : c.pos(), c == null ? null : c.inline(),
                    trail.get(i) + (c == null ? "" : ": " + c.text())));
        }
        return out;
    }

    private void used(int e) {
        trail.add(name(from[e]) + " <= " + sum(name(to[e]), weight[e]));
        trailCauses.add(causes[e]);
    }

    private String name(int node) {
        return node == zero ? "0" : "v" + node;
    }

    private static String sum(String y, long c) {
        return y.equals("0") ? Long.toString(c) : c == 0 ? y : c > 0 ? y + " + " + c : y + " - " + -c;
    }

    /** A demand in words: x <= y + c. */
    static String demand(Value x, Value y, long c) {
        String l = x.isConst() ? Long.toString(x.auxInt) : x.toString();
        return l + (c == -1 ? " < " : " <= ") + sum(y.isConst() ? Long.toString(y.auxInt) : y.toString(), c == -1 ? 0 : c);
    }

    int mark() {
        return count;
    }

    void undo(int mark) {
        while (count > mark) {
            count--;
            last[from[count]] = previous[count];
        }
    }

    private void edge(int x, int y, long c) {
        if (count == to.length) {
            to = Arrays.copyOf(to, count * 2);
            weight = Arrays.copyOf(weight, count * 2);
            previous = Arrays.copyOf(previous, count * 2);
            from = Arrays.copyOf(from, count * 2);
            causes = causes == null ? null : Arrays.copyOf(causes, count * 2);
        }
        if (causes != null) {
            causes[count] = cause;
        }
        to[count] = y;
        weight[count] = c;
        from[count] = x;
        previous[count] = last[x];
        last[x] = count++;
    }

    /** x <= y + c. */
    void add(Value x, Value y, long c) {
        if (x != y) {
            if (y.isConst()) {
                upper(x, clamp(y.auxInt, c));
            } else if (x.isConst()) {
                // x <= y + c: y >= x - c.
                lower(y, clamp(x.auxInt, -c));
            } else {
                edge(x.id, y.id, c);
            }
        }
    }

    private static long clamp(long a, long b) {
        long s = a + b;
        return ((a ^ s) & (b ^ s)) < 0 ? a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE : s;
    }

    /** x >= n. */
    void lower(Value x, long n) {
        if (!x.isConst() && n != Long.MIN_VALUE) {
            edge(zero, x.id, -n);
        }
    }

    /** x <= n. */
    void upper(Value x, long n) {
        if (!x.isConst() && n != Long.MAX_VALUE) {
            edge(x.id, zero, n);
        }
    }

    void range(Value x, long lo, long hi) {
        lower(x, lo);
        upper(x, hi);
    }

    boolean proveLower(Value x, long n) {
        if (x.isConst()) {
            return x.auxInt >= n;
        }
        steps = 0;
        return n == Long.MIN_VALUE || path(zero, x.id, -n, 0);
    }

    boolean proveUpper(Value x, long n) {
        if (x.isConst()) {
            return x.auxInt <= n;
        }
        steps = 0;
        return n == Long.MAX_VALUE || path(x.id, zero, n, 0);
    }

    /** x <= y + c. */
    boolean prove(Value x, Value y, long c) {
        if (x == y) {
            return c >= 0;
        }
        if (x.isConst() && y.isConst()) {
            return x.auxInt <= clamp(y.auxInt, c);
        }
        if (y.isConst()) {
            return proveUpper(x, clamp(y.auxInt, c));
        }
        if (x.isConst()) {
            return proveLower(y, clamp(x.auxInt, -c));
        }
        steps = 0;
        return path(x.id, y.id, c, 0);
    }

    /** Edges from x to y add up to at most c. Sums that overflow prove nothing. */
    private boolean path(int x, int y, long c, int depth) {
        if (depth > MAX_DEPTH || steps > MAX_STEPS) {
            return false;
        }
        for (int e = last[x]; e >= 0; e = previous[e]) {
            steps++;
            if (to[e] == y && weight[e] <= c) {
                if (causes != null) {
                    used(e);
                }
                return true;
            }
        }
        if (depth == MAX_DEPTH) {
            return false;
        }
        for (int e = last[x]; e >= 0; e = previous[e]) {
            if (to[e] == y || x == zero && depth > 0 && to[e] == zero) {
                continue;
            }
            long rest = c - weight[e];
            if (((c ^ weight[e]) & (c ^ rest)) < 0) {
                continue;
            }
            if (path(to[e], y, rest, depth + 1)) {
                if (causes != null) {
                    used(e);
                }
                return true;
            }
        }
        return false;
    }
}
