// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/**
 * Relocation types. The first group patches bytes and has a counterpart in the psABI; the second group only says
 * something to the linker (reachability) and patches nothing.
 */
public enum RelocType {
    /** S + A, 8 bytes (R_X86_64_64, R_AARCH64_ABS64). */
    ABS64(8),
    /** S + A, 4 bytes, unsigned range (R_X86_64_32). */
    ABS32(4),
    /** S + A, 4 bytes, signed range (R_X86_64_32S). */
    ABS32S(4),
    /** S + A - P, 4 bytes (R_X86_64_PC32); the addend already contains the distance to the instruction's end (usually -4). */
    PC32(4),
    /** The same at a call or jump to a function (R_X86_64_PLT32). */
    CALL32(4),
    /** The distance to the word of the global offset table that holds S, 4 bytes (R_X86_64_GOTPCREL). */
    GOTPCREL(4),
    /** The distance to the word that holds the place of the thread-local S from the thread's pointer, 4 bytes (R_X86_64_GOTTPOFF). */
    GOTTPOFF(4),
    /** S + A - start of types, 4 bytes; 0 for a null symbol. */
    TYPEOFF(4),
    /** S + A - start of text, 4 bytes; used by methods of type descriptors. */
    TEXTOFF(4),
    /** S + A - start of the executable's types, for names ({@code NameOff}). */
    NAMEOFF(4),
    /** S + A - go:func.*, 4 bytes. */
    FUNCOFF(4),
    /** Like {@link #TYPEOFF}, but does not make the target reachable: 0 where nothing else does. */
    WEAK_TYPEOFF(4),
    /**
     * Like {@link #TYPEOFF}, but reaches the target only if the descriptor it stands in can be an interface's dynamic type (it
     * leads to a type that only reflection makes of this one); 0 where nothing reaches it.
     */
    IFACE_TYPEOFF(4),
    /**
     * S + A, 8 bytes, without making the target reachable (method pointers of static itabs): the address of
     * {@code runtime.unreachableMethod} where nothing else reaches the target.
     */
    WEAK_ABS64(8),
    /** One method entry (Mtyp, Ifn, Tfn; three 4-byte fields at the offset): kept only when {@link Symbol#methods} says so. */
    METHOD(0),

    /** The target is needed (kept alive), nothing is patched. */
    KEEP(0),
    /** The type is converted to an interface or reflected upon, so its methods may be called (target: type descriptor). */
    USE_IFACE(0),
    /** An interface method is called; the target symbol's name is {@code method key} (see MethodKeys). */
    USE_IFACE_METHOD(0),
    /** A method is looked up by this constant name through reflection (target: symbol named by it). */
    USE_NAMED_METHOD(0),
    /** Reflection calls a method with a name that is not constant: every exported method stays. */
    USE_REFLECT_METHOD(0),

    // AArch64
    A64_CALL26(4),
    A64_JUMP26(4),
    A64_CONDBR19(4),
    A64_TSTBR14(4),
    A64_ADR_PREL_PG_HI21(4),
    A64_ADR_PREL_LO21(4),
    A64_ADD_ABS_LO12(4),
    A64_LDST8_ABS_LO12(4),
    A64_LDST16_ABS_LO12(4),
    A64_LDST32_ABS_LO12(4),
    A64_LDST64_ABS_LO12(4),
    A64_LDST128_ABS_LO12(4),
    /** The offset of a thread-local variable from the thread's pointer, bits 0 to 15, in a MOVZ. */
    A64_TLSLE_MOVW_TPREL_G0(4),
    /** Page and place in it of the word of the global offset table that holds S, in an ADRP and the load of 8 bytes behind it. */
    A64_ADR_GOT_PAGE(4),
    A64_LD64_GOT_LO12(4),
    /** The same of the word that holds the offset of a thread-local variable from the thread's pointer. */
    A64_TLSIE_ADR_GOTTPREL_PAGE21(4),
    A64_TLSIE_LD64_GOTTPREL_LO12(4);

    /** Bytes patched; 0 for a mark. */
    public final int size;

    RelocType(int size) {
        this.size = size;
    }
}
