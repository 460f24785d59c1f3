// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

/**
 * Operations of the machine-independent SSA. Operands and results are machine scalars ({@link MType}). Unless said otherwise all
 * operands have the result's type. Integer types carry no sign; operations do. "aux" is {@link Value#aux}, "n" is {@link Value#auxInt}.
 */
public enum Op {
    // Constants and addresses.
    /** n = the value (sign-extended for narrow types); PTR 0 = nil; F32 and F64: n = raw IEEE bits (F32 in the low 32). */
    CONST(Op.PURE),
    /** Address of aux ({@link mica.obj.Symbol}) + n. */
    ADDR(Op.PURE),
    /** Address of aux ({@link Slot}) + n. */
    LOCAL_ADDR(Op.PURE),
    /** Incoming scalar argument n, as in {@link AbiSig#args}; only in the entry block. */
    ARG(Op.PURE),
    /** Address of the incoming memory argument n (see {@link AbiSig.Loc#byvalSize}); only in the entry block. */
    ARG_ADDR(Op.PURE),
    /** The closure context (PTR); only in the entry block. */
    CLOSURE_CONTEXT(Op.PURE),
    /** Current g, as PTR. */
    GETG(Op.PURE),
    CALLER_PC(Op.PURE),
    CALLER_SP(Op.PURE),

    PHI(Op.PURE),
    COPY(Op.PURE),

    // Integers (I8..I64). Results wrap.
    ADD(Op.PURE | Op.COMMUTES),
    SUB(Op.PURE),
    MUL(Op.PURE | Op.COMMUTES),
    /** Signed division; the divisor is not 0 (a DIV_CHECK stands before); MIN / -1 = MIN. */
    DIV(Op.PURE),
    UDIV(Op.PURE),
    /** Signed remainder; MIN % -1 = 0. */
    REM(Op.PURE),
    UREM(Op.PURE),
    AND(Op.PURE | Op.COMMUTES),
    OR(Op.PURE | Op.COMMUTES),
    XOR(Op.PURE | Op.COMMUTES),
    NEG(Op.PURE),
    /** Bitwise complement. */
    NOT(Op.PURE),
    /** Shifts: operand 1 may have any integer type and counts unsigned. Counts of the width or more give 0 (SAR: the sign), unless n = 1: then the count is known to be below the width. */
    SHL(Op.PURE),
    SHR(Op.PURE),
    SAR(Op.PURE),
    /** Rotation left by operand 1 modulo the width. */
    ROTL(Op.PURE),
    /** High half of the 128-bit product (I64) or of the 64-bit product (I32). */
    MUL_HI(Op.PURE | Op.COMMUTES),
    UMUL_HI(Op.PURE | Op.COMMUTES),
    /** (hi, lo) of the unsigned 64x64 product; TUPLE. */
    UMUL_WIDE(Op.PURE | Op.COMMUTES),
    /** (quotient, remainder) of (hi:lo) / y, unsigned; the caller checked y > hi; TUPLE. Operands hi, lo, y. */
    UDIV_WIDE(Op.PURE),
    /** (sum, carry out) of x + y + carry in (0 or 1); TUPLE of I64. */
    ADD_CARRY(Op.PURE),
    /** (difference, borrow out) of x - y - borrow in; TUPLE of I64. */
    SUB_BORROW(Op.PURE),
    BSWAP(Op.PURE),
    /** Trailing zeros; the width for 0. */
    CTZ(Op.PURE),
    /** Bits needed to represent the operand; 0 for 0. */
    BITLEN(Op.PURE),
    POPCNT(Op.PURE),

    // Comparisons: I8 result; operands of equal integer or PTR type.
    EQ(Op.PURE | Op.COMMUTES),
    NE(Op.PURE | Op.COMMUTES),
    LT(Op.PURE),
    LE(Op.PURE),
    ULT(Op.PURE),
    ULE(Op.PURE),
    // Float comparisons; false with NaN, except FNE.
    FEQ(Op.PURE | Op.COMMUTES),
    FNE(Op.PURE | Op.COMMUTES),
    FLT(Op.PURE),
    FLE(Op.PURE),
    /** Logical negation of an I8 boolean. */
    BOOL_NOT(Op.PURE),
    /** Operand 0 (I8) ? operand 1 : operand 2; both are evaluated. */
    SELECT(Op.PURE),

    // Conversions; the result type is the target.
    TRUNC(Op.PURE),
    SEXT(Op.PURE),
    ZEXT(Op.PURE),
    /** PTR to I64 and back. aux = {@link Func#HIDDEN} at the first of a pair: escape analysis is not to follow the pointer. */
    PTR_TO_INT(Op.PURE),
    INT_TO_PTR(Op.PURE),
    /** Signed I32 or I64 to float. */
    INT_TO_FLOAT(Op.PURE),
    /** Unsigned I64 to float. */
    UINT_TO_FLOAT(Op.PURE),
    /** Truncation toward zero to signed I32 or I64; out of range gives MIN. */
    FLOAT_TO_INT(Op.PURE),
    /** To unsigned I64. */
    FLOAT_TO_UINT(Op.PURE),
    FEXT(Op.PURE),
    FTRUNC(Op.PURE),
    /** Same bits between I32 and F32, I64 and F64. */
    BITCAST(Op.PURE),

    // Floats. No contraction, no reassociation.
    FADD(Op.PURE | Op.COMMUTES),
    FSUB(Op.PURE),
    FMUL(Op.PURE | Op.COMMUTES),
    FDIV(Op.PURE),
    FNEG(Op.PURE),
    FSQRT(Op.PURE),
    FABS(Op.PURE),
    FCOPYSIGN(Op.PURE),
    /** x*y + z with one rounding. */
    FMA(Op.PURE),
    /** math.Floor, Ceil, Trunc, RoundToEven by n = 1, 2, 3, 0 (SSE4.1's codes). */
    FROUND(Op.PURE),
    FMIN(Op.PURE),
    FMAX(Op.PURE),

    // Pointers.
    /** Operand 0 (PTR) + n. */
    OFF_PTR(Op.PURE),
    /** Operand 0 (PTR) + operand 1 (I64). */
    ADD_PTR(Op.PURE),

    // Memory. n = offset added to the address.
    /** Load of the result's type from operand 0 + n. Plain loads may be removed or merged, not moved above a check that guards them. */
    LOAD(Op.READS),
    /** Store operand 1 at operand 0 + n. */
    STORE(Op.WRITES),
    /** Zero n bytes at operand 0; aux = the Go type or null. */
    ZERO(Op.WRITES),
    /** Copy n bytes from operand 1 to operand 0; equal addresses or disjoint; aux = the Go type or null. */
    MOVE(Op.WRITES),
    /** Fresh zeroed memory for aux ({@link Alloc}); escape analysis turns it into a stack slot or a heap object. */
    ALLOC(Op.EFFECT),
    /** The variable in slot aux begins its life here with undefined contents (for slot sharing); optional. */
    VAR_DEF(Op.EFFECT),
    /** Operand 0 stays alive until here. */
    KEEP_ALIVE(Op.EFFECT),

    // Checks: no result; on failure the runtime panics, control does not return.
    NIL_CHECK(Op.CHECK),
    /** Operands x, y (I64); aux = {@link BoundsKind}. */
    BOUNDS_CHECK(Op.CHECK),
    /** Operand 0 is not 0, else runtime.panicdivide. */
    DIV_CHECK(Op.CHECK),
    /** Operand 0 is not negative, else runtime.panicshift. */
    SHIFT_CHECK(Op.CHECK),

    // Calls: aux = {@link CallInfo}; result TUPLE or VOID, taken apart by RESULT right behind the call.
    /** Direct call of aux.callee; operands as aux.sig.args. */
    CALL(Op.CALLS),
    /** Operand 0 = func value (not nil-checked: a nil func faults); the rest as aux.sig.args. */
    CALL_CLOSURE(Op.CALLS),
    /** Operand 0 = code address (I64 or PTR); the rest as aux.sig.args (receiver word first). */
    CALL_CODE(Op.CALLS),
    /** Result n of operand 0. */
    RESULT(Op.PURE),
    /** Address of memory result n (see {@link AbiSig.Loc#byvalSize}) of call operand 0; valid until the next call. */
    RESULT_ADDR(Op.PURE),
    /** Ends a block of kind RET; operands as sig.results (memory results: the address to copy from). */
    RETURN(Op.EFFECT),

    // Atomics, sequentially consistent; n = 0.
    ATOMIC_LOAD(Op.EFFECT),
    ATOMIC_STORE(Op.EFFECT),
    /** Adds operand 1, returns the new value. */
    ATOMIC_ADD(Op.EFFECT),
    /** Returns the old value. */
    ATOMIC_XCHG(Op.EFFECT),
    /** Operands address, old, new; I8 result. */
    ATOMIC_CAS(Op.EFFECT),
    /** Return the old value (result may be unused). */
    ATOMIC_AND(Op.EFFECT),
    ATOMIC_OR(Op.EFFECT),
    /** Hint that operand 0's cache line will be read. */
    PREFETCH(Op.EFFECT),
    /** Spin-wait hint. */
    PAUSE(Op.EFFECT),
    /** A store fence between goroutines (publication barrier). */
    FENCE(Op.EFFECT),
    /** Breakpoint instruction. */
    BREAKPOINT(Op.EFFECT);

    static final int PURE = 0;
    static final int COMMUTES = 1;
    static final int READS = 2;
    static final int WRITES = 4;
    static final int CHECK = 8;
    static final int CALLS = 16;
    static final int EFFECT = 32;

    private final int flags;

    Op(int flags) {
        this.flags = flags;
    }

    /** No effect and no dependence on memory: may be moved, merged, removed. */
    public boolean isPure() {
        return (flags & ~COMMUTES) == 0;
    }

    public boolean commutes() {
        return (flags & COMMUTES) != 0;
    }

    public boolean readsMemory() {
        return (flags & (READS | CALLS | EFFECT)) != 0;
    }

    public boolean writesMemory() {
        return (flags & (WRITES | CALLS | EFFECT)) != 0;
    }

    /** Must stay in place even when its result is unused. */
    public boolean hasEffect() {
        return (flags & (WRITES | CHECK | CALLS | EFFECT)) != 0 && this != ALLOC;
    }

    public boolean isCheck() {
        return (flags & CHECK) != 0;
    }

    public boolean isCall() {
        return (flags & CALLS) != 0;
    }
}
