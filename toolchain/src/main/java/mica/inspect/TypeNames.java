// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import mica.obj.LinkGraph;

/** Finds the named type that a symbol is for in the symbol's name. */
final class TypeNames {
    private TypeNames() {}

    /**
     * {@code fmt.pp} for {@code fmt.(*pp).Write}, {@code fmt.pp.Flag}, {@code type:*fmt.pp}, {@code type:.eq.fmt.pp} and
     * {@code go:itab.*fmt.pp,fmt.State}; "" for what belongs to no named type.
     */
    static String typeOf(String name) {
        if (name.startsWith("go:itab.")) {
            int comma = outside(name, ',', 8);
            return named(name.substring(8, comma < 0 ? name.length() : comma));
        }
        if (name.startsWith("type:")) {
            String t = name.substring(5);
            return t.startsWith(".namedata.") ? "" : named(t.startsWith(".eq.") ? t.substring(4) : t.startsWith(".hash.") ? t.substring(6) : t);
        }
        String pkg = LinkGraph.packageOf(name);
        if (pkg.isEmpty() || name.length() <= pkg.length() + 1) {
            return "";
        }
        String rest = name.substring(pkg.length() + 1);
        if (rest.startsWith("(*")) {
            int close = outside(rest, ')', 2);
            return close < 0 ? "" : pkg + "." + rest.substring(2, close);
        }
        int dot = outside(rest, '.', 0);
        return dot <= 0 || !isIdentifier(rest, dot) || rest.startsWith("func", dot + 1) || rest.startsWith("init.") || rest.startsWith("glob.") ? ""
                : isMethod(rest.substring(dot + 1)) ? pkg + "." + rest.substring(0, dot) : "";
    }

    /** Closures, wrappers and numbered functions have dots in their names, too, but no method's name behind them. */
    private static boolean isMethod(String s) {
        return !s.isEmpty() && Character.isLetter(s.charAt(0)) && !s.startsWith("gowrap") && !s.startsWith("deferwrap");
    }

    private static boolean isIdentifier(String s, int end) {
        int bracket = s.indexOf('[');
        for (int i = 0; i < (bracket >= 0 && bracket < end ? bracket : end); i++) {
            if (!Character.isJavaIdentifierPart(s.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Index of a character that stands in no bracket; -1 = none. */
    private static int outside(String s, char c, int from) {
        int depth = 0;
        for (int i = from; i < s.length(); i++) {
            char x = s.charAt(i);
            if (x == c && depth == 0) {
                return i;
            }
            depth += x == '[' || x == '(' || x == '{' ? 1 : x == ']' || x == ')' || x == '}' ? -1 : 0;
        }
        return -1;
    }

    /** The name inside pointers and slices; "" if the type is made of several. */
    private static String named(String t) {
        int p = 0;
        while (p < t.length() && (t.charAt(p) == '*' || t.startsWith("[]", p))) {
            p += t.charAt(p) == '*' ? 1 : 2;
        }
        String n = t.substring(p);
        return n.isEmpty() || n.indexOf('.') < 0 || n.indexOf(' ') >= 0 && n.indexOf('[') < 0 || n.startsWith("map[") || n.startsWith("[")
                || n.startsWith("func(") || n.startsWith("struct") || n.startsWith("interface") || n.startsWith("chan") ? "" : n;
    }
}
