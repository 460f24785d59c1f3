// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import mica.ssa.Value;

/** What is known to lie in memory at a point: a short list of (base, offset, type) with the value there. */
final class Memory {
    private static final int MAX = 48;

    private final Aliases aliases;
    private final Value[] base;
    private final long[] offset;
    private final Value[] content;
    private int count;

    Memory(Aliases aliases) {
        this.aliases = aliases;
        base = new Value[MAX];
        offset = new long[MAX];
        content = new Value[MAX];
    }

    Memory copy() {
        Memory m = new Memory(aliases);
        System.arraycopy(base, 0, m.base, 0, count);
        System.arraycopy(offset, 0, m.offset, 0, count);
        System.arraycopy(content, 0, m.content, 0, count);
        m.count = count;
        return m;
    }

    /** The value that a load gives, if known; else the load's own value is known from here on. */
    Value load(Value v) {
        Value b = Aliases.base(v.args[0]);
        long at = Aliases.offset(v.args[0]) + v.auxInt;
        for (int i = count - 1; i >= 0; i--) {
            if (offset[i] == at && content[i].type == v.type && Aliases.sameBase(base[i], b)) {
                return content[i];
            }
        }
        remember(b, at, v);
        return null;
    }

    private void remember(Value b, long at, Value v) {
        if (count == MAX) {
            System.arraycopy(base, 1, base, 0, MAX - 1);
            System.arraycopy(offset, 1, offset, 0, MAX - 1);
            System.arraycopy(content, 1, content, 0, MAX - 1);
            count--;
        }
        base[count] = b;
        offset[count] = at;
        content[count++] = v;
    }

    void effect(Value v) {
        switch (v.op) {
            case STORE -> {
                Value b = Aliases.base(v.args[0]);
                long at = Aliases.offset(v.args[0]) + v.auxInt;
                forget(b, at, v.args[1].type.size);
                remember(b, at, v.args[1]);
            }
            case ZERO, MOVE -> forget(Aliases.base(v.args[0]), Aliases.offset(v.args[0]), v.auxInt);
            case KEEP_ALIVE, VAR_DEF, ALLOC, RETURN, PREFETCH -> { }
            default -> forgetUnconfined();
        }
    }

    private void forget(Value b, long at, long n) {
        int k = 0;
        for (int i = 0; i < count; i++) {
            if (!aliases.mayMeet(base[i], offset[i], content[i].type.size, b, at, n)) {
                keep(k++, i);
            }
        }
        count = k;
    }

    private void keep(int to, int from) {
        base[to] = base[from];
        offset[to] = offset[from];
        content[to] = content[from];
    }

    private void forgetUnconfined() {
        int k = 0;
        for (int i = 0; i < count; i++) {
            if (aliases.confined(base[i])) {
                keep(k++, i);
            }
        }
        count = k;
    }
}
