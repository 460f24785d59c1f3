// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/**
 * What a BOUNDS_CHECK demands of its operands x and y, compared unsigned, and which runtime function reports a failure.
 * The U forms say that x came from an unsigned type, for the text of the panic.
 */
public enum BoundsKind {
    /** s[x], x < len y. */
    INDEX("runtime.panicIndex", true),
    INDEX_U("runtime.panicIndexU", true),
    /** s[?:x], x <= len y (strings, arrays). */
    SLICE_ALEN("runtime.panicSliceAlen", false),
    SLICE_ALEN_U("runtime.panicSliceAlenU", false),
    /** s[?:x], x <= cap y. */
    SLICE_ACAP("runtime.panicSliceAcap", false),
    SLICE_ACAP_U("runtime.panicSliceAcapU", false),
    /** s[x:y], x <= y. */
    SLICE_B("runtime.panicSliceB", false),
    SLICE_B_U("runtime.panicSliceBU", false),
    /** s[::x], x <= len y. */
    SLICE3_ALEN("runtime.panicSlice3Alen", false),
    SLICE3_ALEN_U("runtime.panicSlice3AlenU", false),
    SLICE3_ACAP("runtime.panicSlice3Acap", false),
    SLICE3_ACAP_U("runtime.panicSlice3AcapU", false),
    /** s[:x:y], x <= y. */
    SLICE3_B("runtime.panicSlice3B", false),
    SLICE3_B_U("runtime.panicSlice3BU", false),
    /** s[x:y:], x <= y. */
    SLICE3_C("runtime.panicSlice3C", false),
    SLICE3_C_U("runtime.panicSlice3CU", false),
    /** Slice to array conversion: array length x <= slice length y. */
    CONVERT("runtime.panicSliceConvert", false);

    /** Link name of func(x, y int), ABIInternal, that does not return. */
    public final String function;
    /** x < y is demanded rather than x <= y. */
    public final boolean strict;

    BoundsKind(String function, boolean strict) {
        this.function = function;
        this.strict = strict;
    }
}
