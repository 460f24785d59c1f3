// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.ArrayList;
import java.util.List;

/** A function in SSA form, mutable while passes work on it. */
public final class Func {
    /** Link name. */
    public final String name;
    /** Who it is: declaration, literal or wrapper, with type arguments; null in tests. */
    public final FuncRef ref;
    public AbiSig sig;
    public Block entry;
    /** All blocks, entry first; order is the layout order after the layout pass. */
    public final List<Block> blocks = new ArrayList<>();
    public final List<Slot> slots = new ArrayList<>();
    /**
     * Functions with defer: where execution resumes after a recovered panic. It has no predecessors, begins with the CALL of
     * runtime.deferreturn, uses slots only, and returns. Null otherwise.
     */
    public Block recover;
    public int pos;
    /** Position of the closing brace. */
    public int endPos;
    public boolean nosplit;
    /** Compiler-made adapter (FuncID wrapper): hidden in tracebacks, transparent for recover. */
    public boolean wrapper;
    /** Uses CLOSURE_CONTEXT. */
    public boolean needsContext;
    /** Under the rules of package runtime: no implicit heap allocation. */
    public boolean runtimeRules;

    /** Type descriptors of values that the function converts to interfaces: the code generator adds USE_IFACE relocations to them. */
    public final List<mica.obj.Symbol> usedTypes = new ArrayList<>();

    /** What messages say about the function; null unless decisions are explained. */
    public FuncNotes notes;

    /** Allocations have become slots and calls: nothing is hidden from escape analysis any more. */
    public boolean allocated;
    /** Mark of a conversion of a pointer to a number and back that hides it from escape analysis. */
    public static final Object HIDDEN = "hidden";

    private int nextValue;
    private int nextBlock;

    public Func(String name, FuncRef ref) {
        this.name = name;
        this.ref = ref;
    }

    public Block newBlock() {
        Block b = new Block(nextBlock++, this);
        blocks.add(b);
        if (entry == null) {
            entry = b;
        }
        return b;
    }

    /** A value that is not yet in a block's list (insert or append it). */
    public Value newValue(Op op, MType type, Block block, int pos) {
        return new Value(nextValue++, op, type, block, pos);
    }

    /** Text parsing: a value with the number that the text gives it. */
    Value valueWithId(int id, Op op, MType type, Block block) {
        nextValue = Math.max(nextValue, id + 1);
        return new Value(id, op, type, block, pos);
    }

    /** Upper bound of value ids, for dense arrays. */
    public int valueCount() {
        return nextValue;
    }

    public int blockCount() {
        return nextBlock;
    }

    /** Text parsing: makes sure that ids given in the text are free. */
    void reserve(int values, int blocks) {
        nextValue = Math.max(nextValue, values);
        nextBlock = Math.max(nextBlock, blocks);
    }

    public Slot newSlot(String name, long size, int align, byte[] ptrMask) {
        Slot s = new Slot(slots.size(), name, size, align, ptrMask);
        slots.add(s);
        return s;
    }
}
