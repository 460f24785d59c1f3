// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.HashMap;
import java.util.Map;

/** Breakpoint instructions (INT3) in a process's text, and the bytes that stood there. */
final class Breakpoints {
    private static final byte INT3 = (byte) 0xcc;

    private final Memory memory;
    private final Map<Long, Byte> old = new HashMap<>();

    Breakpoints(Memory memory) {
        this.memory = memory;
    }

    /** False = the address cannot be written. */
    boolean insert(long address) {
        if (old.containsKey(address)) {
            return true;
        }
        byte[] b = memory.read(address, 1);
        if (b == null || !memory.write(address, INT3)) {
            return false;
        }
        old.put(address, b[0]);
        return true;
    }

    boolean has(long address) {
        return old.containsKey(address);
    }

    void remove(long address) {
        Byte b = old.remove(address);
        if (b != null) {
            memory.write(address, b);
        }
    }

    /** Takes all of them out of the memory of another process that has a copy of this one's. */
    void removeFrom(Memory copy) {
        for (Map.Entry<Long, Byte> e : old.entrySet()) {
            copy.write(e.getKey(), e.getValue());
        }
    }

    void removeAll() {
        for (Long a : old.keySet().toArray(new Long[0])) {
            remove(a);
        }
    }
}
