// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.base.Fault;
import mica.base.JsonWriter;
import mica.base.SourceFile;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.ExprPrinter;
import mica.syntax.File;
import mica.syntax.Node;
import mica.syntax.Stmt;
import mica.types.Type;
import mica.types.TypeStrings;
import mica.types.Universe;

/**
 * The syntax tree of a file as the compiler has it, with the types and constants that the checker wrote into it. A node is
 * {@code {"kind","role","text","type","value","line","col","endLine","children"}}: role is the field of the parent that holds it; line and col are
 * where messages and SSA values point, endLine where a block ends. Members without contents are left out.
 */
final class TreeView {
    private static final int LONGEST = 120;

    private final SourceFile source;
    private final JsonWriter j;
    private final Map<Class<?>, List<Field>> fields = new IdentityHashMap<>();
    /** Fields that share one type expression ({@code a, b int}) show it once. */
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private TreeView(SourceFile source, JsonWriter j) {
        this.source = source;
        this.j = j;
    }

    /** Writes the file's tree as one value. */
    static void write(File f, JsonWriter j) {
        new TreeView(f.source, j).node(f, "");
    }

    private void node(Node n, String role) {
        j.beginObject().field("kind", n.getClass().getSimpleName());
        if (!role.isEmpty()) {
            j.field("role", role);
        }
        String text = text(n);
        if (!text.isEmpty()) {
            j.field("text", text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
        }
        if (n instanceof Expr e) {
            checked(e);
        }
        if (n.pos >= source.base && n.pos <= source.base + source.text.length) {
            j.field("line", source.physicalLine(n.pos)).field("col", source.physicalColumn(n.pos));
        }
        if (n instanceof Stmt.Block k && k.rbrace >= k.pos) {
            j.field("endLine", source.physicalLine(k.rbrace));
        }
        boolean any = false;
        for (Field f : fields.computeIfAbsent(n.getClass(), TreeView::children)) {
            for (Node c : nodes(n, f)) {
                if (seen.add(c)) {
                    if (!any) {
                        j.name("children").beginArray();
                        any = true;
                    }
                    node(c, f.getName());
                }
            }
        }
        if (any) {
            j.endArray();
        }
        j.endObject();
    }

    private void checked(Expr e) {
        if (e.type instanceof Type t && t != Universe.INVALID) {
            j.field("type", TypeStrings.message(t));
        }
        if (e.constant != null) {
            j.field("value", e.constant.toString());
        }
    }

    private static String text(Node n) {
        return switch (n) {
            case Expr.FuncLit f -> "";
            case Expr e -> ExprPrinter.print(e);
            case Stmt.ExprStmt s -> ExprPrinter.print(s);
            case Stmt.Assign s -> ExprPrinter.print(s);
            case Stmt.Send s -> ExprPrinter.print(s);
            case Stmt.IncDec s -> ExprPrinter.print(s);
            case Stmt.Branch s -> s.jump.text;
            case Decl.Func f -> f.name.name;
            case Decl.Type t -> t.name.name;
            case Decl.Import i -> i.path;
            case mica.syntax.Field f -> f.name == null ? "" : f.name.name;
            case File f -> f.packageName.name;
            default -> "";
        };
    }

    /** Public fields that hold nodes, in the order of their declaration; links to other places of the tree are none. */
    private static List<Field> children(Class<?> c) {
        List<Field> out = new ArrayList<>();
        for (Field f : c.getDeclaredFields()) {
            Class<?> t = f.getType().isArray() ? f.getType().getComponentType() : f.getType();
            boolean tree = Modifier.isFinal(f.getModifiers()) && !Modifier.isStatic(f.getModifiers()) && Node.class.isAssignableFrom(t);
            // A file's imports are among its declarations; an inherited constant stands elsewhere.
            if (tree && !f.getName().equals("imports") && !f.getName().equals("inherited")) {
                out.add(f);
            }
        }
        return out;
    }

    private static List<Node> nodes(Node n, Field f) {
        List<Node> out = new ArrayList<>();
        try {
            Object o = f.get(n);
            if (o instanceof Node c) {
                out.add(c);
            } else if (o != null) {
                for (int i = 0; i < Array.getLength(o); i++) {
                    out.add((Node) Array.get(o, i));
                }
            }
        } catch (IllegalAccessException e) {
            throw new Fault("explore", "field " + f + ": " + e.getMessage());
        }
        out.removeIf(c -> c == null);
        return out;
    }
}
