// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.types.Alias;
import mica.types.Func;
import mica.types.Interface;
import mica.types.Selection;
import mica.types.MapType;
import mica.types.Type;
import mica.types.TypeSets;

/** Symbols of types, interface tables, strings and function values. Asking is cheap; contents are made when the linker reaches them. */
public final class TypeData {
    /** internal/abi.ITab: Inter, Type, Hash, Fun. */
    private static final int ITAB_HASH = 16;
    private static final int ITAB_FUN = 24;
    /** Texts longer than this are named by a hash of their contents. */
    private static final int LONG_TEXT = 256;

    final SymbolTable symbols;
    final FunctionSource functions;
    final TypeNames names;
    final Algorithms algorithms;

    public TypeData(SymbolTable symbols, FunctionSource functions) {
        this.symbols = symbols;
        this.functions = functions;
        this.names = new TypeNames(symbols);
        this.algorithms = new Algorithms(this);
    }

    // ---- types ----

    /**
     * The descriptor of a closed type. Code that puts it into an interface's first word, or hands it to reflection, must carry a
     * {@link RelocType#USE_IFACE} relocation to it (static data need not: the linker sees that).
     */
    public Symbol type(Type t) {
        Type u = Alias.strip(t);
        Symbol s = symbols.lookup("type:" + u.linkString());
        if (!s.isTaken()) {
            s.offer(x -> new TypeWriter(this, u, x).write(), u, 0);
        }
        return s;
    }

    /** The descriptor for the first word of an interface value in static data. */
    public Symbol ifaceType(Type t) {
        return type(t);
    }

    /** Equal for identical types: what a descriptor's Hash field holds. */
    public static int hash(Type t) {
        String s = Alias.strip(t).linkString();
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < s.length(); i++) {
            h = (h ^ s.charAt(i)) * 0x100000001b3L;
        }
        h = (h ^ h >>> 29) * 0xbf58476d1ce4e5b9L;
        return (int) (h ^ h >>> 32);
    }

    // ---- interfaces ----

    /** {@link Symbol#origin} of a method table. */
    private record Itab(Type type, Type want) {}

    /** The method that a method table has at an index, receiver as the table's callers give it; null if the symbol is no such table. */
    public Symbol itabMethod(Symbol itab, int index) {
        if (!(itab.origin instanceof Itab i)) {
            return null;
        }
        Func wanted = TypeSets.of((Interface) i.want.underlying()).methods[index];
        return functions.interfaceMethod(i.type, MethodTable.find(MethodTable.sorted(i.type), wanted));
    }

    /** The dynamic type that a method table is for; null if the symbol is no such table. */
    public Type itabType(Symbol itab) {
        return itab.origin instanceof Itab i ? i.type : null;
    }

    /** The interface type that a method table is for; null if the symbol is no such table. */
    public Type itabInterface(Symbol itab) {
        return itab.origin instanceof Itab i ? i.want : null;
    }

    /** The table for values of type {@code t} in interface type {@code want} (one with methods, which t has). */
    public Symbol itab(Type t, Type want) {
        Type u = Alias.strip(t);
        Type w = Alias.strip(want);
        Symbol s = symbols.lookup("go:itab." + u.linkString() + "," + w.linkString());
        if (!s.isTaken()) {
            s.offer(x -> defineItab(x, u, w), new Itab(u, w), 0);
        }
        return s;
    }

    private void defineItab(Symbol s, Type t, Type want) {
        Func[] methods = TypeSets.of((Interface) want.underlying()).methods;
        Symbol type = type(t);
        s.align = 8;
        s.putAddress(0, type(want), 0);
        s.putAddress(8, type, 0);
        s.put(ITAB_HASH, hash(t) & 0xffffffffL, 8);
        s.put(ITAB_FUN, 0, 8);
        Selection[] all = MethodTable.sorted(t);
        for (int i = 0; i < methods.length; i++) {
            Selection m = MethodTable.find(all, methods[i]);
            s.put(ITAB_FUN + 8 * i, 0, 8);
            s.addReloc(ITAB_FUN + 8 * i, RelocType.WEAK_ABS64, functions.interfaceMethod(t, m), 0);
        }
        s.addReloc(0, RelocType.USE_IFACE, type, 0);
        s.kind = SymKind.ITAB;
    }

    /** Names a method for {@link RelocType#USE_IFACE_METHOD}: calls through interfaces must carry one to this symbol. */
    public Symbol methodKey(Func m) {
        return symbols.lookup(key(m));
    }

    static String key(Func m) {
        String name = m.exported() || m.pkg == null ? m.name : m.pkg.linkPath + "." + m.name;
        return "method:" + name + m.signature().linkString();
    }

    /** Names a method for {@link RelocType#USE_NAMED_METHOD}. */
    public Symbol methodName(String name) {
        return symbols.lookup(name);
    }

    /** Whether both interface types have the same methods, so that a table for one serves the other. */
    public boolean sameMethods(Type a, Type b) {
        Func[] x = TypeSets.of((Interface) a.underlying()).methods;
        Func[] y = TypeSets.of((Interface) b.underlying()).methods;
        if (x.length != y.length) {
            return false;
        }
        for (int i = 0; i < x.length; i++) {
            if (!key(x[i]).equals(key(y[i]))) {
                return false;
            }
        }
        return true;
    }

    // ---- bytes ----

    /** Read-only bytes of a string constant; equal texts share a symbol. */
    public Symbol stringBytes(byte[] text) {
        String name = text.length > LONG_TEXT ? null : new String(text, StandardCharsets.UTF_8);
        // Bytes that are no UTF-8 would share replacement characters.
        if (name == null || !Arrays.equals(name.getBytes(StandardCharsets.UTF_8), text)) {
            name = text.length + "." + hex(text);
        }
        return define("go:string." + name, SymKind.STRING, text, 1);
    }

    /** Read-only bytes without addresses in them, such as a constant that an interface holds; equal contents share a symbol. */
    public Symbol constant(byte[] bytes, int align) {
        return define("go:const." + align + "." + hexBytes(bytes), SymKind.RODATA, bytes, align);
    }

    /** A pointer mask: one bit per word, LSB first; padded to words. */
    Symbol mask(long[] bits, int words) {
        byte[] b = new byte[(words + 63) / 64 * 8];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) (bits[i / 8] >>> 8 * (i % 8));
        }
        return define("runtime.gcbits." + hexBytes(b), SymKind.RODATA, b, 8);
    }

    /** A function value without captured variables: one word with the code's address. */
    public Symbol functionValue(Symbol text) {
        Symbol s = symbols.lookup(text.name + (text.abi == 0 ? "·f0" : "·f"));
        synchronized (s) {
            if (!s.isDefined()) {
                s.align = 8;
                s.mergeable = true;
                s.putAddress(0, text, 0);
                s.kind = SymKind.RODATA;
            }
        }
        return s;
    }

    /** A function value whose code finds {@code size} behind its code pointer (memequal_varlen, memhash_varlen). */
    Symbol sizedFunctionValue(Symbol text, long size) {
        Symbol s = symbols.lookup(text.name + "." + size + "·f");
        synchronized (s) {
            if (!s.isDefined()) {
                s.align = 8;
                s.mergeable = true;
                s.putAddress(0, text, 0);
                s.put(8, size, 8);
                s.kind = SymKind.RODATA;
            }
        }
        return s;
    }

    private Symbol define(String name, SymKind kind, byte[] bytes, int align) {
        Symbol s = symbols.lookup(name);
        if (!s.isDefined()) {
            synchronized (s) {
                if (!s.isDefined()) {
                    s.data = bytes;
                    s.size = bytes.length;
                    s.align = align;
                    s.mergeable = true;
                    s.kind = kind;
                }
            }
        }
        return s;
    }

    private static String hexBytes(byte[] b) {
        if (b.length > LONG_TEXT) {
            return b.length + "." + hex(b);
        }
        StringBuilder sb = new StringBuilder(b.length * 2);
        for (byte x : b) {
            sb.append(Character.forDigit(x >> 4 & 15, 16)).append(Character.forDigit(x & 15, 16));
        }
        return sb.toString();
    }

    /** 128 bits of hash; enough to name contents. */
    private static String hex(byte[] b) {
        long h = 0x243F6A8885A308D3L;
        long g = 0x13198A2E03707344L;
        for (byte x : b) {
            h = (h ^ x & 0xff) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 32;
            g = Long.rotateLeft(g + x, 23) * 0xC2B2AE3D27D4EB4FL ^ h;
        }
        return Long.toHexString(h) + "." + Long.toHexString(g);
    }

    /** The memory of a map that has at most eight elements, as package runtime fills it (makemapRoom). */
    public static Type smallMap(MapType map) {
        return MapWriter.smallMap(map);
    }
}
