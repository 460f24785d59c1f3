// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.IdentityHashMap;
import mica.base.Fault;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.Alloc;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.MType;
import mica.ssa.Op;
import mica.ssa.Slot;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Type;
import mica.types.Universe;
import mica.types.Var;

/**
 * One function while it is turned into SSA: its variables, memory and results. The constructs of the language have a builder each,
 * which share this object.
 */
final class FuncBuilder extends Ssa {
    /** Bytes: larger literals are on the heap, where they do not make the frame too large. */
    private static final long MAX_LITERAL = 10 << 20;

    final ProgramBuilder c;
    final Fn fn;
    final TypeEnv env;
    /** Null in wrappers. */
    final FuncFacts facts;
    final boolean runtimeRules;

    final EvalOrder order;
    final ExprBuilder exprs;
    final PlaceBuilder places;
    final OpBuilder ops;
    final EqualBuilder equal;
    final ConvBuilder conv;
    final IfaceBuilder ifaces;
    final CallBuilder calls;
    final BuiltinBuilder builtins;
    final LiteralBuilder literals;
    final ClosureBuilder closures;
    final StmtBuilder stmts;
    final AssignBuilder assigns;
    final RangeBuilder ranges;
    final SwitchBuilder switches;
    final ChanBuilder chans;
    final DeferBuilder defers;
    final MapBuilder maps;
    final StringBuilders strings;
    /** Null unless decisions are explained. */
    final NoteTaker notes;

    private final IdentityHashMap<Var, Local> locals = new IdentityHashMap<>();
    /** Where results are kept while the function runs; entries are null while nothing needs a place. */
    Local[] results;
    /** The scalars or addresses of the parameters, receiver first. */
    Operand[] params;
    Value context;
    boolean hasDefer;
    private boolean keepsResults;
    private Abi abi;

    FuncBuilder(Fn fn) {
        super(new Func(fn.linkName, fn));
        this.c = fn.c;
        this.fn = fn;
        this.env = fn.env;
        this.facts = fn.facts;
        this.runtimeRules = fn.pkg != null && fn.pkg.runtimeRules;
        order = new EvalOrder(this);
        exprs = new ExprBuilder(this);
        places = new PlaceBuilder(this);
        ops = new OpBuilder(this);
        equal = new EqualBuilder(this);
        conv = new ConvBuilder(this);
        ifaces = new IfaceBuilder(this);
        calls = new CallBuilder(this);
        builtins = new BuiltinBuilder(this);
        literals = new LiteralBuilder(this);
        closures = new ClosureBuilder(this);
        stmts = new StmtBuilder(this);
        assigns = new AssignBuilder(this);
        ranges = new RangeBuilder(this);
        switches = new SwitchBuilder(this);
        chans = new ChanBuilder(this);
        defers = new DeferBuilder(this);
        maps = new MapBuilder(this);
        strings = new StringBuilders(this);
        func.runtimeRules = runtimeRules;
        func.nosplit = fn.nosplit;
        func.pos = fn.pos;
        func.endPos = fn.pos;
        func.wrapper = fn.wrapper;
        notes = c.explains ? new NoteTaker(this) : null;
    }

    /** The construct is not built yet: an error for the user, with its position. */
    RuntimeException unsupported(String what) {
        return new Unsupported(pos, what);
    }

    // Entry and end.

    /** Makes the entry block with the incoming parameters. */
    void begin() {
        begin(fn.abi());
    }

    void begin(Abi abi) {
        pos = fn.pos;
        this.abi = abi;
        func.sig = abi.sig;
        Block entry = newBlock();
        startSealed(entry);
        Value[] in = new Value[abi.sig.args.length];
        for (int i = 0; i < in.length; i++) {
            AbiSig.Loc l = abi.sig.args[i];
            in[i] = emit(l.byvalSize > 0 ? Op.ARG_ADDR : Op.ARG, l.type);
            in[i].auxInt = i;
        }
        if (fn.needsContext) {
            func.needsContext = true;
            context = emit(Op.CLOSURE_CONTEXT, MType.PTR);
        }
        if (notes != null) {
            notes.signature(abi);
        }
        params = new Operand[abi.params.length];
        for (int i = 0; i < params.length; i++) {
            params[i] = operandOf(abi.params[i], in, abi.paramStart[i], abi.paramByval[i]);
        }
    }

    /** An operand from the values of its Locs. */
    Operand operandOf(Layout l, Value[] in, int start, boolean byval) {
        if (l.isZeroSize()) {
            return zero(l.type);
        }
        if (byval) {
            return Operand.memory(l.type, in[start]);
        }
        int n = l.parts.length;
        Value[] parts = new Value[n];
        System.arraycopy(in, start, parts, 0, n);
        if (l.scalar) {
            return Operand.of(l.type, parts);
        }
        Value p = slotAddress(tempSlot(l, "arg"));
        for (int k = 0; k < n; k++) {
            store(p, l.offsets[k], parts[k]);
        }
        return Operand.memory(l.type, p);
    }

    /** Appends the values of the Locs of an operand; the inverse of operandOf. */
    int locsOf(Layout l, Operand x, boolean byval, Value[] out, int at) {
        if (l.isZeroSize()) {
            return at;
        }
        if (byval) {
            out[at++] = x.addr;
        } else if (x.isMemory()) {
            for (int k = 0; k < l.parts.length; k++) {
                out[at++] = load(l.parts[k], x.addr, l.offsets[k]);
            }
        } else {
            for (Value v : x.parts) {
                out[at++] = v;
            }
        }
        return at;
    }

    /** Returns these values. */
    void emitReturn(Operand[] values) {
        Value[] out = new Value[abi.sig.results.length];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            at = locsOf(abi.results[i], values[i], abi.resultByval[i], out, at);
        }
        Value r = emit(Op.RETURN, MType.VOID);
        for (Value v : out) {
            r.addArg(v);
        }
        cur.kind = Block.Kind.RET;
        startDead();
    }

    /** Makes places for the results where they are needed while the function runs. */
    void declareResults(Var[] vars) {
        results = new Local[vars.length];
        boolean all = hasDefer || facts.returnsFromRange;
        for (Var v : vars) {
            all |= v.captured || v.addrTaken;
        }
        keepsResults = all;
        for (int i = 0; i < vars.length; i++) {
            Var v = vars[i];
            boolean named = !v.name.isEmpty() && !v.name.equals("_");
            if (!all && !named) {
                continue;
            }
            results[i] = hasDefer ? deferResult(v) : declare(v, null);
        }
    }

    /** A result that deferred functions and recovery must find in memory. */
    private Local deferResult(Var v) {
        Type t = env.apply(v.type);
        Layout l = layout(t);
        Local local;
        if (v.addrTaken || v.captured && !c.capturedByValue(v, l)) {
            Slot s = rawSlot(".&" + v.name, 8, 8, new byte[] {1});
            Value p = alloc(Alloc.Kind.VARIABLE, v.name, t, false);
            store(slotAddress(s), 0, p);
            if (notes != null) {
                notes.variable(v, p);
            }
            local = new Local(t, l, Local.Storage.REF_SLOT, -1, s);
        } else {
            Slot s = newSlot(l, v.name.isEmpty() ? ".result" : v.name);
            zeroMemory(slotAddress(s), l.size, t);
            local = new Local(t, l, Local.Storage.SLOT, -1, s);
        }
        locals.put(v, local);
        return local;
    }

    /** Return statements store their operands into the results first. */
    boolean keepsResults() {
        return keepsResults;
    }

    /** Returns what is in the results, after the deferred functions have run. */
    void returnResults() {
        if (hasDefer) {
            rt("deferreturn");
        }
        Operand[] values = new Operand[fn.results.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = results[i] == null ? zero(fn.results[i]) : readLocal(results[i]);
        }
        emitReturn(values);
    }

    /** Where execution goes on after a recovered panic. */
    void recoverBlock() {
        Block r = newBlock();
        func.recover = r;
        startSealed(r);
        pos = func.endPos;
        returnResults();
    }

    Func end() {
        finish();
        return func;
    }

    // Types.

    Type type(Expr e) {
        return env.apply((Type) e.type);
    }

    Layout layout(Type t) {
        return c.layouts.of(t);
    }

    // Locals.

    /** Declares a variable of this function and gives it the value (null: zero). */
    Local declare(Var v, Operand value) {
        Type t = env.apply(v.type);
        Layout l = layout(t);
        Local local;
        if (v.addrTaken || v.captured && !c.capturedByValue(v, l) || l.size > Alloc.MAX_VARIABLE && !runtimeRules) {
            int ssa = newVar(MType.PTR);
            Value p = alloc(Alloc.Kind.VARIABLE, v.name, t, false);
            write(ssa, p);
            if (notes != null) {
                notes.variable(v, p);
            }
            local = new Local(t, l, Local.Storage.REF, ssa, null);
            if (value != null) {
                storeTo(p, value);
            }
        } else if (l.scalar) {
            local = new Local(t, l, Local.Storage.SSA, newVars(l.parts), null);
            Operand x = value == null ? zero(t) : value;
            for (int k = 0; k < l.parts.length; k++) {
                write(local.ssa + k, x.parts[k]);
            }
            if (notes != null && value != null) {
                notes.declared(v, t, x.parts);
            }
        } else {
            Slot s = newSlot(l, v.name);
            local = new Local(t, l, Local.Storage.SLOT, -1, s);
            if (value == null) {
                zeroMemory(slotAddress(s), l.size, t);
            } else {
                storeTo(slotAddress(s), value);
            }
        }
        locals.put(v, local);
        return local;
    }

    /** The variable is memory at address p, which stays the same. */
    Local declareAt(Var v, Value p) {
        Type t = env.apply(v.type);
        int ssa = newVar(MType.PTR);
        write(ssa, p);
        Local local = new Local(t, layout(t), Local.Storage.REF, ssa, null);
        locals.put(v, local);
        return local;
    }

    void declareAs(Var v, Local l) {
        locals.put(v, l);
    }

    Local local(Var v) {
        Local l = locals.get(v);
        if (l == null) {
            throw new Fault(func.name, "no place for variable " + v.name + " at " + c.sources().format(pos));
        }
        return l;
    }

    Local localOrNull(Var v) {
        return locals.get(v);
    }

    /** Address of a local variable in memory. */
    Value addressOf(Local l) {
        switch (l.storage) {
            case SLOT:
                return slotAddress(l.slot);
            case REF:
                return read(l.ssa);
            case REF_SLOT:
                return load(MType.PTR, slotAddress(l.slot), 0);
            default:
                throw new Fault(func.name, "address of a variable in registers");
        }
    }

    Operand readLocal(Local l) {
        if (l.storage == Local.Storage.SSA) {
            return readVars(l.type, l.layout, l.ssa);
        }
        return loadFrom(l.type, addressOf(l));
    }

    Operand readVars(Type t, Layout l, int first) {
        Value[] parts = new Value[l.parts.length];
        for (int k = 0; k < parts.length; k++) {
            parts[k] = read(first + k);
        }
        return Operand.of(t, parts);
    }

    void writeLocal(Local l, Operand x) {
        if (l.storage == Local.Storage.SSA) {
            for (int k = 0; k < x.parts.length; k++) {
                write(l.ssa + k, x.parts[k]);
            }
        } else {
            storeTo(addressOf(l), x);
        }
    }

    // Memory.

    Slot newSlot(Layout l, String name) {
        Slot s = func.newSlot(name, l.size, l.align, l.ptrMask());
        s.goType = l.type;
        return s;
    }

    Slot tempSlot(Layout l, String name) {
        return newSlot(l, "." + name);
    }

    Value slotAddress(Slot s) {
        Value v = emit(Op.LOCAL_ADDR, MType.PTR);
        v.aux = s;
        return v;
    }

    /** Address of an uninitialized temporary of type t. */
    Value temp(Type t) {
        return slotAddress(tempSlot(layout(t), "tmp"));
    }

    /** As {@link #temp}, for a literal or a zero value, of which there may be several in a function. */
    Value valueTemp(Type t) {
        return layout(t).size > MAX_LITERAL ? alloc(Alloc.Kind.OTHER, "tmp", t, false) : temp(t);
    }

    /** A slot for words of which those in {@code mask} are pointers. */
    Slot rawSlot(String name, long size, int align, byte[] mask) {
        return func.newSlot(name, size, align, mask);
    }

    /** Fresh zeroed memory for a value of type t. */
    Value alloc(Alloc.Kind kind, String name, Type t, boolean forceStack) {
        Layout l = layout(t);
        if (l.size == 0) {
            return address(c.symbols.lookup("runtime.zerobase"), 0);
        }
        Alloc a = new Alloc(kind, name, l.size, l.align, l.ptrMask(), c.data.type(t), t);
        boolean temporary = kind == Alloc.Kind.VARIABLE || kind == Alloc.Kind.CLOSURE || kind == Alloc.Kind.OTHER
                || kind == Alloc.Kind.LITERAL;
        a.forceStack = forceStack || runtimeRules && temporary;
        Value v = emit(Op.ALLOC, MType.PTR);
        v.aux = a;
        return v;
    }

    Operand zero(Type t) {
        Layout l = layout(t);
        if (l.scalar) {
            Value[] parts = new Value[l.parts.length];
            for (int k = 0; k < parts.length; k++) {
                parts[k] = zero(l.parts[k]);
            }
            return Operand.of(t, parts);
        }
        Value p = valueTemp(t);
        zeroMemory(p, l.size, t);
        return Operand.memory(t, p);
    }

    Operand loadFrom(Type t, Value p) {
        Layout l = layout(t);
        if (!l.scalar) {
            return Operand.memory(t, p);
        }
        Value[] parts = new Value[l.parts.length];
        for (int k = 0; k < parts.length; k++) {
            parts[k] = load(l.parts[k], p, l.offsets[k]);
        }
        return Operand.of(t, parts);
    }

    void storeTo(Value p, Operand x) {
        Layout l = layout(x.type);
        if (x.isMemory()) {
            move(p, x.addr, l.size, x.type);
            return;
        }
        for (int k = 0; k < x.parts.length; k++) {
            store(p, l.offsets[k], x.parts[k]);
        }
    }

    /** Address of memory that holds x and that nobody else knows (or that never changes). */
    Value spill(Operand x) {
        if (x.isMemory()) {
            return x.addr;
        }
        Layout l = layout(x.type);
        if (l.size == 0) {
            return address(c.symbols.lookup("runtime.zerobase"), 0);
        }
        Value p = temp(x.type);
        storeTo(p, x);
        return p;
    }

    /** A value that later stores cannot change. */
    Operand stable(Operand x) {
        if (!x.isMemory()) {
            return x;
        }
        Value p = temp(x.type);
        storeTo(p, x);
        return Operand.memory(x.type, p);
    }

    void nilCheck(Value p) {
        Value r = resolve(p);
        while (r.op == Op.OFF_PTR && r.auxInt == 0) {
            r = r.args[0];
        }
        if (r.op == Op.ALLOC || r.op == Op.ADDR || r.op == Op.LOCAL_ADDR || r.op == Op.ARG_ADDR) {
            return;
        }
        emit(Op.NIL_CHECK, MType.VOID, p);
    }

    /** The closure context of a function that asks for it although it captures nothing. */
    Value closureContext() {
        if (context == null) {
            func.needsContext = true;
            Value v = func.newValue(Op.CLOSURE_CONTEXT, MType.PTR, func.entry, pos);
            func.entry.insert(0, v);
            context = v;
        }
        return context;
    }

    // Runtime services.

    /** Calls a function of package runtime by its link name without "runtime."; arguments are the scalars of its parameters. */
    Value[] rt(String name, Value... args) {
        return calls.direct(c.runtimeFn(name), args);
    }

    /** As rt, for services that make something: a small result may live in this frame, in room for a value of type {@code room}. */
    Value[] rtMaking(String name, Type room, Value... args) {
        Value[] r = rt(name, args);
        Layout l = layout(room);
        if (l.size > 0) {
            ((CallInfo) r[0].args[0].aux).room = new Alloc(Alloc.Kind.OTHER, "room", l.size, l.align, l.ptrMask(), null, room);
        }
        return r;
    }

    Value rt1(String name, Value... args) {
        return rt(name, args)[0];
    }

    /** As rt, for services that do not return. */
    void rtNoReturn(String name, Value... args) {
        calls.directNoReturn(c.runtimeFn(name), args);
        unreachable();
    }

    Value typeWord(Type t) {
        return address(c.data.type(t), 0);
    }

    Value symbolAddress(Symbol s) {
        return address(s, 0);
    }

    /** Words of a type in a fresh temporary, zeroed. */
    Value zeroedTemp(Type t) {
        Value p = temp(t);
        zeroMemory(p, layout(t).size, t);
        return p;
    }

    Operand intOperand(long n) {
        return Operand.of(Universe.INT, i64(n));
    }
}
