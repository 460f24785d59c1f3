// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Table;
import mica.base.Fault;
import mica.base.Refused;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.AbiSig;
import mica.ssa.Backend;
import mica.ssa.Func;

/** SSA to amd64 machine code. Safe for concurrent use. */
public final class Amd64Backend implements Backend {
    /** Asks for facts about functions, for views. Called from the thread that compiles the function. */
    public interface Listener {
        /** Whether the function's {@link mica.obj.FuncInfo#provenance} is to be kept. */
        boolean wants(Func f);

        /** The function is about to be selected: what is in it now is what becomes machine code. */
        void prepared(Func f, long nanos);

        /** The function was emitted: {@code out} has bytes, relocations and tables, {@code f} the values that the provenance names. */
        void emitted(Func f, Symbol out, long nanos);
    }

    private final CodeSymbols symbols;
    private final Sources sources;
    private final Listener listener;
    private final ThreadLocal<Amd64Code> code = ThreadLocal.withInitial(Amd64Code::new);

    public Amd64Backend(SymbolTable table, Sources sources) {
        this(table, sources, null);
    }

    /** @param sources for start lines of functions; may be null in tests @param listener may be null */
    public Amd64Backend(SymbolTable table, Sources sources, Listener listener) {
        this.symbols = new CodeSymbols(table);
        this.sources = sources;
        this.listener = listener;
    }

    @Override
    public void emit(Func f, Symbol out) {
        try {
            generate(f, out);
        } catch (Fault | Refused e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Fault("code: " + f.name, "internal error: " + e, e);
        }
    }

    private void generate(Func f, Symbol out) {
        if (f.sig == null) {
            f.sig = new AbiSig(1, new AbiSig.Loc[0], new AbiSig.Loc[0], 0, 0);
        }
        if (f.pos == 0 && sources != null) {
            f.pos = sources.generated();
        }
        boolean watched = listener != null && listener.wants(f);
        long start = watched ? System.nanoTime() : 0;
        boolean vector = Prepare.run(f, symbols);
        if (watched) {
            listener.prepared(f, System.nanoTime() - start);
            start = System.nanoTime();
        }
        MFunc m = new MFunc(f, symbols);
        Cfg.build(m);
        new Selector(m).run();
        new Liveness(m).run();
        new RegAlloc(m).run();
        Frame frame = new Frame(m);
        // few functions need the table of vector instructions, which takes time to read
        Amd64Code c = vector ? new Amd64Code(Amd64Table.all()) : code.get();
        c.reset();
        Tables tables = new Tables(m, c, frame, new SlotLiveness(m, frame), out, sources);
        Emitter e = new Emitter(m, c, frame, tables);
        e.run();
        c.finish();
        e.finish();
        tables.finish();
        out.align = 16;
        if (watched) {
            out.func.provenance = e.provenance();
        }
        c.finish(out);
        if (watched) {
            listener.emitted(f, out, System.nanoTime() - start);
        }
    }
}
