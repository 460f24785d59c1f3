// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.data;

import mica.base.Fault;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.types.Alias;
import mica.types.Array;
import mica.types.Basic;
import mica.types.Chan;
import mica.types.Func;
import mica.types.Interface;
import mica.types.MapType;
import mica.types.Named;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Selection;
import mica.types.Signature;
import mica.types.Sizes;
import mica.types.Slice;
import mica.types.Struct;
import mica.types.Tuple;
import mica.types.Type;
import mica.types.TypeSets;
import mica.types.TypeStrings;
import mica.types.Universe;
import mica.types.Var;

/**
 * Writes one type descriptor:
 * <pre>
 *   abi.Type, 48 bytes | rest of the kind's struct | UncommonType | parameters, methods of an interface or fields | methods
 * </pre>
 */
final class TypeWriter {
    private static final int TYPE_SIZE = 48;
    private static final int UNCOMMON_SIZE = 16;
    private static final int METHOD_SIZE = 16;

    private static final int TFLAG_UNCOMMON = 1;
    private static final int TFLAG_EXTRA_STAR = 2;
    private static final int TFLAG_NAMED = 4;
    private static final int TFLAG_REGULAR_MEMORY = 8;
    private static final int TFLAG_MASK_ON_DEMAND = 16;
    private static final int TFLAG_DIRECT_IFACE = 32;

    /** Types with pointers beyond this offset get their mask at run time. */
    private static final long MAX_MASK_BYTES = 1024;

    private final TypeData data;
    private final Type t;
    private final Type u;
    private final Symbol s;

    TypeWriter(TypeData data, Type t, Symbol s) {
        this.data = data;
        this.t = t;
        this.u = t.underlying();
        this.s = s;
    }

    void write() {
        Selection[] methods = u instanceof Interface ? new Selection[0] : MethodTable.sorted(t);
        Pkg pkg = owner();
        boolean uncommon = methods.length > 0 || pkg != null && (t instanceof Named || t instanceof Basic);
        s.align = 8;
        s.pkg = pkg == null ? "" : pkg.linkPath;
        common(uncommon, methods.length > 0);
        int fixed = kindSpecific();
        int at = fixed + (uncommon ? UNCOMMON_SIZE : 0);
        if (uncommon) {
            s.put(fixed, 0, UNCOMMON_SIZE / 2);
            s.put(fixed + 8, 0, UNCOMMON_SIZE / 2);
        }
        at = variablePart(at);
        if (uncommon) {
            uncommon(fixed, at, methods, pkg);
        }
        s.kind = SymKind.TYPE;
    }

    /**
     * A struct that only allocator and collector look at: one string for all, no equality; fields only if the mask is made from
     * them. It claims to have a name, so that reflection does not find it by its string.
     */
    void writeOpaque() {
        s.align = 8;
        long ptrBytes = Sizes.ptrdata(t);
        boolean onDemand = ptrBytes > MAX_MASK_BYTES;
        sizes(ptrBytes, TFLAG_NAMED | (onDemand ? TFLAG_MASK_ON_DEMAND : 0));
        address(24, null);
        mask(ptrBytes, onDemand);
        s.put(40, 0, 8);
        s.addReloc(40, RelocType.NAMEOFF, data.names.plain("map.group", false), 0);
        int at = kindSpecific();
        if (onDemand) {
            fields((Struct) u, at);
        }
        s.kind = SymKind.TYPE;
    }

    /** Package of the named type, or of what a pointer points to; null for others and predeclared types. */
    private Pkg owner() {
        Type b = t instanceof Pointer p ? Alias.strip(p.elem) : t;
        return b instanceof Named n ? n.obj.pkg : b == Universe.UNSAFE_POINTER ? Universe.UNSAFE : null;
    }

    // ---- abi.Type ----

    private void common(boolean uncommon, boolean hasMethods) {
        long ptrBytes = Sizes.ptrdata(t);
        boolean onDemand = ptrBytes > MAX_MASK_BYTES;
        boolean named = t instanceof Named || t instanceof Basic;
        String text = TypeStrings.reflect(t);
        // A named type is shown as its pointer type is, less the star: both share one string.
        boolean extraStar = t instanceof Named;
        int flags = (uncommon ? TFLAG_UNCOMMON : 0)
                | (extraStar ? TFLAG_EXTRA_STAR : 0)
                | (named ? TFLAG_NAMED : 0)
                | (Algorithms.isMemory(t) ? TFLAG_REGULAR_MEMORY : 0)
                | (onDemand ? TFLAG_MASK_ON_DEMAND : 0)
                | (Algorithms.isDirect(t) ? TFLAG_DIRECT_IFACE : 0);
        sizes(ptrBytes, flags);
        address(24, data.algorithms.equal(t));
        mask(ptrBytes, onDemand);
        s.put(40, 0, 8);
        s.addReloc(40, RelocType.NAMEOFF, data.names.plain(extraStar ? "*" + text : text, exported()), 0);
        // a struct without a name may have methods through its pointer only
        if (t instanceof Named || t instanceof Basic || hasMethods || t instanceof Struct) {
            pointerToThis();
        }
    }

    private void sizes(long ptrBytes, int flags) {
        int align = Sizes.alignof(t);
        s.put(0, Sizes.sizeof(t), 8);
        s.put(8, ptrBytes, 8);
        s.put(16, TypeData.hash(t) & 0xffffffffL, 4);
        s.put(20, flags, 1);
        s.put(21, align, 1);
        s.put(22, align, 1);
        s.put(23, kind(), 1);
    }

    private void mask(long ptrBytes, boolean onDemand) {
        address(32, ptrBytes == 0 ? null : onDemand ? maskSlot() : data.mask(Sizes.pointerMask(t), (int) (ptrBytes / 8)));
    }

    /** Reflection can make a pointer to a value, and that pointer's type may have more methods. */
    private void pointerToThis() {
        if (t instanceof Pointer) {
            return;
        }
        Type p = new Pointer(t);
        boolean methods = !(u instanceof Interface) && MethodTable.sorted(p).length > 0;
        s.addReloc(44, methods ? RelocType.IFACE_TYPEOFF : RelocType.WEAK_TYPEOFF, data.type(p), 0);
    }

    private boolean exported() {
        Type b = t instanceof Pointer p ? Alias.strip(p.elem) : t;
        return b instanceof Named n && n.obj.exported();
    }

    private void address(int at, Symbol target) {
        if (target == null) {
            s.put(at, 0, 8);
        } else {
            s.putAddress(at, target, 0);
        }
    }

    /** A word that the runtime fills with the address of the mask when it needs it. */
    private Symbol maskSlot() {
        Symbol slot = data.symbols.lookup("runtime.gcmask." + t.linkString());
        synchronized (slot) {
            slot.size = 8;
            slot.align = 8;
            slot.kind = SymKind.NOPTRBSS;
        }
        return slot;
    }

    private int kind() {
        switch (u.kind()) {
            case ARRAY:
                return 17;
            case CHAN:
                return 18;
            case SIGNATURE:
                return 19;
            case INTERFACE:
                return 20;
            case MAP:
                return 21;
            case POINTER:
                return 22;
            case SLICE:
                return 23;
            case STRUCT:
                return 25;
            case BASIC:
                return basicKind((Basic) u);
            default:
                throw new Fault("type descriptor", "of " + t);
        }
    }

    private static int basicKind(Basic b) {
        switch (b.id) {
            case STRING:
                return 24;
            case UNSAFE_POINTER:
                return 26;
            default:
                if (b.id.compareTo(Basic.Id.BOOL) < 0 || b.id.compareTo(Basic.Id.COMPLEX128) > 0) {
                    throw new Fault("type descriptor", "of " + b);
                }
                // bool is 1, and the others follow in the order of the enum.
                return b.id.ordinal() - Basic.Id.BOOL.ordinal() + 1;
        }
    }

    // ---- the rest of the kind's struct ----

    /** Returns its end. */
    private int kindSpecific() {
        int at = TYPE_SIZE;
        switch (u.kind()) {
            case ARRAY:
                Array a = (Array) u;
                s.putAddress(at, data.type(a.elem), 0);
                s.putAddress(at + 8, data.type(new Slice(a.elem)), 0);
                s.put(at + 16, a.length, 8);
                return at + 24;
            case CHAN:
                s.putAddress(at, data.type(((Chan) u).elem), 0);
                s.put(at + 8, ((Chan) u).dir, 8);
                return at + 16;
            case POINTER:
                s.putAddress(at, data.type(((Pointer) u).elem), 0);
                return at + 8;
            case SLICE:
                s.putAddress(at, data.type(((Slice) u).elem), 0);
                return at + 8;
            case SIGNATURE:
                Signature f = (Signature) u;
                s.put(at, count(f.params), 2);
                s.put(at + 2, count(f.results) | (f.variadic ? 0x8000 : 0), 2);
                s.put(at + 4, 0, 4);
                return at + 8;
            case INTERFACE, STRUCT:
                s.put(at, 0, 8);
                s.put(at + 8, 0, 8);
                s.put(at + 16, 0, 8);
                s.put(at + 24, 0, 8);
                return at + 32;
            case MAP:
                return new MapWriter(data, (MapType) u, s).write(at);
            default:
                return at;
        }
    }

    private static int count(Tuple x) {
        return x == null ? 0 : x.size();
    }

    /** Parameters, interface methods or fields, from {@code at} on; returns the end. */
    private int variablePart(int at) {
        switch (u.kind()) {
            case SIGNATURE:
                Signature f = (Signature) u;
                return types(f.results, types(f.params, at));
            case INTERFACE:
                return interfaceMethods(at);
            case STRUCT:
                return fields((Struct) u, at);
            default:
                return at;
        }
    }

    private int types(Tuple x, int at) {
        for (int i = 0; i < count(x); i++) {
            s.putAddress(at, data.type(x.vars[i].type), 0);
            at += 8;
        }
        return at;
    }

    private int interfaceMethods(int at) {
        Func[] methods = TypeSets.of((Interface) u).methods;
        Pkg pkg = t instanceof Named n ? n.obj.pkg : null;
        if (pkg != null) {
            s.putAddress(TYPE_SIZE, data.names.pkgPath(pkg), 0);
        }
        slice(TYPE_SIZE + 8, at, methods.length);
        for (Func m : methods) {
            s.put(at, 0, 8);
            s.addReloc(at, RelocType.NAMEOFF, data.names.name(m.name, "", m.exported(), false, foreign(m.exported(), m.pkg, pkg)), 0);
            s.addReloc(at + 4, RelocType.TYPEOFF, data.type(m.type), 0);
            at += 8;
        }
        return at;
    }

    private int fields(Struct x, int at) {
        Pkg pkg = null;
        for (Var f : x.fields) {
            if (!f.exported()) {
                pkg = f.pkg;
                break;
            }
        }
        if (pkg != null) {
            s.putAddress(TYPE_SIZE, data.names.pkgPath(pkg), 0);
        }
        slice(TYPE_SIZE + 8, at, x.fields.length);
        for (int i = 0; i < x.fields.length; i++) {
            Var f = x.fields[i];
            Symbol name = data.names.name(f.name, x.tag(i), f.exported(), f.embedded, foreign(f.exported(), f.pkg, pkg));
            s.putAddress(at, name, 0);
            s.putAddress(at + 8, data.type(f.type), 0);
            s.put(at + 16, Sizes.offset(x, i), 8);
            at += 24;
        }
        return at;
    }

    /** A slice header that refers to the descriptor's own bytes. */
    private void slice(int header, int at, int n) {
        s.putAddress(header, s, at);
        s.put(header + 8, n, 8);
        s.put(header + 16, n, 8);
    }

    /** The package that an unexported name must carry itself: where it is not the one around it. */
    private static Pkg foreign(boolean exported, Pkg pkg, Pkg around) {
        return exported || pkg == null || around != null && pkg.path.equals(around.path) ? null : pkg;
    }

    // ---- UncommonType and methods ----

    private void uncommon(int at, int methodsAt, Selection[] methods, Pkg pkg) {
        int exported = 0;
        while (exported < methods.length && methods[exported].obj.exported()) {
            exported++;
        }
        if (pkg != null) {
            s.addReloc(at, RelocType.NAMEOFF, data.names.pkgPath(pkg), 0);
        }
        s.put(at + 4, methods.length, 2);
        s.put(at + 6, exported, 2);
        s.put(at + 8, methodsAt - at, 4);
        MethodEntry[] entries = new MethodEntry[methods.length];
        for (int i = 0; i < methods.length; i++) {
            Func m = (Func) methods[i].obj;
            int offset = methodsAt + i * METHOD_SIZE;
            s.put(offset, 0, 8);
            s.put(offset + 8, 0, 8);
            Symbol name = data.names.name(m.name, "", m.exported(), false, foreign(m.exported(), m.pkg, pkg));
            entries[i] = new MethodEntry(offset, name, TypeData.key(m), m.name, m.exported(), data.type(m.type),
                    data.functions.interfaceMethod(t, methods[i]), data.functions.method(t, methods[i]));
        }
        s.methods = entries;
    }
}
