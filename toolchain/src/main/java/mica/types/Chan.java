// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class Chan extends Type {
    public static final int RECV = 1;
    public static final int SEND = 2;
    public static final int BOTH = 3;

    /** RECV, SEND or BOTH, as in internal/abi.ChanDir. */
    public final int dir;
    public final Type elem;

    public Chan(int dir, Type elem) {
        this.dir = dir;
        this.elem = elem;
    }

    @Override
    public Kind kind() {
        return Kind.CHAN;
    }
}
