// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** What is said about a function in the words of its source, beside its values; made only when decisions are to be explained. */
public final class FuncNotes {
    /** A place in the source that asks for memory, or converts a value to an interface. */
    public static final class Site {
        /** The address of the memory; later a COPY of it, or an unused value; null: it needs none. */
        public final Value value;
        /** In gc's words: {@code &T{...}}, {@code make([]int, n)}, {@code func literal}; for a variable its name. */
        public final String text;
        /** A declared variable, of which only a move to the heap is worth a word. */
        public final boolean variable;
        public final int pos;
        /** The inlined call that brought it here; null = the function itself. */
        public final InlineSite inline;

        public Site(Value value, String text, boolean variable, int pos, InlineSite inline) {
            this.value = value;
            this.text = text;
            this.variable = variable;
            this.pos = pos;
            this.inline = inline;
        }
    }

    /**
     * A parameter, receiver first; its parts are the arguments {@code first} to {@code end}.
     *
     * @param types by part: the type word of an interface, which points to read-only data always
     */
    public record Param(String name, int pos, int first, int end, boolean memory, boolean pointers, boolean[] types) {}

    /**
     * The variables and values whose pointers the collector finds in the frame at a call, or in the arguments at the entry.
     *
     * @param what {@code call to f}, {@code indirect call} or {@code entry to f}
     */
    public record Live(int pos, InlineSite inline, String what, SortedSet<String> names) {}

    /** Filled by the code generator; null = nobody asks. */
    public List<Live> live;

    /** The name as messages have it: without the own package, {@code (*T).M}. */
    public final String name;
    public final List<Site> sites = new ArrayList<>();
    public final List<Param> params = new ArrayList<>();
    /** Names of results; {@code ~r0} for one without. */
    public final List<String> results = new ArrayList<>();
    /** First word of each result, and the end. */
    public int[] resultStart = new int[1];
    /** What values are in the source, by their ids: expressions, and variables, which say it better. */
    private final Map<Integer, String> expressions = new HashMap<>();
    private final Map<Integer, String> variables = new HashMap<>();

    public FuncNotes(String name) {
        this.name = name;
    }

    /** Notes what a value is in the source; the first name of a kind stays. */
    public void named(Value v, String text, boolean variable) {
        (variable ? variables : expressions).putIfAbsent(v.id, text);
    }

    /** Takes over the names of a body that was copied here. @param copies by the id of the original; null = none */
    public void named(FuncNotes body, Value[] copies) {
        body.expressions.forEach((id, text) -> named(id, text, copies, false));
        body.variables.forEach((id, text) -> named(id, text, copies, true));
    }

    private void named(int id, String text, Value[] copies, boolean variable) {
        if (id < copies.length && copies[id] != null) {
            named(copies[id], text, variable);
        }
    }

    /** What a value is in the source; null if nothing says it. */
    public String nameOf(int id) {
        return variables.getOrDefault(id, expressions.get(id));
    }

    /** The number of the result that a returned word belongs to. */
    public int resultOf(int word) {
        int r = 0;
        while (r + 1 < resultStart.length && resultStart[r + 1] <= word) {
            r++;
        }
        return r;
    }
}
