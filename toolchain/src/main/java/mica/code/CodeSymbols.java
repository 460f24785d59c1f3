// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import java.util.HexFormat;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/** Symbols that generated code refers to on its own: runtime functions, constants in memory, pointer maps. */
final class CodeSymbols {
    private final SymbolTable table;

    CodeSymbols(SymbolTable table) {
        this.table = table;
    }

    /** A function of the runtime with our calling convention. */
    Symbol function(String name) {
        return table.lookup(name, 1);
    }

    Symbol assembly(String name) {
        return table.lookup(name, 0);
    }

    Symbol data(String name) {
        return table.lookup(name, 0);
    }

    Symbol float64(long bits) {
        return constant("$f64." + hex(bits), 8, bits, 0);
    }

    Symbol float32(int bits) {
        return constant("$f32." + hex(bits & 0xffffffffL), 4, bits & 0xffffffffL, 0);
    }

    /** 16 bytes, for operands of SSE instructions. */
    Symbol wide(long low, long high) {
        return constant("$x128." + hex(low) + hex(high), 16, low, high);
    }

    private static String hex(long v) {
        return HexFormat.of().toHexDigits(v);
    }

    private Symbol constant(String name, int size, long low, long high) {
        Symbol s = table.lookup(name);
        if (!s.isDefined()) {
            synchronized (s) {
                if (!s.isDefined()) {
                    s.put(0, low, Math.min(size, 8));
                    if (size == 16) {
                        s.put(8, high, 8);
                    }
                    s.align = size;
                    s.dupOk = true;
                    s.mergeable = true;
                    s.kind = SymKind.RODATA;
                }
            }
        }
        return s;
    }

    /** Function metadata with these contents; equal contents share one symbol. */
    Symbol metadata(String prefix, byte[] bytes, int n) {
        Symbol s = table.lookup(prefix + fingerprint(bytes, n));
        if (!s.isDefined()) {
            synchronized (s) {
                if (!s.isDefined()) {
                    s.data = Arrays.copyOf(bytes, n);
                    s.size = n;
                    s.align = 4;
                    s.dupOk = true;
                    s.mergeable = true;
                    s.kind = SymKind.FUNCDATA;
                }
            }
        }
        return s;
    }

    private static String fingerprint(byte[] b, int n) {
        if (n <= 20) {
            return HexFormat.of().formatHex(b, 0, n);
        }
        try {
            java.security.MessageDigest d = java.security.MessageDigest.getInstance("SHA-256");
            d.update(b, 0, n);
            return HexFormat.of().formatHex(d.digest(), 0, 16);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new mica.base.Fault("code", "no SHA-256", e);
        }
    }
}
