// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import mica.base.Fault;
import mica.obj.Bytes;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/** Copies symbols into the image and patches the addresses in. */
final class Relocator {
    private static final int TRAP = 0xCC;

    private final byte[] image;
    private final Layout layout;
    private final Symbol unreachableMethod;
    private final boolean stubs;

    /**
     * @param unreachableMethod stands in method pointers of itabs that nobody calls; null = the start of text
     * @param stubs some references were cut ({@link LinkOptions#cutFrom}): what they led to may have no place
     */
    Relocator(byte[] image, Layout layout, Symbol unreachableMethod, boolean stubs) {
        this.image = image;
        this.layout = layout;
        this.unreachableMethod = unreachableMethod;
        this.stubs = stubs;
    }

    void write(Section section) {
        boolean code = section == layout.text;
        long written = 0;
        for (int i = 0; i < section.symbols.size(); i++) {
            Symbol s = section.symbols.get(i);
            int n = (int) s.size;
            int at = (int) (section.fileOffset + s.address - section.address);
            long end = s.address - section.address + n;
            if (end > section.size) {
                throw new Fault("link: " + section.name, s.name + " ends behind the section");
            }
            if (code) {
                java.util.Arrays.fill(image, (int) (section.fileOffset + written), at, (byte) TRAP);
            }
            if (s.data != null) {
                System.arraycopy(s.data, 0, image, at, Math.min(n, s.data.length));
            }
            patch(s, at);
            written = Math.max(written, end);
        }
        if (written != section.size && !section.symbols.isEmpty()) {
            throw new Fault("link: " + section.name, "reserved " + section.size + " bytes, written " + written);
        }
    }

    private void patch(Symbol s, int at) {
        for (int i = 0; i < s.relocCount; i++) {
            RelocType type = s.relocType[i];
            int offset = s.relocOffset[i];
            if (type.size == 0 || offset >= s.size) {
                continue;
            }
            if (offset + type.size > s.size) {
                throw new Fault("link: " + s.name, "relocation at " + offset + " crosses the end");
            }
            if (s.kind == SymKind.TYPE && !Reach.isReached(s.relocTarget[i])) {
                // A reference that nobody follows.
                continue;
            }
            apply(s, type, at + offset, s.address + offset, s.relocTarget[i], s.relocAddend[i]);
        }
        if (s.kind == SymKind.TYPE) {
            type(s, at);
        }
    }

    private void apply(Symbol s, RelocType type, int at, long place, Symbol target, long addend) {
        long value = target == null ? 0 : Fold.canonical(target).address + addend;
        if (stubs && target != null && target.address == 0) {
            value = unreachableMethod == null ? layout.text.address : unreachableMethod.address;
            if (type == RelocType.TYPEOFF || type == RelocType.NAMEOFF || type == RelocType.FUNCOFF) {
                return;
            }
        }
        switch (type) {
            case ABS64 -> Bytes.store64(image, at, target == null ? addend : value);
            case WEAK_ABS64 -> {
                if (Reach.isReached(target)) {
                    Bytes.store64(image, at, value);
                } else {
                    Bytes.store64(image, at, unreachableMethod == null ? layout.text.address : unreachableMethod.address);
                }
            }
            case ABS32 -> store32(s, at, value, value >>> 32 == 0);
            case ABS32S -> store32(s, at, value, value == (int) value);
            case PC32, CALL32 -> store32(s, at, value - place, value - place == (int) (value - place));
            case TYPEOFF, NAMEOFF -> store32(s, at, target == null ? 0 : value - layout.types.address, true);
            case WEAK_TYPEOFF, IFACE_TYPEOFF -> store32(s, at, Reach.isReached(target) ? value - layout.types.address : 0, true);
            case TEXTOFF -> store32(s, at, value - layout.text.address, true);
            case FUNCOFF -> store32(s, at, value - layout.funcs.address, true);
            default -> throw new Fault("link: " + s.name, "relocation " + type + " is of another CPU");
        }
    }

    private void store32(Symbol s, int at, long value, boolean fits) {
        if (!fits) {
            throw new Fault("link: " + s.name, "address does not fit in 32 bits");
        }
        Bytes.store32(image, at, (int) value);
    }

    /**
     * Leaves out of a descriptor what {@link TypeEdges} says, and writes its method table: what nobody can call is -1. The count of
     * exported methods stays true, as reflection may ask for it (and for the methods themselves only if all are listed).
     */
    private void type(Symbol s, int at) {
        if (layout.edges.dropsList(s)) {
            TypeBytes.clearList(s, image, at);
        }
        if (s.methods == null || s.methods.length == 0) {
            return;
        }
        int record = at + s.methods[0].offset;
        int n = 0;
        int exported = 0;
        for (MethodEntry m : s.methods) {
            exported += m.exported ? 1 : 0;
            if (m.listed) {
                methodRecord(m, record + 16 * n);
                n++;
            }
        }
        Bytes.store16(image, at + TypeBytes.uncommonOffset(s) + 4, n);
        Bytes.store16(image, at + TypeBytes.uncommonOffset(s) + 6, exported);
    }

    private void methodRecord(MethodEntry m, int at) {
        Bytes.store32(image, at, typeOffset(m.nameRef));
        Bytes.store32(image, at + 4, Reach.isReached(m.mtyp) ? typeOffset(m.mtyp) : -1);
        Bytes.store32(image, at + 8, m.kept ? textOffset(m.ifn) : -1);
        Bytes.store32(image, at + 12, m.kept && Reach.isReached(m.tfn) ? textOffset(m.tfn) : -1);
    }

    private int typeOffset(Symbol s) {
        return (int) (Fold.canonical(s).address - layout.types.address);
    }

    private int textOffset(Symbol f) {
        return (int) (Fold.canonical(f).address - layout.text.address);
    }
}
