// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds generic code that would need infinitely many instances. The graph has a vertex for each type parameter (and for each local
 * type of a generic function, which its parameters determine). An instantiation that gives parameter Q an argument made of parameter P
 * adds an edge P → Q: plain if the argument is P itself, growing if P is only a part of it. A cycle with a growing edge never ends.
 */
final class Monomorph extends Part {
    private static final class Vertex {
        final TypeName name;
        final List<Edge> edges = new ArrayList<>();
        // Tarjan's numbers; 0 = not visited.
        int index;
        int low;
        boolean onStack;
        int component;

        Vertex(TypeName name) {
            this.name = name;
        }
    }

    private static final class Edge {
        final Vertex to;
        final boolean growing;
        final int pos;
        /** The argument. */
        final Type type;

        Edge(Vertex to, boolean growing, int pos, Type type) {
            this.to = to;
            this.growing = growing;
            this.pos = pos;
            this.type = type;
        }
    }

    private final Map<Type, Vertex> vertices = new IdentityHashMap<>();
    private final List<Vertex> order = new ArrayList<>();
    /** A receiver's names for the parameters of its type. */
    private final Map<TypeParam, TypeParam> canonical = new IdentityHashMap<>();
    private final List<Vertex> stack = new ArrayList<>();
    private int visited;
    private int components;

    Monomorph(Checker c) {
        super(c);
    }

    /** A method's receiver names its type's parameters anew. */
    void receiver(TypeParam[] names, TypeParam[] declared) {
        for (int i = 0; i < names.length && i < declared.length; i++) {
            canonical.put(names[i], declared[i]);
        }
    }

    /** Takes note of an instantiation that is written or inferred at {@code pos}. */
    void instance(int pos, TypeParam[] params, Type[] args) {
        // Only where all bodies are seen is there something to report.
        for (int i = 0; c.pkg.checkAllBodies && i < params.length && i < args.length; i++) {
            if (args[i] != null && params[i].obj.pkg == c.pkg) {
                parts(args[i], args[i], params[i], pos);
            }
        }
    }

    private void parts(Type t, Type whole, TypeParam to, int pos) {
        if (t == null) {
            return;
        }
        switch (t.kind()) {
            case ALIAS -> parts(Alias.strip(t), whole == t ? Alias.strip(t) : whole, to, pos);
            case TYPE_PARAM -> edge(vertex((TypeParam) t), vertex(to), t != whole, pos, whole);
            case NAMED -> {
                Named n = (Named) t;
                for (TypeParam p : n.origin.outerParams) {
                    edge(vertex(p), vertex(to), true, pos, whole);
                }
                all(n.typeArgs, whole, to, pos);
            }
            case POINTER -> parts(((Pointer) t).elem, whole, to, pos);
            case SLICE -> parts(((Slice) t).elem, whole, to, pos);
            case ARRAY -> parts(((Array) t).elem, whole, to, pos);
            case CHAN -> parts(((Chan) t).elem, whole, to, pos);
            case MAP -> {
                parts(((MapType) t).key, whole, to, pos);
                parts(((MapType) t).elem, whole, to, pos);
            }
            case STRUCT -> {
                for (Var f : ((Struct) t).fields) {
                    parts(f.type, whole, to, pos);
                }
            }
            case SIGNATURE -> {
                tuple(((Signature) t).params, whole, to, pos);
                tuple(((Signature) t).results, whole, to, pos);
            }
            case INTERFACE -> {
                for (Func m : ((Interface) t).methods) {
                    parts(m.type, whole, to, pos);
                }
                all(((Interface) t).embedded, whole, to, pos);
            }
            default -> { }
        }
    }

    private void tuple(Tuple vars, Type whole, TypeParam to, int pos) {
        for (Var v : vars.vars) {
            parts(v.type, whole, to, pos);
        }
    }

    private void all(Type[] types, Type whole, TypeParam to, int pos) {
        for (Type t : types) {
            parts(t, whole, to, pos);
        }
    }

    private Vertex vertex(TypeParam p) {
        TypeParam k = canonical.getOrDefault(p, p);
        Vertex v = vertices.get(k);
        if (v == null) {
            v = new Vertex(k.obj);
            vertices.put(k, v);
            order.add(v);
        }
        return v;
    }

    private static void edge(Vertex from, Vertex to, boolean growing, int pos, Type type) {
        from.edges.add(new Edge(to, growing, pos, type));
    }

    /** Reports each endless cycle once. */
    void report() {
        for (Vertex v : order) {
            if (v.index == 0) {
                connect(v);
            }
        }
        boolean[] reported = new boolean[components + 1];
        for (Vertex v : order) {
            for (Edge e : v.edges) {
                if (e.growing && v.component == e.to.component && !reported[v.component]) {
                    reported[v.component] = true;
                    error(e.to.name.pos, "instantiation cycle:\n\t" + c.program.sources.format(e.pos) + ": " + e.to.name.name + " instantiated as " + name(e.type));
                }
            }
        }
    }

    /** Strongly connected components, after Tarjan. */
    private void connect(Vertex v) {
        v.index = ++visited;
        v.low = v.index;
        stack.add(v);
        v.onStack = true;
        for (Edge e : v.edges) {
            if (e.to.index == 0) {
                connect(e.to);
                v.low = Math.min(v.low, e.to.low);
            } else if (e.to.onStack) {
                v.low = Math.min(v.low, e.to.index);
            }
        }
        if (v.low == v.index) {
            components++;
            Vertex w;
            do {
                w = stack.remove(stack.size() - 1);
                w.onStack = false;
                w.component = components;
            } while (w != v);
        }
    }
}
