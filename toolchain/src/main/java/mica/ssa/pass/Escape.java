// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import mica.ssa.AbiSig;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.FuncNotes;
import mica.ssa.FuncRef;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.obj.Symbol;

/**
 * Which allocations of a function may be reached after their stack frame is gone. Points-to sets after Andersen: every ALLOC,
 * every slot and (for summaries) every incoming pointer is an object; each pointer value has the set of objects that it may point
 * into, and each object the set of those that pointers stored in it may point into, without regard to offsets.
 *
 * <pre>
 *   ALLOC o          v -> {o}
 *   OFF_PTR p        v ⊇ p                  (likewise ADD_PTR, PHI, SELECT, COPY)
 *   LOAD p           v ⊇ content(o)          for o in p; unknown if p may be unknown
 *   STORE p x        content(o) ⊇ x          for o in p; x escapes if p may be unknown
 *   MOVE d s         content(d) ⊇ content(s)
 *   RESULT_ADDR c    v -> {o}, content(o) ⊇ c
 *   CALL x           x escapes, unless the callee's summary says otherwise
 * </pre>
 *
 * What a closure's code does with the variables that it captures counts where the closure is made; who calls it adds nothing.
 *
 * What escapes takes its contents along. Bit 0 of every set is "unknown": anything that is no object of this function.
 */
final class Escape {
    private static final int UNKNOWN = 0;
    /** The object behind a RESULT_ADDR. */
    private static final Object RESULT_MEMORY = "result";

    /** What a call makes that has room for it in the frame (see {@link CallInfo#room}); it may lie on the heap as well. */
    private record Made(Value call) { }


    private final Func f;
    private final Function<CallInfo, EscapeSummary> summaries;
    /** Objects: an ALLOC value, a Slot, RESULT_MEMORY, what a call made, or null for incoming memory; index 0 is unknown. */
    private Object[] objects = new Object[16];
    private int objectCount = 1;
    private int words;
    private long[][] points;
    private long[][] contents;
    private long[] escaped;
    /** Objects whose memory, or what is found there, is written after it was made. */
    private long[] written;
    private boolean changed;
    private final int[] allocObject;
    /** Summaries: first object of argument i: the pointee; then what is found inside, and what is found there, at any depth. */
    private int[] argObject;
    private int contextObject;
    private long[] returned;
    /** Values that are used for more than comparisons; null = not asked yet. */
    private boolean[] kept;
    /** Allocations that several rounds of a loop may hold. */
    private long[] loops;
    /** Objects for each argument from outside. */
    private int depth = 3;
    /** Reports: what each result may be; null otherwise. */
    private long[][] returnedBy;
    /** Reports: by value, the object that stands for what it points to; null otherwise. */
    private int[] siteObject;
    /** Reports tell levels of parameters up to this. */
    private static final int CHAIN = 6;

    private Escape(Func f, Function<CallInfo, EscapeSummary> summaries) {
        this.f = f;
        this.summaries = summaries;
        this.allocObject = new int[f.valueCount()];
    }

    /** Solves the function's own allocations, and what calls make that may lie in its frame. Null if it has none. */
    static Escape of(Func f, Function<CallInfo, EscapeSummary> summaries) {
        Escape e = new Escape(f, summaries);
        e.collect();
        boolean any = false;
        for (int i = 1; i < e.objectCount; i++) {
            any |= e.objects[i] instanceof Value || e.objects[i] instanceof Made;
        }
        if (!any) {
            return null;
        }
        e.solve();
        return e;
    }

    /** As {@link #of}, following too what the runtime makes for the sites; for reports. */
    static Escape ofSites(Func f, Function<CallInfo, EscapeSummary> summaries, List<FuncNotes.Site> sites) {
        Escape e = new Escape(f, summaries);
        e.collect();
        e.siteObject = new int[f.valueCount()];
        for (FuncNotes.Site s : sites) {
            Value v = s.value == null ? null : DeadCode.resolve(s.value);
            if (v != null && v.op != Op.ALLOC && v.op != Op.LOCAL_ADDR && e.siteObject[v.id] == 0) {
                e.siteObject[v.id] = e.newObject(s);
            }
        }
        e.solve();
        return e;
    }

    /** Follows what parameters point to, memory behind memory up to {@link #CHAIN}; for reports. */
    static Escape ofParameters(Func f, Function<CallInfo, EscapeSummary> summaries) {
        Escape e = new Escape(f, summaries);
        e.depth = CHAIN;
        e.returnedBy = new long[f.notes.results.size() + 1][];
        e.incoming();
        e.collect();
        e.solve();
        e.storedInArguments();
        return e;
    }

    /** What calls of f do to their operands. */
    static EscapeSummary summary(Func f, Function<CallInfo, EscapeSummary> summaries) {
        Escape e = new Escape(f, summaries);
        e.incoming();
        e.collect();
        e.solve();
        return e.summarize();
    }

    private int newObject(Object o) {
        if (objectCount == objects.length) {
            objects = Arrays.copyOf(objects, objectCount * 2);
        }
        objects[objectCount] = o;
        return objectCount++;
    }

    private void incoming() {
        int n = f.sig == null ? 0 : f.sig.args.length;
        argObject = new int[n];
        for (int i = 0; i < n; i++) {
            argObject[i] = chain();
        }
        contextObject = chain();
    }

    /** What a pointer from outside points to, what is found there, and so on; the last stands for all that is deeper. */
    private int chain() {
        int first = newObject(null);
        for (int k = 1; k < depth; k++) {
            newObject(null);
        }
        return first;
    }

    private void deeper(int first) {
        for (int k = 0; k < depth; k++) {
            set(contents[first + k], first + Math.min(k + 1, depth - 1));
        }
    }

    private void collect() {
        int[] slot = new int[f.slots.size()];
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value v = b.values[i];
                if (v.op == Op.ALLOC) {
                    allocObject[v.id] = newObject(v);
                } else if (v.op == Op.CALL && ((CallInfo) v.aux).room != null) {
                    allocObject[v.id] = newObject(new Made(v));
                } else if (v.op == Op.RESULT_ADDR) {
                    allocObject[v.id] = newObject(RESULT_MEMORY);
                } else if (v.op == Op.LOCAL_ADDR) {
                    int s = ((mica.ssa.Slot) v.aux).id;
                    if (slot[s] == 0) {
                        slot[s] = newObject(v.aux);
                    }
                    allocObject[v.id] = slot[s];
                }
            }
        }
    }

    private void solve() {
        words = (objectCount + 63) / 64;
        points = new long[f.valueCount()][];
        contents = new long[objectCount][words];
        escaped = new long[words];
        written = new long[words];
        returned = new long[words];
        loops = new long[words];
        contents[UNKNOWN][0] = 1;
        if (argObject != null) {
            for (int o : argObject) {
                deeper(o);
            }
            deeper(contextObject);
        }
        for (int o = 1; o < objectCount; o++) {
            if (objects[o] instanceof Value v && LowerAlloc.alwaysHeap((Alloc) v.aux)) {
                set(escaped, o);
            } else if (objects[o] instanceof Made) {
                set(contents[o], UNKNOWN);
            }
        }
        do {
            flow();
        } while (manyAtATime());
    }

    private void flow() {
        do {
            changed = false;
            for (Block b : f.blocks) {
                for (int i = 0; i < b.count; i++) {
                    transfer(b.values[i]);
                }
            }
            for (int o = 1; o < objectCount; o++) {
                if (has(escaped, o)) {
                    escape(contents[o]);
                    add(contents[o], UNKNOWN);
                }
            }
        } while (changed);
    }

    /** What is made again while an earlier one may be in use goes to the heap, and takes its contents along; whether there was such. */
    private boolean manyAtATime() {
        boolean found = false;
        Cfg cfg = null;
        for (int o = 1; o < objectCount; o++) {
            if (objects[o] instanceof Value v && !has(escaped, o) && !((Alloc) v.aux).forceStack) {
                cfg = cfg == null ? new Cfg(f) : cfg;
                if (cfg.reached(v.block) && !oneAtATime(v, cfg)) {
                    set(escaped, o);
                    loops[o >> 6] |= 1L << (o & 63);
                    found = true;
                }
            } else if (objects[o] instanceof Made m && !has(escaped, o) && !LowerMade.onceOnly(m.call)) {
                cfg = cfg == null ? new Cfg(f) : cfg;
                if (cfg.reached(m.call.block) && !oneAtATime(m.call, cfg)) {
                    set(escaped, o);
                    found = true;
                }
            }
        }
        return found;
    }

    /** Whether an allocation is on the heap only because of a loop. */
    boolean inLoop(Value alloc) {
        return has(loops, allocObject[alloc.id]);
    }

    private static void set(long[] s, int i) {
        s[i >> 6] |= 1L << (i & 63);
    }

    private static boolean has(long[] s, int i) {
        return (s[i >> 6] & 1L << (i & 63)) != 0;
    }

    private void add(long[] s, int i) {
        if (!has(s, i)) {
            set(s, i);
            changed = true;
        }
    }

    private void union(long[] into, long[] from) {
        if (from == null) {
            return;
        }
        for (int i = 0; i < words; i++) {
            long n = into[i] | from[i];
            if (n != into[i]) {
                into[i] = n;
                changed = true;
            }
        }
    }

    private void escape(long[] set) {
        if (set != null) {
            union(escaped, set);
        }
    }

    private long[] points(Value v) {
        if (points[v.id] == null) {
            points[v.id] = new long[words];
        }
        return points[v.id];
    }

    /** What can be read through the pointers, in a set of its own, which is no part of the solution. */
    private long[] scratch(long[] at) {
        long[] s = new long[words];
        boolean before = changed;
        read(s, at);
        changed = before;
        return s;
    }

    /** Pointers that values of other types cannot be. */
    private static boolean pointer(Value v) {
        return v.type == MType.PTR;
    }

    private void transfer(Value v) {
        if (siteObject != null && siteObject[v.id] != 0 && pointer(v)) {
            add(points(v), siteObject[v.id]);
            if (v.op == Op.ADDR || v.op == Op.RESULT) {
                return;
            }
        }
        switch (v.op) {
            case ALLOC -> {
                add(points(v), allocObject[v.id]);
                if (((Alloc) v.aux).kind == Alloc.Kind.CLOSURE) {
                    closure(v);
                }
            }
            case LOCAL_ADDR -> add(points(v), allocObject[v.id]);
            case ARG, ARG_ADDR -> {
                if (pointer(v)) {
                    int i = (int) v.auxInt;
                    add(points(v), argObject != null && i < argObject.length ? argObject[i] : UNKNOWN);
                }
            }
            case CLOSURE_CONTEXT -> add(points(v), argObject != null ? contextObject : UNKNOWN);
            case OFF_PTR, ADD_PTR, COPY -> {
                if (pointer(v)) {
                    union(points(v), points[v.args[0].id]);
                }
            }
            case PHI -> {
                if (pointer(v)) {
                    for (int i = 0; i < v.argCount; i++) {
                        union(points(v), points[v.args[i].id]);
                    }
                }
            }
            case SELECT -> {
                if (pointer(v)) {
                    union(points(v), points[v.args[1].id]);
                    union(points(v), points[v.args[2].id]);
                }
            }
            case LOAD -> {
                if (pointer(v)) {
                    read(points(v), points[v.args[0].id]);
                }
            }
            case STORE -> {
                writes(points[v.args[0].id]);
                if (pointer(v.args[1])) {
                    if (pointer(v.args[0])) {
                        write(points[v.args[0].id], points[v.args[1].id]);
                    } else {
                        escape(points[v.args[1].id]);
                    }
                }
            }
            case MOVE -> {
                long[] s = scratch(points[v.args[1].id]);
                writes(points[v.args[0].id]);
                write(points[v.args[0].id], s);
            }
            case ZERO -> writes(points[v.args[0].id]);
            case NIL_CHECK, KEEP_ALIVE, PREFETCH, VAR_DEF -> { }
            case ADDR -> {
                if (!(((Symbol) v.aux).origin instanceof FuncRef)) { // code holds no pointers
                    add(points(v), UNKNOWN);
                }
            }
            case EQ, NE, LT, LE, ULT, ULE, CONST -> { }
            case PTR_TO_INT -> {
                if (v.aux != Func.HIDDEN && kept(v)) {
                    other(v);
                }
            }
            case CALL, CALL_CLOSURE, CALL_CODE -> call(v);
            case RESULT_ADDR -> {
                // a place of this frame, in which the callee left what it returns
                add(points(v), allocObject[v.id]);
                union(contents[allocObject[v.id]], points(v.args[0]));
            }
            case RESULT -> {
                if (pointer(v)) {
                    union(points(v), points(v.args[0]));
                }
            }
            case RETURN -> returns(v);
            case ATOMIC_LOAD -> {
                if (pointer(v)) {
                    read(points(v), points[v.args[0].id]);
                }
            }
            default -> other(v);
        }
    }

    /** Whether an integer made of a pointer, or a number computed from it, is used for more than comparisons. */
    private boolean kept(Value v) {
        if (kept == null) {
            kept = new boolean[f.valueCount()];
            for (boolean more = true; more; ) {
                more = false;
                for (Block b : f.blocks) {
                    for (int i = 0; i < b.count; i++) {
                        more |= keeps(b.values[i]);
                    }
                }
            }
        }
        return kept[v.id];
    }

    private boolean keeps(Value user) {
        switch (user.op) {
            case EQ, NE, LT, LE, ULT, ULE, BOUNDS_CHECK -> {
                return false;
            }
            case ADD, SUB, AND, PHI, COPY -> {
                if (!kept[user.id]) {
                    return false;
                }
            }
            default -> { }
        }
        boolean more = false;
        for (int k = 0; k < user.argCount; k++) {
            more |= !kept[user.args[k].id];
            kept[user.args[k].id] = true;
        }
        return more;
    }

    /** Whatever is not known to keep pointers inside the frame lets its operands go (the address of an atomic operation stays). */
    private void other(Value v) {
        int from = v.op == Op.ATOMIC_STORE || v.op == Op.ATOMIC_ADD || v.op == Op.ATOMIC_XCHG || v.op == Op.ATOMIC_CAS
                || v.op == Op.ATOMIC_AND || v.op == Op.ATOMIC_OR ? 1 : 0;
        for (int i = from; i < v.argCount; i++) {
            if (pointer(v.args[i])) {
                escape(points[v.args[i].id]);
            }
        }
        if (from == 1) {
            writes(points[v.args[0].id]);
        }
        if (pointer(v)) {
            add(points(v), UNKNOWN);
            if (from == 1) {
                read(points(v), points[v.args[0].id]);
            }
        }
    }

    /** What pointers loaded through {@code at} may point to. */
    private void read(long[] into, long[] at) {
        if (at == null) {
            add(into, UNKNOWN);
            return;
        }
        for (int o = 0; o < objectCount; o++) {
            if (has(at, o)) {
                union(into, contents[o]);
            }
        }
    }

    private void write(long[] at, long[] what) {
        if (what == null) {
            return;
        }
        if (at == null || empty(at)) {
            // An address that points to no object: a constant, or not computed yet.
            return;
        }
        for (int o = 0; o < objectCount; o++) {
            if (has(at, o)) {
                if (o == UNKNOWN || objects[o] instanceof FuncNotes.Site || objects[o] instanceof Made) {
                    escape(what);
                } else {
                    union(contents[o], what);
                    if (argObject != null && objects[o] == null) {
                        storedBehind(o, what);
                    }
                }
            }
        }
    }

    /**
     * Pointers found in memory from outside are stored in other memory found there: it may be of another age. In the memory that the
     * parameter itself points to, what was found there may be stored again.
     */
    private void storedBehind(int o, long[] what) {
        int first = argObject.length > 0 ? argObject[0] : contextObject;
        int own = first + (o - first) / depth * depth;
        for (int k = own + (o == own ? 2 : 1); k < own + depth; k++) {
            if (has(what, k)) {
                add(escaped, k);
            }
        }
    }

    private void writes(long[] at) {
        if (at != null) {
            union(written, at);
        }
    }

    private static boolean empty(long[] s) {
        for (long w : s) {
            if (w != 0) {
                return false;
            }
        }
        return true;
    }

    private void returns(Value v) {
        for (int i = 0; i < v.argCount; i++) {
            Value a = v.args[i];
            if (!pointer(a)) {
                continue;
            }
            boolean memory = f.sig != null && i < f.sig.results.length && f.sig.results[i].byvalSize > 0;
            if (memory) {
                read(returned, points[a.id]);
            } else {
                union(returned, points[a.id]);
            }
            if (returnedBy != null) {
                int r = f.notes.resultOf(i);
                if (returnedBy[r] == null) {
                    returnedBy[r] = new long[words];
                }
                if (memory) {
                    read(returnedBy[r], points[a.id]);
                } else {
                    union(returnedBy[r], points[a.id]);
                }
            }
        }
        // What a caller gets outlives this frame; only incoming objects may be returned without harm.
        for (int o = 1; o < objectCount; o++) {
            if (has(returned, o) && objects[o] != null) {
                add(escaped, o);
            }
        }
    }

    private void call(Value v) {
        CallInfo info = (CallInfo) v.aux;
        int first = v.op == Op.CALL ? 0 : 1;
        EscapeSummary s = null;
        if (v.op == Op.CALL) {
            s = isRunsDeferred(info) ? EscapeSummary.NOTHING : summaries.apply(info);
        } else if (v.op == Op.CALL_CLOSURE) {
            context(points[v.args[0].id]);
        }
        long[] out = points(v);
        add(out, UNKNOWN);
        if (allocObject[v.id] != 0) {
            add(out, allocObject[v.id]);
        }
        for (int i = first; i < v.argCount; i++) {
            Value a = v.args[i];
            if (!pointer(a)) {
                continue;
            }
            int flags = s == null ? EscapeSummary.WORST : s.arg(i - first);
            AbiSig sig = info.sig;
            boolean memory = sig != null && i - first < sig.args.length && sig.args[i - first].byvalSize > 0;
            apply(flags, points[a.id], out, memory);
        }
    }

    /** @param memory the operand is the address of memory that is copied: the address itself stays here */
    private void apply(int flags, long[] arg, long[] out, boolean memory) {
        if (arg == null) {
            return;
        }
        if ((flags & EscapeSummary.SELF) != 0) {
            if (memory) {
                contentsEscape(arg);
            } else {
                escape(arg);
            }
        }
        if ((flags & EscapeSummary.CONTENTS) != 0) {
            contentsEscape(arg);
        }
        if ((flags & EscapeSummary.DEEP) != 0) {
            contentsEscape(scratch(arg));
        }
        if ((flags & (EscapeSummary.STORED | EscapeSummary.WRITES)) != 0) {
            long[] all = arg.clone();
            deep(all, arg);
            if ((flags & EscapeSummary.WRITES) != 0) {
                union(written, all);
            }
            for (int o = 1; (flags & EscapeSummary.STORED) != 0 && o < objectCount; o++) {
                if (has(all, o)) {
                    add(contents[o], UNKNOWN);
                }
            }
        }
        if ((flags & EscapeSummary.RETURNED) != 0) {
            if (memory) {
                read(out, arg);
            } else {
                union(out, arg);
            }
        }
        if ((flags & EscapeSummary.CONTENTS_RETURNED) != 0) {
            long[] c = new long[words];
            deep(c, arg);
            union(out, c);
        }
    }

    /** All that can be found in the objects, at any depth, gets out; and unknown pointers may get in. */
    private void contentsEscape(long[] at) {
        for (int o = 1; o < objectCount; o++) {
            if (has(at, o)) {
                escape(contents[o]);
                add(contents[o], UNKNOWN);
            }
        }
    }

    private void deep(long[] into, long[] at) {
        long[] todo = at.clone();
        for (boolean more = true; more; ) {
            more = false;
            for (int o = 0; o < objectCount; o++) {
                if (has(todo, o)) {
                    for (int i = 0; i < words; i++) {
                        long n = into[i] | contents[o][i];
                        more |= n != into[i];
                        into[i] = n;
                        todo[i] |= contents[o][i];
                    }
                }
            }
        }
    }

    /** What is called as a closure, but was not made as one. */
    private void context(long[] closures) {
        for (int o = 1; closures != null && o < objectCount; o++) {
            if (has(closures, o) && objects[o] != null && !(objects[o] instanceof Value v && ((Alloc) v.aux).kind == Alloc.Kind.CLOSURE)) {
                context(o, EscapeSummary.WORST);
            }
        }
    }

    /** A closure that is made: its captured variables live as long as its code lets them. */
    private void closure(Value v) {
        context(allocObject[v.id], codeFlags(v));
    }

    private void context(int o, int flags) {
        long[] one = new long[words];
        set(one, o);
        apply(flags & ~EscapeSummary.RETURNED & ~EscapeSummary.CONTENTS_RETURNED
                | ((flags & EscapeSummary.RETURNED) != 0 ? EscapeSummary.SELF : 0)
                | ((flags & EscapeSummary.CONTENTS_RETURNED) != 0 ? EscapeSummary.CONTENTS : 0), one, escaped, false);
    }

    /** What the code of a closure object does with its context; the code is the symbol stored at offset 0. */
    private int codeFlags(Value closure) {
        Block b = closure.block;
        for (int i = 0; i < b.count; i++) {
            Value v = b.values[i];
            if (v.op == Op.STORE && v.args[0] == closure && v.auxInt == 0) {
                if (v.args[1].op == Op.ADDR && ((Symbol) v.args[1].aux).origin instanceof FuncRef r) {
                    EscapeSummary s = summaries.apply(new CallInfo(r.symbol, r, null)); // no call, hence no signature
                    return s == null ? EscapeSummary.WORST : s.context();
                }
                break;
            }
        }
        return EscapeSummary.WORST;
    }

    private static boolean isRunsDeferred(CallInfo info) {
        return info.callee != null && info.callee.name.equals("runtime.deferprocStack");
    }

    // Reports.

    boolean siteEscapes(Value v) {
        int o = siteObject[v.id];
        return o != 0 && has(escaped, o);
    }

    /** Adds the allocations that p may point into; true if it may point to what is no object of this function. */
    boolean pointsTo(Value p, Set<Value> out) {
        boolean unknown = points[p.id] == null || has(points[p.id], UNKNOWN);
        for (int o = 1; points[p.id] != null && o < objectCount; o++) {
            if (has(points[p.id], o)) {
                if (objects[o] instanceof Value v) {
                    out.add(v);
                } else {
                    unknown |= !(objects[o] instanceof mica.ssa.Slot);
                }
            }
        }
        return unknown;
    }

    boolean shareObject(Value p, Value q) {
        if (points[p.id] == null || points[q.id] == null) {
            return false;
        }
        for (int i = 0; i < words; i++) {
            if ((points[p.id][i] & points[q.id][i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** What a call does to one of its operands. */
    int flagsAt(Value call, Value operand) {
        CallInfo info = (CallInfo) call.aux;
        if (isRunsDeferred(info)) {
            return 0;
        }
        int first = call.op == Op.CALL ? 0 : 1;
        EscapeSummary s = call.op == Op.CALL ? summaries.apply(info) : null;
        int flags = 0;
        for (int i = first; i < call.argCount; i++) {
            if (call.args[i] == operand) {
                flags |= s == null ? EscapeSummary.WORST : s.arg(i - first);
            }
        }
        return flags;
    }

    /** Pointers that are stored in memory from outside are out of sight. */
    private void storedInArguments() {
        do {
            changed = false;
            for (int i = 0; i <= argObject.length; i++) {
                int first = i < argObject.length ? argObject[i] : contextObject;
                for (int k = 0; k < depth; k++) {
                    long[] c = contents[first + k].clone();
                    int own = first + Math.min(k + 1, depth - 1);
                    c[own >> 6] &= ~(1L << (own & 63));
                    escape(c);
                }
            }
            for (int o = 1; o < objectCount; o++) {
                if (has(escaped, o)) {
                    escape(contents[o]);
                }
            }
        } while (changed);
    }

    /** How many loads lie between a parameter and what gets out: 0 = the pointer itself; -1 = nothing does. */
    int heapLevel(FuncNotes.Param p) {
        return level(p, escaped);
    }

    /** The same for a result. */
    int resultLevel(FuncNotes.Param p, int result) {
        return returnedBy[result] == null ? -1 : level(p, returnedBy[result]);
    }

    private int level(FuncNotes.Param p, long[] set) {
        int least = -1;
        int skip = p.memory() ? 1 : 0;
        for (int i = p.first(); i < p.end(); i++) {
            if (!p.memory() && i - p.first() < p.types().length && p.types()[i - p.first()]) {
                continue;
            }
            for (int k = skip; k < depth; k++) {
                if (has(set, argObject[i] + k) && (least < 0 || k - skip < least)) {
                    least = k - skip;
                }
            }
        }
        return least;
    }

    // Answers.

    /** Whether what a call makes may be written. */
    boolean written(Value call) {
        return has(written, allocObject[call.id]);
    }

    boolean escapes(Value alloc) {
        return has(escaped, allocObject[alloc.id]);
    }

    /**
     * One stack slot may stand for all objects that an ALLOC in a loop makes: no pointer to the object of an earlier round can be
     * held when the next is made. Pointers live on through phis of loop headers, slots, and objects made outside the loop.
     */
    boolean oneAtATime(Value alloc, Cfg cfg) {
        return oneAtATime(alloc, cfg, new boolean[objectCount]);
    }

    private boolean oneAtATime(Value alloc, Cfg cfg, boolean[] seen) {
        Block loop = cfg.loopOf(alloc.block);
        if (cfg.irreducible) {
            return false;
        }
        if (loop == null) {
            return true;
        }
        int o = allocObject[alloc.id];
        if (seen[o]) {
            return true;
        }
        seen[o] = true;
        for (Block h = loop; h != null; h = cfg.outerLoop(h)) {
            for (int i = 0; i < h.count && h.values[i].op == Op.PHI; i++) {
                long[] p = points[h.values[i].id];
                if (p != null && has(p, o)) {
                    return false;
                }
            }
        }
        for (int k = 1; k < objectCount; k++) {
            if (!has(contents[k], o)) {
                continue;
            }
            if (!(objects[k] instanceof Value holder) || !cfg.inLoop(holder.block, loop) || !oneAtATime(holder, cfg, seen)) {
                return false;
            }
        }
        return true;
    }

    private EscapeSummary summarize() {
        // What was stored into incoming memory is out of sight: pointers of others that lie there have escaped.
        storedInArguments();
        byte[] flags = new byte[argObject.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = (byte) flags(argObject[i]);
        }
        return new EscapeSummary(flags, (byte) flags(contextObject));
    }

    private int flags(int o) {
        int n = 0;
        if (has(escaped, o)) {
            n |= EscapeSummary.SELF | EscapeSummary.CONTENTS | EscapeSummary.DEEP | EscapeSummary.STORED | EscapeSummary.WRITES;
        }
        if (has(escaped, o + 1)) {
            n |= EscapeSummary.CONTENTS | EscapeSummary.DEEP;
        }
        if (has(escaped, o + 2)) {
            n |= EscapeSummary.DEEP;
        }
        if (has(returned, o)) {
            n |= EscapeSummary.RETURNED | EscapeSummary.CONTENTS_RETURNED;
        }
        for (int k = 0; k < depth; k++) {
            if (otherContents(o + k, o + Math.min(k + 1, depth - 1))) {
                n |= EscapeSummary.STORED;
            }
            if (has(written, o + k)) {
                n |= EscapeSummary.WRITES;
            }
            if (k > 0 && has(returned, o + k)) {
                n |= EscapeSummary.CONTENTS_RETURNED;
            }
        }
        return n;
    }

    /** Something was written into the pointee: the caller must expect pointers there that it does not know. */
    private boolean otherContents(int o, int own) {
        for (int k = 0; k < objectCount; k++) {
            if (k != own && has(contents[o], k)) {
                return true;
            }
        }
        return false;
    }
}
