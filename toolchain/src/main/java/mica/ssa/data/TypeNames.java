// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import java.nio.charset.StandardCharsets;
import mica.obj.Bytes;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.types.Pkg;

/** Names as descriptors refer to them: flags, length, bytes, optional tag, optional package path. */
final class TypeNames {
    private static final int EXPORTED = 1;
    private static final int HAS_TAG = 2;
    private static final int HAS_PKG = 4;
    private static final int EMBEDDED = 8;

    private final SymbolTable symbols;

    TypeNames(SymbolTable symbols) {
        this.symbols = symbols;
    }

    /** A type string or package path. */
    Symbol plain(String text, boolean exported) {
        return name(text, "", exported, false, null);
    }

    /** The path under which reflection knows a package. */
    Symbol pkgPath(Pkg p) {
        return plain(p.linkPath, false);
    }

    /** @param pkg package of an unexported name where it is not the one of the descriptor around it, else null */
    Symbol name(String text, String tag, boolean exported, boolean embedded, Pkg pkg) {
        int flags = (exported ? EXPORTED : 0) | (tag.isEmpty() ? 0 : HAS_TAG) | (pkg != null ? HAS_PKG : 0) | (embedded ? EMBEDDED : 0);
        String key = "type:.namedata." + text + "." + flags + (tag.isEmpty() ? "" : " " + tag)
                + (pkg == null ? "" : " " + pkg.linkPath);
        Symbol s = symbols.lookup(key);
        if (!s.isDefined()) {
            synchronized (s) {
                if (!s.isDefined()) {
                    encode(s, flags, text, tag, pkg);
                }
            }
        }
        return s;
    }

    private void encode(Symbol s, int flags, String text, String tag, Pkg pkg) {
        Bytes b = new Bytes(text.length() + tag.length() + 8);
        b.put8(flags);
        string(b, text);
        if (!tag.isEmpty()) {
            string(b, tag);
        }
        if (pkg != null) {
            s.addReloc(b.size(), RelocType.NAMEOFF, pkgPath(pkg), 0);
            b.put32(0);
        }
        s.data = b.toArray();
        s.size = b.size();
        s.kind = SymKind.NAME;
    }

    private static void string(Bytes b, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        b.putVarint(utf8.length);
        b.put(utf8);
    }
}
