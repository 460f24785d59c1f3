// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/**
 * One entry of a type descriptor's method table: 16 bytes at {@link #offset} (Name, Mtyp, Ifn, Tfn). The linker keeps Ifn
 * only if the method can be called through an interface or reflection, Tfn only for reflection, else it writes -1; Mtyp
 * stays when its type is in the program anyway, so that assertions to interface types still find the method. A
 * descriptor whose type never becomes an interface's dynamic type loses its method table (counts become 0).
 */
public final class MethodEntry {
    /** Offset of the 16-byte record inside the descriptor. */
    public final int offset;
    /** Method name and type as in {@link RelocType#USE_IFACE_METHOD}: "Name func(int) string", unexported names with package path. */
    public final String key;
    /** Plain name, for reflection by name. */
    public final String name;
    public final boolean exported;
    public final Symbol mtyp;
    public final Symbol ifn;
    public final Symbol tfn;
    /** Written by the linker: the method can be called. */
    public boolean kept;

    public MethodEntry(int offset, String key, String name, boolean exported, Symbol mtyp, Symbol ifn, Symbol tfn) {
        this.offset = offset;
        this.key = key;
        this.name = name;
        this.exported = exported;
        this.mtyp = mtyp;
        this.ifn = ifn;
        this.tfn = tfn;
    }
}
