// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import mica.arch.amd64.Amd64Listing;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.build.Probe;
import mica.link.Image;
import mica.obj.Origin;
import mica.obj.Provenance;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.Func;
import mica.ssa.FuncRef;
import mica.ssa.InlineSite;
import mica.ssa.Op;
import mica.ssa.Printer;
import mica.ssa.Value;
import mica.ssa.pass.Decisions;

/** Keeps what was decided in a whole build; and, for one line of the source, the values and instructions that came of it. */
public final class DecisionRecorder implements Probe {
    /** A generic function with its type arguments: who refers to it, where it was inlined, and what it costs where it was not (0: nowhere). */
    record Instance(String name, long size, String foldedInto, List<String> askedBy, List<String> inlinedInto) {}

    /** A value or an instruction of the line. {@code inlined}: it came there by inlining. */
    record Trace(String func, String text, boolean inlined) {}

    private final String file;
    private final int line;
    private final Map<String, Decisions> decisions = new TreeMap<>();
    private final Map<String, List<Trace>> values = new TreeMap<>();
    private final Map<String, List<Trace>> code = new TreeMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    /** Generic instances that were inlined, and into which functions. */
    private final Map<String, TreeSet<String>> inlined = new TreeMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private Sources sources;
    private volatile Sources early;

    /** For all decisions of a build. */
    public DecisionRecorder() {
        this(null, 0);
    }

    /** @param file the end of a path, from a slash on or whole */
    public DecisionRecorder(String file, int line) {
        this.file = file;
        this.line = line;
    }

    @Override
    public boolean explains() {
        return true;
    }

    @Override
    public void begins(Sources sources, List<String> named, List<String> own) {
        early = sources;
    }

    @Override
    public boolean wants(Func f) {
        return true;
    }

    @Override
    public synchronized void decided(Func f, Decisions d) {
        decisions.put(f.name, d);
        d.inlined.forEach((callee, callers) -> inlined.computeIfAbsent(callee, k -> new TreeSet<>()).addAll(callers));
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                for (InlineSite s = b.values[i].inline; s != null; s = s.parent) {
                    if (s.callee.shownName().contains("[...]")) {
                        inlined.computeIfAbsent(s.callee.linkName, k -> new TreeSet<>()).add(s.parent == null ? f.name : s.parent.callee.linkName);
                    }
                }
            }
        }
    }

    @Override
    public void after(String pass, Func f, long nanos) {
        // decisions say what passes did
    }

    @Override
    public void prepared(Func f, long nanos) {
        // see emitted
    }

    @Override
    public void emitted(Func f, Symbol out, long nanos) {
        if (file == null) {
            return;
        }
        Map<Integer, Value> here = new HashMap<>();
        List<Trace> v = new ArrayList<>();
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Value x = b.values[i];
                int how = onLine(x.pos, x.inline);
                if (how >= 0) {
                    here.put(x.id, x);
                    String source = f.notes == null || x.op == Op.CONST ? null : f.notes.nameOf(x.id);
                    String text = b + "  " + Printer.line(x);
                    v.add(new Trace(f.name, source == null ? text : String.format("%-46s %s", text, source), how > 0));
                }
            }
        }
        if (!here.isEmpty()) {
            List<Trace> c = instructions(f, out, here);
            synchronized (this) {
                values.put(f.name, v);
                code.put(f.name, c);
            }
        }
    }

    private List<Trace> instructions(Func f, Symbol out, Map<Integer, Value> here) {
        List<Trace> c = new ArrayList<>();
        Provenance p = out.func.provenance;
        new Amd64Listing().visit(out, (offset, size, text) -> {
            int v = p.value(offset);
            Origin why = p.origin(offset);
            if (here.containsKey(v) && (why == Origin.VALUE || onLine(SsaRecord.position(out, offset), null) >= 0)) {
                c.add(new Trace(f.name, String.format("%04x  %-44s v%d%s", offset, text, v, why == Origin.VALUE ? "" : " " + why.text),
                        here.get(v).inline != null));
            }
        });
        return c;
    }

    /** 0: the position is on the line; 1: it is in code that was inlined there; -1: neither. */
    private int onLine(int pos, InlineSite inline) {
        if (onLine(pos)) {
            return inline == null ? 0 : 1;
        }
        for (InlineSite s = inline; s != null; s = s.parent) {
            if (onLine(s.callPos)) {
                return 1;
            }
        }
        return -1;
    }

    boolean onLine(int pos) {
        SourceFile f = early.file(pos);
        return f != null && f.physicalLine(pos) == line && names(f.path);
    }

    private boolean names(String path) {
        String p = path.startsWith("./") ? path.substring(2) : path;
        String want = file.startsWith("./") ? file.substring(2) : file;
        return p.equals(want) || p.endsWith("/" + want) || want.endsWith("/" + p);
    }

    @Override
    public void linked(Image image, Sources sources) {
        compiled(image.symbols, sources);
    }

    @Override
    public void compiled(Iterable<Symbol> functions, Sources sources) {
        this.sources = sources;
        Map<Symbol, TreeSet<String>> asked = new HashMap<>();
        for (Symbol s : functions) {
            if (s.kind == SymKind.TEXT) {
                sizes.put(s.name, s.size);
            }
            if (isInstance(s)) {
                asked.put(s, new TreeSet<>());
            }
        }
        for (Symbol s : functions) {
            for (int i = 0; i < s.relocCount; i++) {
                TreeSet<String> t = asked.get(s.relocTarget[i]);
                if (t != null && s != s.relocTarget[i]) {
                    t.add(s.name);
                }
            }
        }
        for (Symbol s : functions) {
            if (asked.containsKey(s)) {
                TreeSet<String> into = inlined.remove(s.name);
                instances.add(new Instance(s.name, s.size, s.foldedInto == null ? null : s.foldedInto.name, List.copyOf(asked.get(s)),
                        into == null ? List.of() : List.copyOf(into)));
            }
        }
        inlined.forEach((name, into) -> instances.add(new Instance(name, 0, null, List.of(), List.copyOf(into))));
        instances.sort(java.util.Comparator.comparing(Instance::name));
    }

    private static boolean isInstance(Symbol s) {
        return s.kind == SymKind.TEXT && s.origin instanceof FuncRef r && r.shownName().contains("[...]");
    }

    Map<String, Decisions> decisions() {
        return decisions;
    }

    List<Instance> instances() {
        return instances;
    }

    /** Bytes of code; -1 = not linked. */
    long size(String func) {
        return sizes.getOrDefault(func, -1L);
    }

    Map<String, List<Trace>> values() {
        return values;
    }

    Map<String, List<Trace>> code() {
        return code;
    }

    public Sources sources() {
        return sources;
    }

    int line() {
        return line;
    }

    /** The file that the line is in; null if no position of the build lies there. */
    SourceFile sourceFile() {
        for (Decisions d : decisions.values()) {
            for (Decisions.Decision x : d.list) {
                SourceFile f = sources.file(x.pos());
                if (f != null && names(f.path)) {
                    return f;
                }
            }
        }
        return null;
    }

    static String lower(Enum<?> e) {
        return e.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
