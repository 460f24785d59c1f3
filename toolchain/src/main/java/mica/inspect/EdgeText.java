// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import mica.obj.LinkGraph;
import mica.obj.LinkGraph.Node;
import mica.obj.LinkGraph.NodeKind;
import mica.obj.LinkGraph.Reason;
import mica.obj.SymKind;

/** Edges of a link graph as sentences. */
final class EdgeText {
    private final LinkGraph graph;
    private final GraphNames names;
    private final Needs.Walk walk;

    /** @param walk tells for a fact who brought it about first */
    EdgeText(LinkGraph graph, GraphNames names, Needs.Walk walk) {
        this.graph = graph;
        this.names = names;
        this.walk = walk;
    }

    /** What a symbol's bytes are. */
    static String kind(Node n) {
        switch (n.symKind) {
            case TEXT:
                return "code";
            case RODATA:
                return "read-only data";
            case STRING:
                return "string";
            case TYPE:
                return "type descriptor";
            case NAME:
                return "name of a type, field or method";
            case ITAB:
                return "interface table";
            case FUNCDATA:
                return "function data";
            case BSS, NOPTRBSS:
                return "zeroed data";
            case ABS:
                return "absolute value";
            default:
                return "data";
        }
    }

    String edge(int e) {
        Node from = graph.nodes.get(graph.from[e]);
        Node to = graph.nodes.get(graph.to[e]);
        switch (to.kind) {
            case SYMBOL:
                return toSymbol(e, from, to);
            case IN_INTERFACE:
                return from.kind == NodeKind.SYMBOL ? name(graph.from[e]) + " puts a value of " + type(to.owner) + " into an interface"
                        : from.kind == NodeKind.OPEN ? "reflection gets from " + type(from.owner) + " to " + type(to.owner)
                                : "reflection gets from method " + from.name + " of " + type(from.owner) + " to " + type(to.owner);
            case OPEN:
                return type(to.owner) + " is in interfaces, so its methods can be asked for";
            case COMPLETE:
                return graph.when[e] >= 0 ? "reflection looks for types such as " + type(to.owner) + cause(graph.when[e])
                        : "somebody can look at all of " + type(to.owner);
            case MAP_KEY:
                return type(to.owner) + " is the key of a map";
            case LIST:
                return "somebody can look at the fields or parameters of " + type(to.owner);
            case METHOD:
                return "method " + to.name + " of " + type(to.owner) + " can be called" + cause(graph.when[e] >= 0 ? graph.when[e] : graph.from[e]);
            case REFLECTED_METHOD:
                return "reflection can call method " + to.name + " of " + type(to.owner) + cause(graph.when[e]);
            case METHOD_RECORD:
                return "method " + to.name + " of " + type(to.owner) + " can be found";
            case METHOD_KEY:
                return name(graph.from[e]) + " calls " + key(to.name) + " through an interface";
            case METHOD_NAME:
                return name(graph.from[e]) + " looks method " + to.name + " up by reflection";
            case ANY_METHOD:
                return name(graph.from[e]) + " gets at methods by reflection";
            case POINTER_TYPES:
                return name(graph.from[e]) + " makes pointer types by reflection";
            case FIND_TYPES:
                return name(graph.from[e]) + " looks for types by reflection";
            case INIT_STEP:
                return graph.from[e] == 0 ? "initialization of package " + pkg(to) : name(graph.from[e]) + " is initialized by package " + pkg(to);
            default:
                return "";
        }
    }

    private String toSymbol(int e, Node from, Node to) {
        String target = name(graph.to[e]);
        switch (from.kind) {
            case ROOT:
                return graph.reason[e] == Reason.START && to.symKind == SymKind.TEXT ? target + " is where the program starts" : "the linker makes " + target;
            case METHOD, REFLECTED_METHOD:
                return "method " + from.name + " of " + type(from.owner) + " is " + target + cause(graph.from[e]);
            case METHOD_RECORD, OPEN, COMPLETE, MAP_KEY:
                return "the descriptor of " + type(from.owner) + " refers to " + target;
            case INIT_STEP:
                return "initialization of package " + pkg(from) + " runs " + target;
            default:
                break;
        }
        if (from.symKind == SymKind.TYPE) {
            return "the descriptor of " + type(graph.from[e]) + " refers to " + target;
        }
        String verb = graph.reason[e] == Reason.CONVERT ? "puts into an interface" : graph.reason[e].verb;
        return name(graph.from[e]) + " " + verb + " " + target + linkname(to);
    }

    /** A symbol that another package defines than the one in its name. */
    private static String linkname(Node to) {
        String named = LinkGraph.packageOf(to.name);
        return named.isEmpty() || to.pkg.isEmpty() || to.pkg.equals(named) || named.equals("main") || to.symKind == SymKind.TYPE ? ""
                : " (by linkname: package " + to.pkg + " defines it)";
    }

    /** Who brought a fact about, as a clause. */
    private String cause(int fact) {
        if (fact < 0) {
            return "";
        }
        Node n = graph.nodes.get(fact);
        int e = walk.by[fact];
        if (e < 0) {
            return "";
        }
        switch (n.kind) {
            case METHOD_KEY, METHOD_NAME, ANY_METHOD, FIND_TYPES, POINTER_TYPES:
                return ": " + edge(e);
            case METHOD, REFLECTED_METHOD:
                return graph.when[e] >= 0 ? cause(graph.when[e]) : cause(graph.from[e]);
            default:
                return "";
        }
    }

    private String name(int node) {
        String s = names.name(node);
        return s.isEmpty() ? kind(graph.nodes.get(node)) : s;
    }

    private String type(int node) {
        String s = node < 0 || node >= graph.nodes.size() ? "?" : names.name(node);
        return s.startsWith("type:") ? s.substring(5) : s;
    }

    /** {@code method:Write func([]uint8) (int, error)} without its mark. */
    private static String key(String s) {
        return s.startsWith("method:") ? s.substring(7).replaceFirst("func\\(.*", "") : s;
    }

    private static String pkg(Node step) {
        int blank = step.name.lastIndexOf(' ');
        return blank < 0 ? step.name : step.name.substring(0, blank);
    }
}
