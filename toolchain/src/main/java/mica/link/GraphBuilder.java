// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.obj.FuncInfo;
import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;
import mica.obj.LinkGraph.Reason;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Writes the rules of {@link Reach} down as a {@link LinkGraph}: the same conditions, once more and as edges, of what turned out to be in
 * the program. Runs after layout, so that nodes have addresses; folded symbols are the node of the one that stands for them.
 */
final class GraphBuilder {
    private static final int RECORD_SIZE = 16;

    private final LinkOptions options;
    private final Reach reach;
    private final TypeEdges types;
    private final LinkGraph graph = new LinkGraph();
    private final Map<Symbol, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> facts = new HashMap<>();
    private final Set<Long> known = new HashSet<>();
    /** Lists of initializers: they stay for what they list, not the other way round. */
    private final Set<Symbol> apart = new HashSet<>();

    GraphBuilder(LinkOptions options, Reach reach) {
        this.options = options;
        this.reach = reach;
        this.types = reach.edges;
    }

    /**
     * @param sections with every symbol of the image that has a place
     * @param roots what {@link Reach} started from
     * @param tasks the linker's list of init tasks; may be null
     */
    LinkGraph build(List<Section> sections, List<Symbol> roots, Pclntab pclntab, Symbol tasks) {
        graph.add(new Node(NodeKind.ROOT, "", -1));
        for (Section in : sections) {
            for (Symbol s : in.symbols) {
                symbol(s);
            }
        }
        for (InitTask t : options.initTasks) {
            apart.add(t.record);
        }
        apart.add(tasks);
        edge(0, number(tasks), Reason.INIT);
        linkerTables(sections, pclntab);
        for (Symbol s : reach.symbols) {
            if (s.foldedInto != null && s.kind == SymKind.TEXT && numbers.containsKey(s.foldedInto)) {
                graph.nodes.get(number(s)).aliases.add(s.name);
            }
        }
        for (Symbol s : roots) {
            edge(0, number(s), Reason.START);
        }
        for (Symbol s : reach.symbols) {
            if (number(s) >= 0 && !apart.contains(s)) {
                references(s);
            }
        }
        initializers();
        return graph;
    }

    /** What the linker makes is always there, except for inline trees, which belong to functions. */
    private void linkerTables(List<Section> sections, Pclntab pclntab) {
        Set<Symbol> reached = new HashSet<>(reach.symbols);
        for (Section in : sections) {
            for (Symbol s : in.symbols) {
                if (!reached.contains(s) && s.kind != SymKind.FUNCDATA) {
                    edge(0, number(s), Reason.START);
                }
            }
        }
        for (int i = 0; i < pclntab.functionCount(); i++) {
            edge(number(pclntab.function(i)), number(pclntab.inlineTree(i)), Reason.FUNCTION_DATA);
        }
    }

    /** Number of the symbol's node, for who writes the graph; -1 = none. */
    int numberOf(Symbol s) {
        Integer n = numbers.get(s);
        return n == null ? -1 : n;
    }

    private void symbol(Symbol s) {
        Node n = new Node(NodeKind.SYMBOL, s.name, -1);
        n.symKind = s.kind;
        n.abi = s.abi;
        n.address = s.address;
        n.size = s.size;
        n.pkg = s.pkg;
        numbers.put(s, graph.add(n));
    }

    /** -1 = has no place in the image. */
    private int number(Symbol s) {
        if (s == null) {
            return -1;
        }
        Symbol c = Fold.canonical(s);
        Integer n = numbers.get(c.aliasOf != null ? Fold.canonical(c.aliasOf) : c);
        return n == null ? -1 : n;
    }

    private int fact(NodeKind kind, String name, int owner) {
        return facts.computeIfAbsent(kind.ordinal() + " " + owner + " " + name, k -> graph.add(new Node(kind, name, owner)));
    }

    private void edge(int a, int b, Reason r) {
        edge(a, b, -1, r);
    }

    private void edge(int a, int b, int when, Reason r) {
        if (a < 0 || b < 0 || a == b) {
            return;
        }
        // 21 bits a node, as there is no image of more symbols; the reason makes edges different, too.
        long key = (long) a << 42 ^ (long) b << 21 ^ when + 1;
        if (known.add(key * 31 + r.ordinal())) {
            graph.edge(a, b, when, r);
        }
    }

    // ---- symbols ----

    private void references(Symbol s) {
        int n = number(s);
        if (s.kind == SymKind.TYPE) {
            type(s, n);
            return;
        }
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            switch (s.relocType[i]) {
                case USE_IFACE -> {
                    edge(n, number(t), Reason.CONVERT);
                    edge(n, inInterface(t), Reason.CONVERT);
                }
                case USE_IFACE_METHOD -> edge(n, fact(NodeKind.METHOD_KEY, t.name, -1), Reason.INTERFACE_CALL);
                case USE_NAMED_METHOD -> edge(n, fact(NodeKind.METHOD_NAME, t.name, -1), Reason.NAMED_METHOD);
                case USE_REFLECT_METHOD -> edge(n, fact(NodeKind.ANY_METHOD, "", -1), Reason.REFLECT);
                case WEAK_TYPEOFF, IFACE_TYPEOFF, WEAK_ABS64, METHOD -> {}
                default -> {
                    edge(n, number(t), reason(s, s.relocType[i], t));
                    if (t != null && Reach.inInterface(s, i)) {
                        edge(n, inInterface(t), Reason.CONVERT);
                    }
                }
            }
        }
        if (s.aliasOf != null) {
            edge(n, number(s.aliasOf), Reason.PART);
        }
        if (s.func != null) {
            for (Symbol f : s.func.funcdata) {
                edge(n, number(f), Reason.FUNCTION_DATA);
            }
            reflection(n, s.name);
            for (FuncInfo.InlinedCall c : s.func.inlined) {
                reflection(n, c.name);
            }
        }
    }

    private static Reason reason(Symbol s, RelocType type, Symbol t) {
        if (type == RelocType.KEEP) {
            return Reason.KEEP;
        }
        if (s.kind == SymKind.ITAB) {
            return Reason.TABLE;
        }
        if (s.kind != SymKind.TEXT) {
            return Reason.DATA;
        }
        boolean code = t != null && t.kind == SymKind.TEXT;
        return !code ? Reason.USE : type == RelocType.CALL32 ? Reason.CALL : Reason.ADDRESS;
    }

    private void reflection(int n, String name) {
        switch (Reach.reflection(name)) {
            case METHODS -> edge(n, fact(NodeKind.ANY_METHOD, "", -1), Reason.REFLECT);
            case POINTERS -> edge(n, fact(NodeKind.POINTER_TYPES, "", -1), Reason.REFLECT);
            case TYPES -> edge(n, fact(NodeKind.FIND_TYPES, "", -1), Reason.REFLECT);
            default -> {}
        }
    }

    // ---- types ----

    private int inInterface(Symbol t) {
        int n = t == null || t.kind != SymKind.TYPE ? -1 : number(t);
        return n < 0 ? -1 : fact(NodeKind.IN_INTERFACE, "", n);
    }

    private void type(Symbol s, int n) {
        boolean iface = (s.linkFlags & Reach.IFACE) != 0;
        int open = -1;
        if (iface) {
            open = fact(NodeKind.OPEN, "", n);
            edge(n, open, fact(NodeKind.IN_INTERFACE, "", n), Reason.TYPE);
        }
        int complete = complete(s, n, open);
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            descriptorEdge(s, i, n, open, complete);
            if (iface) {
                edge(open, inInterface(t), Reason.TYPE);
            }
        }
        long list = types.listSize(s);
        if (list > 0 && complete >= 0) {
            int l = fact(NodeKind.LIST, "", n);
            graph.nodes.get(l).size = list;
            edge(complete, l, Reason.PART);
        }
        if (iface && s.methods != null) {
            for (MethodEntry m : s.methods) {
                method(m, n, open);
            }
        }
    }

    /** The node on which all of a descriptor depends: the type itself if nothing else has to be; -1 = nobody looks at it. */
    private int complete(Symbol s, int n, int open) {
        if (TypeBytes.maskOnDemand(s) || TypeBytes.kind(s) == TypeBytes.INTERFACE) {
            return n;
        }
        if (!types.isComplete(s)) {
            return -1;
        }
        int c = fact(NodeKind.COMPLETE, "", n);
        edge(open, c, Reason.TYPE);
        if (types.findsTypes && TypeBytes.isTypelink(s)) {
            edge(n, c, fact(NodeKind.FIND_TYPES, "", -1), Reason.REFLECT);
        }
        return c;
    }

    private void descriptorEdge(Symbol s, int i, int n, int open, int complete) {
        int to = number(s.relocTarget[i]);
        if (s.relocType[i] == RelocType.WEAK_TYPEOFF || to < 0) {
            return;
        }
        if (s.relocType[i] == RelocType.IFACE_TYPEOFF) {
            if (types.makesPointers && open >= 0) {
                edge(open, to, fact(NodeKind.POINTER_TYPES, "", -1), Reason.REFLECT);
            }
            return;
        }
        boolean always = types.always(s, i);
        edge(always ? n : complete, to, Reason.TYPE);
        if (s.relocOffset[i] == TypeBytes.EQUAL && (s.linkFlags & Reach.MAP_KEY) != 0) {
            edge(fact(NodeKind.MAP_KEY, "", n), to, n, Reason.TYPE);
        }
        if (TypeEdges.isMapKey(s, i)) {
            edge(always ? n : complete, fact(NodeKind.MAP_KEY, "", to), Reason.TYPE);
        }
    }

    private void method(MethodEntry m, int type, int open) {
        int all = -1;
        if (reach.isReflected(m)) {
            all = fact(NodeKind.REFLECTED_METHOD, m.name, type);
            if (m.exported && reach.reflectsMethods()) {
                edge(open, all, fact(NodeKind.ANY_METHOD, "", -1), Reason.REFLECT);
            }
            if (reach.isNamed(m)) {
                edge(open, all, fact(NodeKind.METHOD_NAME, m.name, -1), Reason.NAMED_METHOD);
            }
            edge(all, number(m.tfn), Reason.METHOD);
            edge(all, number(m.mtyp), Reason.METHOD);
            edge(all, inInterface(m.mtyp), Reason.METHOD);
        }
        int record = -1;
        if (m.listed) {
            record = fact(NodeKind.METHOD_RECORD, m.name, type);
            graph.nodes.get(record).size = RECORD_SIZE;
            edge(open, record, number(m.mtyp), Reason.TYPE);
            edge(record, number(m.nameRef), Reason.TYPE);
        }
        if (m.kept) {
            int kept = fact(NodeKind.METHOD, m.name, type);
            if (reach.isCalled(m)) {
                edge(open, kept, fact(NodeKind.METHOD_KEY, m.key, -1), Reason.INTERFACE_CALL);
            }
            edge(all, kept, Reason.METHOD);
            edge(kept, number(m.ifn), Reason.METHOD);
            edge(kept, record, Reason.METHOD);
        }
    }

    // ---- initialization ----

    private void initializers() {
        for (InitTask t : options.initTasks) {
            int record = number(t.record);
            for (int i = 0; i < t.steps.size(); i++) {
                InitTask.Step s = t.steps.get(i);
                int function = number(s.function);
                if (!s.kept || function < 0 || record < 0) {
                    continue;
                }
                int step = fact(NodeKind.INIT_STEP, t.pkg + " " + i, record);
                graph.nodes.get(step).size = 8;
                if (s.onlyIf == null) {
                    edge(0, step, Reason.INIT);
                } else {
                    for (Symbol v : s.onlyIf) {
                        edge(number(v), step, Reason.INIT);
                    }
                }
                edge(step, function, Reason.INIT);
                edge(step, record, Reason.INIT);
            }
        }
    }
}
