// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import java.util.Random;

/** Random instruction words: a random row's fixed bits, every other bit by chance. */
public final class RandomWords {
    private final Arm64Table table = Arm64Table.get();
    private final Arm64Decoder decoder = new Arm64Decoder();
    private final Random random;
    public final Arm64Inst inst = new Arm64Inst();
    public int word;

    public RandomWords(long seed) {
        random = new Random(seed);
    }

    /** The next word, decoded into {@link #inst}; false if it is none after all. */
    public boolean next() {
        int row = random.nextInt(table.count);
        word = table.base[row] | random.nextInt() & ~table.mask[row];
        return decoder.decode(word, inst);
    }

    /** Any word at all. */
    public boolean any() {
        word = random.nextInt();
        return decoder.decode(word, inst);
    }

    /** The word of what was decoded. */
    public int encode() {
        return table.encode(inst);
    }

    public boolean decode(int w) {
        return decoder.decode(w, inst);
    }

    public String text() {
        return Arm64Printer.print(inst, 0, a -> null);
    }

    /** Whether an operand is a place in the code, whose text is an address. */
    public boolean hasPlace() {
        for (String s : inst.shapes) {
            if (s.equals("L") || s.contains("(PC)")) {
                return true;
            }
        }
        return false;
    }
}
