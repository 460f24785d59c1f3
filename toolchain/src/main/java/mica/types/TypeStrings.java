// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** The three written forms of types: for messages, for link symbols, for reflection. */
public final class TypeStrings {
    private TypeStrings() {}

    /** Message form, packages qualified by name. */
    public static String message(Type t) {
        return message(t, Qualifier.NAME);
    }

    /** Message form: {@code struct{a int; b []p.T}}. */
    public static String message(Type t, Qualifier q) {
        StringBuilder sb = new StringBuilder();
        new MessageWriter(sb, q).type(t);
        return sb.toString();
    }

    /** A signature without the word func and without names of parameters: {@code (int) string}. */
    public static String signatureTail(Signature s, Qualifier q) {
        StringBuilder sb = new StringBuilder();
        MessageWriter w = new MessageWriter(sb, q);
        w.parameterNames = false;
        w.signature(s);
        return sb.toString();
    }

    /** An object as gc shows it in messages, such as {@code func f(x int)} or {@code var x int}. */
    public static String object(Obj o, Qualifier q) {
        StringBuilder sb = new StringBuilder();
        MessageWriter w = new MessageWriter(sb, q);
        String prefix = o.pkg == null ? "" : q.prefix(o.pkg);
        String name = prefix == null || prefix.isEmpty() ? o.name : prefix + "." + o.name;
        switch (o.kind()) {
            case PACKAGE_NAME -> sb.append("package ").append(o.name);
            case CONST -> w.typed(sb.append("const ").append(name).append(' '), o.type);
            case TYPE_NAME -> sb.append("type ").append(name);
            case VAR -> w.typed(sb.append(((Var) o).role == Var.Role.FIELD ? "field " : "var ").append(name).append(' '), o.type);
            case FUNC -> {
                Signature s = (Signature) o.type;
                sb.append("func ");
                if (s.recv != null) {
                    sb.append('(');
                    w.type(s.recv.type);
                    sb.append(").").append(o.name);
                } else {
                    sb.append(name);
                }
                w.signature(s);
            }
            case LABEL -> sb.append("label ").append(o.name);
            case BUILTIN -> sb.append("builtin ").append(o.name);
            case NIL -> sb.append("nil");
        }
        return sb.toString();
    }

    /** Unique form of a closed type with full package paths; identical types, and only they, have equal strings. */
    public static String link(Type t) {
        StringBuilder sb = new StringBuilder();
        new ExactWriter(sb, true).type(t);
        return sb.toString();
    }

    /** What reflect's String() returns: packages by name, type arguments with full paths. */
    public static String reflect(Type t) {
        StringBuilder sb = new StringBuilder();
        new ExactWriter(sb, false).type(t);
        return sb.toString();
    }

    /** Go's quoting of a string (strconv.Quote for text; tags are text). */
    static void quote(StringBuilder sb, String s) {
        sb.append('"');
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '"' -> sb.append("\\\"");
                case '\\' -> sb.append("\\\\");
                case 7 -> sb.append("\\a");
                case '\b' -> sb.append("\\b");
                case '\f' -> sb.append("\\f");
                case '\n' -> sb.append("\\n");
                case '\r' -> sb.append("\\r");
                case '\t' -> sb.append("\\t");
                case 11 -> sb.append("\\v");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        sb.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else if (c < 0x80 || printable(c)) {
                        sb.appendCodePoint(c);
                    } else {
                        String hex = Integer.toHexString(c);
                        sb.append(c > 0xffff ? "\\U" : "\\u").repeat('0', (c > 0xffff ? 8 : 4) - hex.length()).append(hex);
                    }
                }
            }
        }
        sb.append('"');
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Number of embedded-field chains aside, the name under which an embedded field of this type is known. */
    static String embeddedName(Type t) {
        if (t instanceof Pointer p) {
            t = p.elem;
        }
        return switch (t.kind()) {
            case NAMED -> ((Named) t).obj.name;
            case ALIAS -> ((Alias) t).obj.name;
            case BASIC -> t == Universe.UNSAFE_POINTER ? "Pointer" : ((Basic) t).name;
            case TYPE_PARAM -> ((TypeParam) t).obj.name;
            default -> "";
        };
    }
}
