// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Facts about identifiers. */
public final class Names {
    private Names() {}

    /** Begins with an upper-case letter (Unicode class Lu). */
    public static boolean isExported(String name) {
        if (name.isEmpty()) {
            return false;
        }
        char c = name.charAt(0);
        if (c < 0x80) {
            return c >= 'A' && c <= 'Z';
        }
        return Character.getType(name.codePointAt(0)) == Character.UPPERCASE_LETTER;
    }

    /** Two field or method names denote the same thing: equal, and of one package unless exported. */
    public static boolean same(String a, Pkg pa, String b, Pkg pb) {
        return a.equals(b) && (isExported(a) || samePackage(pa, pb));
    }

    /** The same package by identity or path (null is the universe). */
    public static boolean samePackage(Pkg a, Pkg b) {
        return a == b || a != null && b != null && a.path.equals(b.path);
    }

    /** Order of Go strings: by the bytes of their UTF-8 form, which is the order of code points. */
    public static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean sx = Character.isSurrogate(x);
                boolean sy = Character.isSurrogate(y);
                return sx == sy ? x - y : sx ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}
