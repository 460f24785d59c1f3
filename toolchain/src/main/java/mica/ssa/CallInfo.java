// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import mica.obj.Symbol;

/** The aux of a call. */
public final class CallInfo {
    /** Callee of a direct call; null for the others. */
    public final Symbol callee;
    /** The callee's identity when known, for inlining and summaries; null for runtime services and indirect calls. */
    public final FuncRef ref;
    public final AbiSig sig;
    /** The call never returns. */
    public boolean noReturn;
    /** Interface calls: the method key whose use the linker must know (target of USE_IFACE_METHOD); null otherwise. */
    public Symbol methodKey;
    /** Interface calls, for devirtualization: the interface type and the method's name; null otherwise. */
    public Object ifaceType;
    public String methodName;
    /**
     * Services that make a string or slice: the room in the caller's frame that does for a small one, if it is not used after the caller
     * returns; null otherwise.
     */
    public Alloc room;
    /** The call as the source has it, for messages; null unless decisions are explained. */
    public String text;

    public CallInfo(Symbol callee, FuncRef ref, AbiSig sig) {
        this.callee = callee;
        this.ref = ref;
        this.sig = sig;
    }
}
