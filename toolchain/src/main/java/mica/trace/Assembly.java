// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Pieces of machine code of amd64 that make system calls. */
final class Assembly {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int fillAt = -1;
    private int fill;

    Assembly bytes(int... b) {
        for (int x : b) {
            out.write(x);
        }
        return this;
    }

    Assembly word(int w) {
        return bytes(w & 0xff, w >> 8 & 0xff, w >> 16 & 0xff, w >> 24 & 0xff);
    }

    Assembly call(int number) {
        return bytes(0xb8).word(number).bytes(0x0f, 0x05); // MOVL $number, AX; SYSCALL
    }

    /** Touches each {@code step}th byte of the {@code size} bytes at AX (size is in SI) and unmaps them. */
    Assembly touch(int size, int step, boolean write) {
        bytes(0x48, 0x89, 0xc7); // MOVQ AX, DI
        bytes(0x48, 0x8d, 0x90).word(size); // LEAQ size(AX), DX
        if (write) {
            bytes(0xc6, 0x00, 0x01); // MOVB $1, (AX)
        } else {
            bytes(0x44, 0x8a, 0x08); // MOVB (AX), R9
        }
        bytes(0x48, 0x05).word(step); // ADDQ $step, AX
        bytes(0x48, 0x39, 0xd0, 0x72, 0xf2); // CMPQ AX, DX; JCS back
        return call(11); // munmap
    }

    int size() {
        return out.size();
    }

    void fill(int at, int value) {
        fillAt = at;
        fill = value;
    }

    byte[] toByteArray() {
        byte[] b = out.toByteArray();
        ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).putInt(fillAt, fill);
        return b;
    }
}
