// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.ArrayList;
import java.util.List;

/**
 * Why symbols are in an executable, as a graph: nodes are symbols and facts about them, an edge says that what it starts from makes
 * what it leads to needed. The linker makes it from the relocations and from its rules for types, methods and initializers; it holds what
 * is in the program and nothing else.
 *
 * <p>A fact is, for example, that a type can be an interface's dynamic type, or that a method of some name and signature is called
 * through an interface. An edge may have a second condition ({@link #when}): a method is needed once its type is such a type
 * <em>and</em> its name is called. So what would go if something went is found by following the edges again without it.
 */
public final class LinkGraph {
    /** What a node stands for; the order is that of the numbers in the file. */
    public enum NodeKind {
        /** Where execution starts and what the linker itself needs; node 0. */
        ROOT,
        SYMBOL,
        /** The owner, a type, can be the dynamic type of an interface value. */
        IN_INTERFACE,
        /** The owner is such a type, and its descriptor is in the program: its methods may be asked for. */
        OPEN,
        /** Somebody can look at all of the owner's descriptor. */
        COMPLETE,
        /** Maps compare keys of the owner. */
        MAP_KEY,
        /** Fields or parameters in the owner's descriptor. */
        LIST,
        /** A method of the owner can be called; the name is the method's. */
        METHOD,
        /** The method can be called by reflection. */
        REFLECTED_METHOD,
        /** The owner's method table lists the method. */
        METHOD_RECORD,
        /** A method of this key (name and signature) is called through an interface. */
        METHOD_KEY,
        /** A method of this name is looked up by reflection. */
        METHOD_NAME,
        /** Reflection calls methods by names that are not constant. */
        ANY_METHOD,
        /** Reflection makes pointer types. */
        POINTER_TYPES,
        /** Reflection looks for types by their strings. */
        FIND_TYPES,
        /** A package's initialization runs a function; the owner is the package's list of them, the name its path and the number in it. */
        INIT_STEP
    }

    /** What an edge is; the order is that of the numbers in the file. */
    public enum Reason {
        START("the program starts here"),
        CALL("calls"),
        ADDRESS("takes the address of"),
        USE("uses"),
        DATA("points to"),
        TYPE("describes"),
        TABLE("lists"),
        CONVERT("converts to an interface"),
        INTERFACE_CALL("calls through an interface"),
        NAMED_METHOD("looks up by name"),
        REFLECT("reflects"),
        METHOD("is its method"),
        INIT("initializes"),
        FUNCTION_DATA("is described by"),
        PART("is part of"),
        KEEP("keeps");

        /** The edge as a verb, from the referrer's side. */
        public final String verb;

        Reason(String verb) {
            this.verb = verb;
        }
    }

    /** One node. */
    public static final class Node {
        public final NodeKind kind;
        /** Symbols: the link name; facts: a method's key or name; "" = none. */
        public String name;
        /** The node that the fact is about; -1 = none. */
        public final int owner;
        /** Symbols only, from here on. */
        public SymKind symKind = SymKind.UNDEFINED;
        public int abi;
        public long address;
        /** Bytes in memory; facts: those of their owner that are there because of them. */
        public long size;
        /** Import path of the package that defines it, "" = none. */
        public String pkg = "";
        /** Other names of symbols of equal contents that this one stands for. */
        public final List<String> aliases = new ArrayList<>(0);

        public Node(NodeKind kind, String name, int owner) {
            this.kind = kind;
            this.name = name;
            this.owner = owner;
        }
    }

    public final List<Node> nodes = new ArrayList<>();
    public int edgeCount;
    public int[] from = new int[1024];
    public int[] to = new int[1024];
    /** The second condition, a node; -1 = none. */
    public int[] when = new int[1024];
    public Reason[] reason = new Reason[1024];

    public int add(Node n) {
        nodes.add(n);
        return nodes.size() - 1;
    }

    public void edge(int a, int b, int second, Reason r) {
        if (edgeCount == from.length) {
            int cap = edgeCount * 2;
            from = java.util.Arrays.copyOf(from, cap);
            to = java.util.Arrays.copyOf(to, cap);
            when = java.util.Arrays.copyOf(when, cap);
            reason = java.util.Arrays.copyOf(reason, cap);
        }
        from[edgeCount] = a;
        to[edgeCount] = b;
        when[edgeCount] = second;
        reason[edgeCount++] = r;
    }

    /** Import path at the start of a link name; "" for the compiler's and linker's own symbols. */
    public static String packageOf(String name) {
        if (name.startsWith("type:") || name.startsWith("go:") || name.startsWith("_") || name.startsWith("$")) {
            return "";
        }
        int bracket = name.indexOf('[');
        String plain = bracket < 0 ? name : name.substring(0, bracket);
        int dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
        return dot < 0 ? "" : plain.substring(0, dot);
    }
}
