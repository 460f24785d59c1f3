// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.arch.amd64.Amd64Listing;
import mica.base.Sources;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Probe;
import mica.explore.ValueFate;
import mica.link.Image;
import mica.obj.FuncInfo;
import mica.obj.Origin;
import mica.obj.Provenance;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.Value;

/**
 * Nothing is lost between SSA and bytes: in every function of two programs each byte belongs to one instruction, each instruction to a
 * value or a named origin, with a position in the source; and every value has instructions or a reason why not. Watching must not
 * change what is built.
 *
 * <p>Usage: {@code ProvenanceTests [-v]}. Prints the orphans by kind; exits 1 if there is one.
 */
public final class ProvenanceTests implements Probe {
    private static final String[] PROGRAMS = {"hello", "https"};

    private final boolean verbose;
    private final TreeMap<String, Integer> orphans = new TreeMap<>();
    private int functions;
    private int instructions;
    private int values;

    private ProvenanceTests(boolean verbose) {
        this.verbose = verbose;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        boolean ok = true;
        Path work = Files.createTempDirectory("mica-provenance");
        for (String name : PROGRAMS) {
            ProvenanceTests t = new ProvenanceTests(Arrays.asList(args).contains("-v"));
            byte[] watched = build(name, work.resolve(name + ".watched"), t);
            boolean same = Arrays.equals(watched, build(name, work.resolve(name), null));
            System.out.println("provenance: " + name + ": " + t.functions + " functions, " + t.instructions + " instructions, " + t.values
                    + " values, orphans " + t.orphans + (same ? "" : "; watching changed the executable"));
            ok &= same && t.orphans.isEmpty() && t.functions > 500;
        }
        Mica.deleteTree(work);
        System.exit(ok ? 0 : 1);
    }

    private static byte[] build(String name, Path out, Probe probe) throws Exception {
        BuildOptions o = new BuildOptions();
        o.probe = probe;
        Path dir = Mica.home().resolve("examples").resolve(name);
        Environment env = new Environment(dir, System.getenv(), Mica.home(), List.of());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream p = new PrintStream(printed, true, StandardCharsets.UTF_8);
        if (!new Builder(env, o, p, p).build(List.of(name + ".go"), out.toString())) {
            throw new IllegalStateException(printed.toString(StandardCharsets.UTF_8));
        }
        return Files.readAllBytes(out);
    }

    private void orphan(String kind, String where) {
        orphans.merge(kind, 1, Integer::sum);
        if (verbose) {
            System.out.println(kind + ": " + where);
        }
    }

    @Override
    public boolean explains() {
        return true;
    }

    @Override
    public boolean wants(Func f) {
        return true;
    }

    @Override
    public void after(String pass, Func f, long nanos) {
        // only the end counts
    }

    @Override
    public void prepared(Func f, long nanos) {
        // only the end counts
    }

    @Override
    public synchronized void emitted(Func f, Symbol out, long nanos) {
        functions++;
        Map<Integer, Value> known = new HashMap<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                known.put(b.values[i].id, b.values[i]);
            }
        }
        code(f, out, known);
        Map<Integer, ValueFate> fates = new HashMap<>();
        for (ValueFate x : ValueFate.of(f, out)) {
            fates.put(x.id(), x);
        }
        for (Value v : known.values()) {
            values++;
            value(f, v, fates);
        }
    }

    private void code(Func f, Symbol out, Map<Integer, Value> known) {
        Provenance p = out.func.provenance;
        int[] next = {0};
        new Amd64Listing().visit(out, (offset, size, text) -> {
            instructions++;
            if (offset != next[0] || size <= 0) {
                orphan("byte", f.name + "+" + offset);
            }
            next[0] = offset + size;
            int v = p.value(offset);
            Origin why = p.origin(offset);
            if (why == null || why == Origin.VALUE && v < 0) {
                orphan("instruction", f.name + "+" + offset + " " + text);
            }
            if (v >= 0 && !known.containsKey(v)) {
                orphan("value number", f.name + "+" + offset + " " + text + " v" + v);
            }
            if (text.startsWith("BYTE ")) {
                orphan("undecoded", f.name + "+" + offset + " " + text);
            }
            if (position(out.func, offset) == 0) {
                orphan("position", f.name + "+" + offset + " " + text);
            }
        });
        if (next[0] != out.size) {
            orphan("byte", f.name + "+" + next[0]);
        }
    }

    private static int position(FuncInfo f, int offset) {
        int k = Arrays.binarySearch(f.pcpos.pc, 0, f.pcpos.count, offset);
        k = k < 0 ? -k - 2 : k;
        return k < 0 ? 0 : f.pcpos.value[k];
    }

    private void value(Func f, Value v, Map<Integer, ValueFate> fates) {
        ValueFate x = fates.get(v.id);
        switch (x.kind()) {
            case DEAD -> {
                if (v.op.hasEffect()) {
                    orphan("effect without code", f.name + " " + mica.ssa.Printer.line(v));
                }
            }
            case FOLDED -> {
                if (x.into().length > 0 && !arrives(x, fates, 0)) {
                    orphan("folded into nothing", f.name + " " + mica.ssa.Printer.line(v));
                }
            }
            default -> { }
        }
    }

    /** Following what values were folded into ends at instructions, or at what legally has none. */
    private static boolean arrives(ValueFate x, Map<Integer, ValueFate> fates, int depth) {
        for (int u : x.into()) {
            ValueFate y = fates.get(u);
            if (y.kind() != ValueFate.Kind.FOLDED || y.into().length == 0 || depth < 50 && arrives(y, fates, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void linked(Image image, Sources sources) {
        for (Symbol s : image.symbols) {
            boolean assembly = s.func != null && (s.func.flags & FuncInfo.FLAG_ASM) != 0;
            if (s.kind == SymKind.TEXT && s.foldedInto == null && !assembly && (s.func == null || s.func.provenance == null)) {
                orphan("function", s.name);
            }
        }
    }
}
