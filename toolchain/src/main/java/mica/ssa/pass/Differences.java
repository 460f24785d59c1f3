// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
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

    Differences(int values) {
        zero = values;
        last = new int[values + 1];
        Arrays.fill(last, -1);
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
                return true;
            }
        }
        return false;
    }
}
