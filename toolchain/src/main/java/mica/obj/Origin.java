// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/** Why a machine instruction is there, if it is not simply what an SSA value computes. The names appear in views. */
public enum Origin {
    /** The instruction computes the value that the provenance names. */
    VALUE("value"),
    /** Compares SP with the stack guard. */
    STACK_CHECK("stack check"),
    /** Makes the frame. */
    PROLOGUE("prologue"),
    /** Clears variables with pointers, so that the collector may look at them. */
    ZERO_SLOTS("zero slots"),
    /** Saves argument registers, calls for more stack, and starts again. */
    MORE_STACK("more stack"),
    /** Takes the frame down and returns. */
    EPILOGUE("epilogue"),
    /** The register allocator stores a value in its stack home. */
    SPILL("spill"),
    /** The register allocator loads a value from its stack home. */
    RELOAD("reload"),
    /** The register allocator copies or exchanges registers. */
    MOVE("move"),
    /** A value that is cheaper to make again than to keep. */
    REMATERIALIZE("rematerialize"),
    /** X15 is made zero again, as the calling convention demands. */
    ZERO_REGISTER("zero register"),
    /** Jumps from the end of a block to its successor. */
    JUMP("jump"),
    /** Calls the function that reports a failed bounds, division or shift check. */
    FAILURE_CALL("failure call"),
    /** Rarely executed part of an instruction sequence, behind the function's body. */
    COLD("cold part"),
    /** Stands for an inlined call in tracebacks; never executed. */
    INLINE_MARK("inline mark"),
    /** Keeps the return address of a last call inside the function; never executed. */
    PADDING("padding"),
    /** An assembly file says so. */
    ASSEMBLY("assembly");

    public final String text;

    Origin(String text) {
        this.text = text;
    }
}
