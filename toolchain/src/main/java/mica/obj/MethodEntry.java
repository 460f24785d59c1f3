// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/**
 * One entry of a type descriptor's method table: 16 bytes (Name, Mtyp, Ifn, Tfn). The linker writes Ifn only if the method can be
 * called through an interface or reflection and Tfn only for reflection, else -1; Mtyp stays when its type is in the program
 * anyway, so that assertions to interface types still find the method. A record that nobody could find any more is left
 * out, and a descriptor whose type never becomes an interface's dynamic type has no table.
 */
public final class MethodEntry {
    /** Offset of the 16-byte record inside the descriptor; the table is the descriptor's last part. */
    public final int offset;
    /** What the record's Name field refers to. */
    public final Symbol nameRef;
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
    /** Written by the linker: the record stays in the table. */
    public boolean listed;

    public MethodEntry(int offset, Symbol nameRef, String key, String name, boolean exported, Symbol mtyp, Symbol ifn, Symbol tfn) {
        this.offset = offset;
        this.nameRef = nameRef;
        this.key = key;
        this.name = name;
        this.exported = exported;
        this.mtyp = mtyp;
        this.ifn = ifn;
        this.tfn = tfn;
    }
}
