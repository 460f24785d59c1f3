// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import mica.base.Fault;
import mica.ssa.Op;

/**
 * Register allocation. Blocks are walked in reverse postorder, instructions forward, knowing which virtual register each machine
 * register holds and how far away every value's next use is ({@link Liveness}). When a register is needed, the value whose next use
 * is farthest loses its own (Belady). Values are in SSA form, so a value that must survive in memory is stored once, near its
 * definition ({@link Spills}), and losing a register costs nothing at that moment; it is loaded again where it is next used. A call
 * empties all registers.
 *
 * <p>At a join the state of the most frequent predecessor is taken over as far as the others can reach it cheaply; at a loop's head
 * the values used soonest inside the loop get registers, and those that live through the loop keep theirs if the loop does not need
 * them. {@link Edges} then adds the moves that bring each predecessor's final state to the successor's initial one.
 */
final class RegAlloc {
    static final int INT_MASK = SelectCall.INT_MASK;
    static final int FLOAT_MASK = SelectCall.FLOAT_MASK;

    final MFunc m;
    /** What each register holds; -1 = nothing. */
    private final int[] regVal = new int[32];
    /** Registers that hold each vreg, as bits. */
    private final int[] valRegs;
    private int occupied;
    /** Registers of the current instruction that must keep their contents. */
    private int pinned;
    /** Free registers that are promised. */
    private int reserved;

    // Uses in the block at work: per vreg a list in order.
    private final int[] head;
    private final int[] last;
    private int records;
    private int[] recNext = new int[256];
    private int[] recInst = new int[256];
    private int[] recMetric = new int[256];
    private byte[] recFixed = new byte[256];
    private int[] touched = new int[256];
    private int touchedCount;

    /** Serial number of the instruction that used a vreg last. */
    private final int[] usedBy;
    private int serial;
    /** Phi of the only successor that takes this vreg; valid in the block at work. */
    private final int[] outPhi;
    /** Register that a phi would like. */
    private final byte[] preference;

    private MBlock b;
    private Inst[] insts;
    private int[] metric = new int[256];
    private int at;
    private Inst current;
    private final ParallelCopy.Code out = new ParallelCopy.Code();
    private final ParallelCopy copy;
    /** Next instruction after {@code at} that claims each register: sorted positions per register. */
    private final int[][] claims = new int[32][16];
    private final int[] claimCount = new int[32];
    private final int[] claimNext = new int[32];

    private int[] live = new int[64];
    private int liveCount;
    final Spills spills;

    RegAlloc(MFunc m) {
        this.m = m;
        int n = m.vregs;
        valRegs = new int[n];
        head = new int[n];
        last = new int[n];
        usedBy = new int[n];
        outPhi = new int[n];
        preference = new byte[n];
        Arrays.fill(head, -1);
        Arrays.fill(outPhi, -1);
        Arrays.fill(preference, (byte) -1);
        m.spilled = new boolean[n];
        m.memoryPhi = new boolean[n];
        copy = new ParallelCopy(m);
        spills = new Spills(m);
    }

    void run() {
        for (MBlock x : m.order) {
            block(x);
        }
        new Edges(m, spills, copy).run();
        spills.place();
    }

    // One block.

    private void block(MBlock x) {
        b = x;
        insts = x.insts;
        prepare();
        Arrays.fill(regVal, -1);
        occupied = 0;
        at = 0;
        current = null;
        start();
        b.startRegs = regVal.clone();
        liveCount = 0;
        for (int v : b.liveIn) {
            alive(v);
        }
        for (int v : b.phis) {
            alive(v);
        }
        out.count = 0;
        for (at = 0; at < b.count; at++) {
            current = insts[at];
            instruction(current);
            insts[at] = null;
        }
        b.endRegs = regVal.clone();
        b.insts = Arrays.copyOf(out.insts, out.count);
        b.count = out.count;
        b.allocated = true;
        finish();
    }

    private void alive(int v) {
        if (liveCount == live.length) {
            live = Arrays.copyOf(live, liveCount * 2);
        }
        live[liveCount++] = v;
    }

    /** Builds the lists of uses. */
    private void prepare() {
        int n = b.count;
        if (metric.length <= n) {
            metric = new int[n * 2];
        }
        Arrays.fill(claimCount, 0);
        Arrays.fill(claimNext, 0);
        int d = 0;
        for (int i = 0; i < n; i++) {
            metric[i] = d;
            d += insts[i].isCall() ? Liveness.CALL + 1 : 1;
            if (!insts[i].isCall()) {
                claim(insts[i], i);
            }
        }
        metric[n] = d;
        records = 0;
        touchedCount = 0;
        for (int k = 0; k < b.liveOut.length; k++) {
            record(b.liveOut[k], n, d + b.liveOutDist[k], Inst.ANY);
        }
        for (int i = n - 1; i >= 0; i--) {
            Inst in = insts[i];
            for (int k = 0; k < in.use.length; k++) {
                record(in.use[k], i, metric[i], in.useCon[k]);
            }
        }
        if (b.succs.length == 1) {
            MBlock t = b.succs[0];
            if (t.phis.length > 0) {
                int[] args = t.phiArgs[b.ssa.succIndex[0]];
                for (int k = 0; k < args.length; k++) {
                    outPhi[args[k]] = t.phis[k];
                }
            }
        }
    }

    private void claim(Inst in, int i) {
        int mask = in.clobbers;
        for (byte c : in.useCon) {
            if (c >= 0) {
                mask |= 1 << c;
            }
        }
        for (byte c : in.defCon) {
            if (c >= 0 && i > 0) {
                mask |= 1 << c;
            }
        }
        while (mask != 0) {
            int r = Integer.numberOfTrailingZeros(mask);
            mask &= mask - 1;
            if (claimCount[r] == claims[r].length) {
                claims[r] = Arrays.copyOf(claims[r], claimCount[r] * 2);
            }
            claims[r][claimCount[r]++] = i;
        }
    }

    private void record(int v, int inst, int d, byte fixed) {
        if (records == recNext.length) {
            int n = records * 2;
            recNext = Arrays.copyOf(recNext, n);
            recInst = Arrays.copyOf(recInst, n);
            recMetric = Arrays.copyOf(recMetric, n);
            recFixed = Arrays.copyOf(recFixed, n);
        }
        if (head[v] < 0) {
            last[v] = inst;
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, touchedCount * 2);
            }
            touched[touchedCount++] = v;
        }
        recNext[records] = head[v];
        recInst[records] = inst;
        recMetric[records] = d;
        recFixed[records] = fixed;
        head[v] = records++;
    }

    private void finish() {
        for (int r = 0; r < 32; r++) {
            if (regVal[r] >= 0) {
                valRegs[regVal[r]] = 0;
            }
        }
        if (b.succs.length == 1) {
            MBlock t = b.succs[0];
            if (t.phis.length > 0) {
                int[] args = t.phiArgs[b.ssa.succIndex[0]];
                for (int k = 0; k < args.length; k++) {
                    outPhi[args[k]] = -1;
                }
                for (int r = 0; r < 32; r++) {
                    for (int k = 0; k < args.length && regVal[r] >= 0; k++) {
                        if (args[k] == regVal[r] && (preference[t.phis[k]] < 0 || !b.cold)) {
                            preference[t.phis[k]] = (byte) r;
                        }
                    }
                }
            }
        }
        for (int i = 0; i < touchedCount; i++) {
            head[touched[i]] = -1;
        }
    }

    // State at a block's start.

    private void start() {
        MBlock best = null;
        boolean all = true;
        for (MBlock p : b.preds) {
            if (!p.allocated) {
                all = false;
            } else if (best == null || better(p, best)) {
                best = p;
            }
        }
        if (best == null) {
            return;
        }
        if (b.preds.length == 1) {
            for (int r = 0; r < 32; r++) {
                int v = best.endRegs[r];
                if (v >= 0 && head[v] >= 0) {
                    set(v, r);
                }
            }
        } else if (all) {
            join(best);
        } else {
            loopHead(best);
        }
        for (int k = 0; k < b.phis.length; k++) {
            if (head[b.phis[k]] >= 0 && valRegs[b.phis[k]] == 0) {
                startPhi(k, best);
            }
        }
    }

    private static boolean better(MBlock p, MBlock q) {
        if (p.cold != q.cold) {
            return q.cold;
        }
        return p.loopDepth > q.loopDepth;
    }

    private int distance(int v) {
        return head[v] < 0 ? Liveness.FAR : recMetric[head[v]] - metric[at];
    }

    private void join(MBlock best) {
        for (int r = 0; r < 32; r++) {
            int v = best.endRegs[r];
            if (v < 0 || head[v] < 0 || valRegs[v] != 0) {
                continue;
            }
            boolean everywhere = true;
            for (MBlock p : b.preds) {
                if (p != best && !holds(p, v)) {
                    everywhere = false;
                }
            }
            if (everywhere || !best.cold && m.remat[v] == null && distance(v) < Liveness.CALL) {
                set(v, r);
            }
        }
    }

    private static boolean holds(MBlock p, int v) {
        for (int r = 0; r < 32; r++) {
            if (p.endRegs[r] == v) {
                return true;
            }
        }
        return false;
    }

    /** Of the values alive at a loop's head, those used soonest get registers. */
    private void loopHead(MBlock best) {
        long[] order = new long[b.liveIn.length + b.phis.length];
        int n = 0;
        for (int v : b.liveIn) {
            order[n++] = (long) distance(v) << 32 | v;
        }
        for (int v : b.phis) {
            if (head[v] >= 0) {
                order[n++] = (long) distance(v) << 32 | v;
            }
        }
        Arrays.sort(order, 0, n);
        int[] room = {Integer.bitCount(INT_MASK) - 1, Integer.bitCount(FLOAT_MASK) - 1};
        int[] slack = {room[0] - b.loopPressureInt, room[1] - b.loopPressureFloat};
        boolean[] take = new boolean[n];
        for (int i = 0; i < n; i++) {
            int v = (int) order[i];
            int d = (int) (order[i] >>> 32);
            int c = m.isFloat(v) ? 1 : 0;
            boolean wanted;
            if (isPhi(v)) {
                wanted = d < Liveness.CALL || !b.loopHasCall;
            } else if (m.remat[v] != null) {
                wanted = d < Liveness.CALL && !b.loopHasCall && slack[c] > 0 && costly(v);
                if (wanted) {
                    slack[c]--;
                }
            } else if (d < Liveness.CALL) {
                wanted = true;
            } else {
                wanted = d >= Liveness.LOOP_EXIT && !b.loopHasCall && slack[c] >= 0 && holds(best, v);
            }
            if (wanted && room[c] > 0) {
                room[c]--;
                take[i] = true;
            }
        }
        // first those that can stay where they are
        for (int i = 0; i < n; i++) {
            int v = (int) order[i];
            if (take[i] && !isPhi(v)) {
                for (int r = 0; r < 32; r++) {
                    if (best.endRegs[r] == v && (occupied >> r & 1) == 0) {
                        set(v, r);
                        take[i] = false;
                        break;
                    }
                }
            }
        }
        for (int i = 0; i < n; i++) {
            int v = (int) order[i];
            if (take[i] && isPhi(v)) {
                startPhi(indexOf(b.phis, v), best);
                take[i] = valRegs[v] == 0;
            }
        }
        for (int i = 0; i < n; i++) {
            int v = (int) order[i];
            if (take[i] && !isPhi(v)) {
                int free = mask(v) & ~occupied;
                if (free != 0) {
                    set(v, choose(v, free));
                }
            }
        }
        // a phi that found no place lives in memory
        for (int v : b.phis) {
            if (head[v] >= 0 && valRegs[v] == 0) {
                m.memoryPhi[v] = true;
            }
        }
    }

    private boolean isPhi(int v) {
        return indexOf(b.phis, v) >= 0;
    }

    private static int indexOf(int[] a, int v) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] == v) {
                return i;
            }
        }
        return -1;
    }

    /** Making this value anew costs more than an instruction with a small constant. */
    private boolean costly(int v) {
        return m.remat[v].op != Op.CONST || m.isFloat(v) || !Selector.isImm32(m.remat[v].auxInt);
    }

    private void startPhi(int k, MBlock best) {
        int phi = b.phis[k];
        if (m.memoryPhi[phi]) {
            return;
        }
        int free = mask(phi) & ~occupied;
        if (free == 0) {
            m.memoryPhi[phi] = true;
            return;
        }
        for (int pass = 0; pass < 2; pass++) {
            for (int p = 0; p < b.preds.length; p++) {
                MBlock pred = b.preds[p];
                if (!pred.allocated || pass == 0 && pred != best) {
                    continue;
                }
                int a = b.phiArgs[p][k];
                for (int r = 0; r < 32; r++) {
                    if (pred.endRegs[r] == a && (free >> r & 1) != 0) {
                        set(phi, r);
                        return;
                    }
                }
            }
        }
        if (preference[phi] >= 0 && (free >> preference[phi] & 1) != 0) {
            set(phi, preference[phi]);
            return;
        }
        set(phi, choose(phi, free));
    }

    // Registers.

    private int mask(int v) {
        return m.isFloat(v) ? FLOAT_MASK : INT_MASK;
    }

    private void set(int v, int r) {
        regVal[r] = v;
        valRegs[v] |= 1 << r;
        occupied |= 1 << r;
    }

    private void drop(int r) {
        valRegs[regVal[r]] &= ~(1 << r);
        regVal[r] = -1;
        occupied &= ~(1 << r);
    }

    private void dropAll(int v) {
        int s = valRegs[v];
        while (s != 0) {
            drop(Integer.numberOfTrailingZeros(s));
            s &= s - 1;
        }
    }

    /** A free register for v, by its wishes. */
    private int choose(int v, int free) {
        int h = hint(v, 3);
        if (h >= 0 && (free >> h & 1) != 0) {
            return h;
        }
        int good = 0;
        for (int s = free; s != 0; s &= s - 1) {
            int r = Integer.numberOfTrailingZeros(s);
            while (claimNext[r] < claimCount[r] && claims[r][claimNext[r]] <= at) {
                claimNext[r]++;
            }
            if (claimNext[r] >= claimCount[r] || head[v] < 0 || claims[r][claimNext[r]] > last[v]) {
                good |= 1 << r;
            }
        }
        return Integer.numberOfTrailingZeros(good != 0 ? good : free);
    }

    /** The register that v's coming uses ask for; -1 = none. */
    private int hint(int v, int depth) {
        int n = 0;
        for (int r = head[v]; r >= 0 && n < 4; r = recNext[r], n++) {
            if (recFixed[r] >= 0) {
                return recFixed[r];
            }
            int i = recInst[r];
            if (i >= b.count) {
                int phi = outPhi[v];
                if (phi >= 0) {
                    MBlock t = b.succs[0];
                    if (t.startRegs != null) {
                        for (int k = 0; k < 32; k++) {
                            if (t.startRegs[k] == phi) {
                                return k;
                            }
                        }
                    }
                    return preference[phi];
                }
                return -1;
            }
            Inst in = insts[i];
            if (in != null && depth > 0 && in.def.length > 0 && (in.tied && in.use[0] == v || in.form == Inst.Form.ADD
                    || in.commutes && in.use.length > 1 && in.use[1] == v)) {
                int h = in.defCon[0] >= 0 ? in.defCon[0] : hint(in.def[0], depth - 1);
                if (h >= 0) {
                    return h;
                }
            }
            if (in != null && in.isCall()) {
                return -1;
            }
        }
        return -1;
    }

    /** A register out of {@code allowed} for v; somebody may have to leave it. */
    private int allocate(int v, int allowed) {
        allowed &= ~reserved;
        int free = allowed & ~occupied;
        if (free != 0) {
            int h = hint(v, 3);
            if (h >= 0 && ((allowed & ~pinned & occupied) >> h & 1) != 0
                    && (distance(regVal[h]) >= Liveness.CALL || m.remat[regVal[h]] != null)) {
                // who is there will not be needed before the next call anyway
                drop(h);
                return h;
            }
            return choose(v, free);
        }
        int r = farthest(allowed & ~pinned);
        if (r < 0) {
            throw new Fault("code: " + m.f.name, "no register left at " + current.op + " " + current.form);
        }
        drop(r);
        return r;
    }

    /** The occupied register whose value is needed last; -1 = none. */
    private int farthest(int candidates) {
        int best = -1;
        long bestDistance = -1;
        for (int s = candidates & occupied; s != 0; s &= s - 1) {
            int r = Integer.numberOfTrailingZeros(s);
            int w = regVal[r];
            long d = Integer.bitCount(valRegs[w]) > 1 ? Long.MAX_VALUE : 2L * distance(w) + (m.remat[w] != null ? 40 : m.spilled[w] ? 8 : 0);
            if (d > bestDistance) {
                bestDistance = d;
                best = r;
            }
        }
        return best;
    }

    private void move(int to, int from, int v) {
        Inst i = new Inst(Inst.Form.MOVE, null);
        i.x = to;
        i.y = from;
        i.v = v;
        i.keepFlags = current.readsFlags;
        i.origin = current.origin;
        out.add(i);
    }

    private int source(int v) {
        if (m.remat[v] != null) {
            return Inst.LOC_REMAT - v;
        }
        spills.restore(v, b);
        return Inst.LOC_HOME + v;
    }

    private void load(int v, int r) {
        move(r, source(v), v);
        set(v, r);
    }

    // One instruction.

    private void instruction(Inst in) {
        serial++;
        for (int v : in.use) {
            usedBy[v] = serial;
            while (head[v] >= 0 && recInst[head[v]] == at) {
                head[v] = recNext[head[v]];
            }
        }
        in.useReg = in.use.length == 0 ? Inst.NO_BYTES : new byte[in.use.length];
        in.defReg = in.def.length == 0 ? Inst.NO_BYTES : new byte[in.def.length];
        pinned = 0;
        reserved = 0;
        if (in.form == Inst.Form.CALL || in.form == Inst.Form.RETURN) {
            call(in);
            return;
        }
        uses(in);
        int tiedReg = in.tied ? tie(in) : -1;
        if (in.early) {
            earlyDefs(in);
        }
        clobber(in);
        for (int v : in.use) {
            if (head[v] < 0) {
                dropAll(v);
            }
        }
        reserved &= tiedReg >= 0 ? ~(1 << tiedReg) : -1;
        pinned = 0;
        out.add(in);
        defs(in, tiedReg);
    }

    private void uses(Inst in) {
        int fixed = 0;
        for (byte c : in.useCon) {
            if (c >= 0) {
                fixed |= 1 << c;
            }
        }
        for (int k = 0; k < in.use.length; k++) {
            if (in.useCon[k] >= 0) {
                fixedUse(in.use[k], in.useCon[k], fixed | in.clobbers);
                in.useReg[k] = in.useCon[k];
            }
        }
        // operands that have registers keep them before others look for theirs
        for (int k = 0; k < in.use.length; k++) {
            if (in.useCon[k] < 0) {
                int have = valRegs[in.use[k]] & ~in.earlyClobbers;
                if (have != 0) {
                    pin(in, k, Integer.numberOfTrailingZeros(have));
                } else {
                    in.useReg[k] = -2;
                }
            }
        }
        for (int pass = 0; pass < 2; pass++) {
            byte wanted = pass == 0 ? Inst.ANY : Inst.ANY_MEM;
            for (int k = 0; k < in.use.length; k++) {
                if (in.useCon[k] == wanted && in.useReg[k] == -2) {
                    anyUse(in, k);
                }
            }
        }
    }

    private void pin(Inst in, int k, int r) {
        in.useReg[k] = (byte) r;
        pinned |= 1 << r;
    }

    private void anyUse(Inst in, int k) {
        int v = in.use[k];
        int have = valRegs[v] & ~in.earlyClobbers;
        if (have != 0) {
            pin(in, k, Integer.numberOfTrailingZeros(have));
            return;
        }
        int allowed = mask(v) & ~in.earlyClobbers;
        if (valRegs[v] == 0 && in.useCon[k] == Inst.ANY_MEM && m.remat[v] == null) {
            boolean soon = head[v] >= 0 && distance(v) < Liveness.CALL;
            if (!soon || in.form == Inst.Form.NOTHING || (allowed & ~reserved & ~occupied) == 0) {
                spills.restore(v, b);
                in.useReg[k] = -1;
                return;
            }
        }
        int r = allocate(v, allowed);
        if (valRegs[v] != 0) {
            move(r, Integer.numberOfTrailingZeros(valRegs[v]), v);
            set(v, r);
        } else {
            load(v, r);
        }
        pin(in, k, r);
    }

    private void fixedUse(int v, int r, int avoid) {
        if ((valRegs[v] >> r & 1) == 0) {
            if ((occupied >> r & 1) != 0) {
                displace(r, avoid);
            }
            if (valRegs[v] != 0) {
                move(r, Integer.numberOfTrailingZeros(valRegs[v]), v);
                set(v, r);
            } else {
                load(v, r);
            }
        }
        pinned |= 1 << r;
    }

    /** The value in r must leave it; it gets another register if it is needed soon. */
    private void displace(int r, int avoid) {
        int w = regVal[r];
        if (Integer.bitCount(valRegs[w]) > 1 || m.remat[w] != null) {
            drop(r);
            return;
        }
        boolean here = usedBy[w] == serial;
        if (head[w] < 0 && !here) {
            drop(r);
            return;
        }
        if (here || distance(w) < Liveness.CALL) {
            int allowed = mask(w) & ~avoid & ~pinned & ~reserved & ~(1 << r);
            int free = allowed & ~occupied;
            int to = -1;
            if (free != 0) {
                to = choose(w, free);
            } else {
                int f = farthest(allowed);
                if (f >= 0 && usedBy[regVal[f]] != serial && (here || distance(regVal[f]) > distance(w))) {
                    drop(f);
                    to = f;
                }
            }
            if (to >= 0) {
                move(to, r, w);
                drop(r);
                set(w, to);
                return;
            }
        }
        drop(r);
    }

    /** Finds the register that use 0 and definition 0 share. */
    private int tie(Inst in) {
        if (in.commutes && in.use.length > 1 && in.useReg[1] >= 0 && in.useCon[1] < 0 && head[in.use[1]] < 0
                && (head[in.use[0]] >= 0 || hint(in.def[0], 3) == in.useReg[1])) {
            int v = in.use[0];
            in.use[0] = in.use[1];
            in.use[1] = v;
            byte r = in.useReg[0];
            in.useReg[0] = in.useReg[1];
            in.useReg[1] = r;
        }
        int v = in.use[0];
        int r = in.useReg[0];
        boolean clobbered = (in.clobbers >> r & 1) != 0;
        if (!clobbered && head[v] < 0 && !heldByFixedUse(in, r)) {
            reserved |= 1 << r;
            return r;
        }
        if (!clobbered && !heldByFixedUse(in, r)
                && (Integer.bitCount(valRegs[v]) > 1 || m.remat[v] != null || distance(v) >= Liveness.CALL)) {
            drop(r);
            reserved |= 1 << r;
            return r;
        }
        int avoid = in.clobbers;
        for (byte c : in.useCon) {
            if (c >= 0) {
                avoid |= 1 << c;
            }
        }
        int to = allocate(in.def[0], mask(v) & ~avoid);
        move(to, r, v);
        in.useReg[0] = (byte) to;
        reserved |= 1 << to;
        return to;
    }

    /** Another use asks for this very register (shift of the count by itself). */
    private static boolean heldByFixedUse(Inst in, int r) {
        for (int k = 1; k < in.use.length; k++) {
            if (in.useCon[k] == r) {
                return true;
            }
        }
        return false;
    }

    private void earlyDefs(Inst in) {
        for (int k = in.tied ? 1 : 0; k < in.def.length; k++) {
            if (in.defCon[k] < 0) {
                int r = allocate(in.def[k], mask(in.def[k]) & ~in.clobbers & ~pinned);
                in.defReg[k] = (byte) r;
                reserved |= 1 << r;
            }
        }
    }

    private void clobber(Inst in) {
        int hit = in.clobbers;
        for (byte c : in.defCon) {
            if (c >= 0) {
                hit |= 1 << c;
            }
        }
        for (int s = hit & occupied; s != 0; s &= s - 1) {
            int r = Integer.numberOfTrailingZeros(s);
            int w = regVal[r];
            if (head[w] >= 0) {
                leave(r, hit);
            }
        }
        // whatever is left in them dies here
        for (int s = hit & occupied; s != 0; s &= s - 1) {
            drop(Integer.numberOfTrailingZeros(s));
        }
    }

    /** A value that lives on behind an instruction that destroys its register. */
    private void leave(int r, int avoid) {
        int w = regVal[r];
        if (Integer.bitCount(valRegs[w] & ~avoid) > 0 || m.remat[w] != null || distance(w) >= Liveness.CALL) {
            drop(r);
            return;
        }
        int allowed = mask(w) & ~avoid & ~pinned & ~reserved;
        int free = allowed & ~occupied;
        int to = -1;
        if (free != 0) {
            to = choose(w, free);
        } else {
            int f = farthest(allowed);
            if (f >= 0 && distance(regVal[f]) > distance(w)) {
                drop(f);
                to = f;
            }
        }
        if (to >= 0) {
            move(to, r, w);
            drop(r);
            set(w, to);
        } else {
            drop(r);
        }
    }

    private void defs(Inst in, int tiedReg) {
        for (int k = 0; k < in.def.length; k++) {
            int v = in.def[k];
            alive(v);
            if (in.form == Inst.Form.NOTHING && in.defCon[k] < 0) {
                in.defReg[k] = -1;
                continue;
            }
            int r;
            if (k == 0 && tiedReg >= 0) {
                r = tiedReg;
            } else if (in.defCon[k] >= 0) {
                r = in.defCon[k];
            } else if (in.early) {
                r = in.defReg[k];
                reserved &= ~(1 << r);
            } else {
                r = -1;
            }
            in.defReg[k] = (byte) r;
            if (r >= 0) {
                if ((occupied >> r & 1) != 0) {
                    throw new Fault("code: " + m.f.name, "register of " + in.op + " is taken");
                }
                set(v, r);
            }
        }
        for (int k = 0; k < in.def.length; k++) {
            if (in.defReg[k] < 0 && !(in.form == Inst.Form.NOTHING)) {
                int r = newDef(in, in.def[k]);
                in.defReg[k] = (byte) r;
                set(in.def[k], r);
                pinned |= 1 << r;
            }
        }
        for (int k = 0; k < in.def.length; k++) {
            int v = in.def[k];
            if (head[v] < 0) {
                dropAll(v);
            }
        }
        pinned = 0;
        reserved = 0;
    }

    private int newDef(Inst in, int v) {
        int allowed = mask(v) & ~in.clobbers;
        if (in.form == Inst.Form.ADD && hint(v, 3) < 0) {
            // a two-address instruction is shorter
            for (byte u : in.useReg) {
                if (u >= 0 && (allowed >> u & 1) != 0 && (occupied >> u & 1) == 0) {
                    return u;
                }
            }
        }
        return allocate(v, allowed);
    }

    // Calls and returns.

    private void call(Inst in) {
        copy.clear();
        int targets = 0;
        for (byte c : in.useCon) {
            if (c >= 0) {
                targets |= 1 << c;
            }
        }
        for (int k = 0; k < in.use.length; k++) {
            int v = in.use[k];
            int c = in.useCon[k];
            if (c < 0) {
                int have = valRegs[v] & ~targets;
                if (have != 0) {
                    c = Integer.numberOfTrailingZeros(have);
                } else {
                    c = Integer.numberOfTrailingZeros(mask(v) & ~targets & ~occupied) & 31;
                    if ((mask(v) & ~targets & ~occupied) == 0) {
                        c = Integer.numberOfTrailingZeros(mask(v) & ~targets);
                    }
                }
                targets |= 1 << c;
            }
            in.useReg[k] = (byte) c;
            if ((valRegs[v] >> c & 1) == 0) {
                copy.add(c, valRegs[v] != 0 ? Integer.numberOfTrailingZeros(valRegs[v]) : source(v), v);
            }
        }
        copy.resolve(false);
        for (int i = 0; i < copy.out.count; i++) {
            copy.out.insts[i].origin = in.origin;
            out.add(copy.out.insts[i]);
        }
        out.add(in);
        for (int s = occupied; s != 0; s &= s - 1) {
            drop(Integer.numberOfTrailingZeros(s));
        }
        if (in.form == Inst.Form.CALL) {
            livePointers(in);
        }
        defs(in, -1);
    }

    private void livePointers(Inst in) {
        int n = 0;
        int pointers = 0;
        for (int i = 0; i < liveCount; i++) {
            int v = live[i];
            if (head[v] >= 0) {
                live[n++] = v;
                if (isPointer(v)) {
                    pointers++;
                }
            }
        }
        liveCount = n;
        if (pointers == 0) {
            return;
        }
        in.livePointers = new int[pointers];
        pointers = 0;
        for (int i = 0; i < n; i++) {
            if (isPointer(live[i])) {
                in.livePointers[pointers++] = live[i];
            }
        }
    }

    private boolean isPointer(int v) {
        return m.type[v] == mica.ssa.MType.PTR && m.remat[v] == null && m.home[v] == MFunc.NO_HOME;
    }
}
