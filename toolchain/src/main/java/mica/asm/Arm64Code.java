// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mica.obj.FuncInfo;
import mica.obj.RelocType;
import mica.obj.Symbol;

/**
 * One function's code before its layout: a list of items, each the words of one instruction, and what is only known when
 * every item has its place: distances of branches, padding, where constants loaded from the code lie.
 *
 * <p>Layout: items get addresses one after the other; constants are put behind the last item, or earlier where a load
 * would not reach them; a conditional branch that does not reach its target jumps over an unconditional one instead:
 *
 * <pre>
 *   TBZ $3, R1, far          TBZ $3, R1, 1
 *                       →    B   2
 *                         1: B   far
 *                         2:
 * </pre>
 * until nothing changes any more.
 */
final class Arm64Code {
    /** Words that belong to one place of the source. */
    static final class Item {
        int from;
        int to;
        int pos;
        int pc;
        /** What the instruction adds to the depth of the stack. */
        int adjust;
        /** Where the branch in the first word goes; null = none. */
        Item target;
        /** Width of the branch's distance: 14, 19, 26, or 21 for ADR; 33 for pages, as ADRP counts. */
        int reach;
        /** Padding to a multiple of this, at most {@link #maxPadding} bytes; 0 = none. */
        int align;
        int maxPadding;
        /** The constant that the first word loads; null = none. */
        Item literal;
        /** Nothing runs on behind it. */
        boolean ends;
        /** No code may follow the function's last word here: a constant. */
        boolean constant;
    }

    private static final int NOP = 0xd503201f;
    private static final int JUMP = 0x14000000;
    /** Loads reach a megabyte; half of it is the standard assembler's bound. */
    private static final int LITERAL_REACH = 512 * 1024;

    private final List<Item> items = new ArrayList<>();
    private int[] words = new int[256];
    private int count;
    private int relocCount;
    private int[] relocWord = new int[16];
    private RelocType[] relocType = new RelocType[16];
    private Symbol[] relocTarget = new Symbol[16];
    private long[] relocAddend = new long[16];
    private Item current;

    void reset() {
        items.clear();
        count = 0;
        relocCount = 0;
        current = null;
    }

    int itemCount() {
        return items.size();
    }

    Item item(int i) {
        return items.get(i);
    }

    /** All items so far, in the order in which they were begun. */
    Item[] items() {
        return items.toArray(new Item[0]);
    }

    /** Whether the current item refers to a symbol. */
    boolean refers() {
        return relocCount > 0 && relocWord[relocCount - 1] >= current.from;
    }

    /** Begins the next item. */
    Item begin(int pos) {
        Item i = new Item();
        i.from = i.to = count;
        i.pos = pos;
        items.add(i);
        current = i;
        return i;
    }

    Item current() {
        return current;
    }

    /** Takes back what the current item has got so far. */
    void clear() {
        count = current.to = current.from;
        while (relocCount > 0 && relocWord[relocCount - 1] >= count) {
            relocCount--;
        }
        current.target = null;
        current.literal = null;
    }

    void word(int w) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = w;
        current.to = count;
    }

    /** A relocation of the next word. */
    void reloc(RelocType type, Symbol target, long addend) {
        int n = relocCount++;
        if (n == relocWord.length) {
            relocWord = Arrays.copyOf(relocWord, 2 * n);
            relocType = Arrays.copyOf(relocType, 2 * n);
            relocTarget = Arrays.copyOf(relocTarget, 2 * n);
            relocAddend = Arrays.copyOf(relocAddend, 2 * n);
        }
        relocWord[n] = count;
        relocType[n] = type;
        relocTarget[n] = target;
        relocAddend[n] = addend;
    }

    /** The next word loads a constant that is to lie in the code, of four or eight bytes. */
    void literal(long value, int bytes) {
        Item c = new Item();
        c.constant = true;
        c.align = 0;
        c.from = (int) value;
        c.to = (int) (value >>> 32);
        c.maxPadding = bytes;
        current.literal = c;
    }

    // Layout.

    /** Gives every item its address; returns the size of the code without padding at its end. */
    int layout() {
        placeLiterals();
        for (;;) {
            int size = addresses();
            if (!relax()) {
                return size;
            }
        }
    }

    private int addresses() {
        int pc = 0;
        for (Item i : items) {
            i.pc = pc;
            pc += size(i, pc);
        }
        return pc;
    }

    private static int size(Item i, int pc) {
        if (i.align != 0) {
            int padding = -pc & i.align - 1;
            return padding <= i.maxPadding ? padding : 0;
        }
        return i.constant ? i.maxPadding : 4 * (i.to - i.from);
    }

    private void placeLiterals() {
        boolean any = false;
        for (Item i : items) {
            any |= i.literal != null;
        }
        if (!any) {
            return;
        }
        List<Item> all = new ArrayList<>(items);
        items.clear();
        List<Item> pool = new ArrayList<>();
        int start = 0;
        int size = 0;
        int pc = 0;
        int end = all.size() - 1;
        while (end > 0 && all.get(end).from == all.get(end).to && all.get(end).align == 0) {
            end--;
        }
        for (int k = 0; k < all.size(); k++) {
            Item i = all.get(k);
            items.add(i);
            if (i.literal != null) {
                Item known = same(pool, i.literal);
                if (known != null) {
                    i.literal = known;
                } else {
                    start = pool.isEmpty() ? pc : start;
                    size = i.literal.maxPadding == 8 ? size + 7 & -8 : size;
                    size += i.literal.maxPadding;
                    pool.add(i.literal);
                }
            }
            boolean last = k == end;
            if (!pool.isEmpty() && (last || size >= 0xffff0 || pc + 4 + size - start + 8 >= LITERAL_REACH)) {
                flush(i, last ? null : all.get(k + 1), pool);
                pc += i.ends ? 0 : 4;
                for (Item c : pool) {
                    pc += c.maxPadding;
                }
                pool.clear();
                size = 0;
            }
            pc += size(i, pc);
        }
    }

    private static Item same(List<Item> pool, Item c) {
        for (Item i : pool) {
            if (i.from == c.from && i.to == c.to && i.maxPadding == c.maxPadding) {
                return i;
            }
        }
        return null;
    }

    /** Puts the constants behind an item, jumped over if code comes that way. */
    private void flush(Item after, Item next, List<Item> pool) {
        if (!after.ends) {
            Item jump = extra(after, next == null ? 0 : JUMP);
            jump.target = next;
            jump.reach = 26;
            items.add(jump);
        }
        for (Item c : pool) {
            c.pos = after.pos;
            items.add(c);
        }
    }

    /** An item of one word that is not in the list yet. */
    private Item extra(Item after, int word) {
        Item i = new Item();
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        i.from = count;
        words[count++] = word;
        i.to = count;
        i.pos = after.pos;
        return i;
    }

    private static boolean tooFar(Item i) {
        int d = i.target.pc - i.pc;
        int bound = i.reach == 14 ? 1 << 15 : 1 << 20;
        return d <= -bound + 10 || d >= bound - 10;
    }

    private boolean relax() {
        boolean any = false;
        for (Item i : items) {
            any |= i.target != null && (i.reach == 14 || i.reach == 19) && tooFar(i);
        }
        if (!any) {
            return false;
        }
        List<Item> all = new ArrayList<>(items);
        items.clear();
        for (int k = 0; k < all.size(); k++) {
            Item i = all.get(k);
            items.add(i);
            if (i.target == null || i.reach != 14 && i.reach != 19 || !tooFar(i)) {
                continue;
            }
            Item over = extra(i, JUMP);
            Item far = extra(i, JUMP);
            over.reach = far.reach = 26;
            far.target = i.target;
            i.target = far;
            items.add(over);
            items.add(far);
            if (k + 1 == all.size()) {
                all.add(extra(i, 0));
            }
            over.target = all.get(k + 1);
        }
        return true;
    }

    // Output.

    /** Writes bytes, relocations, positions and depths of a function laid out; its size becomes a multiple of 16. */
    void write(Symbol out, FuncInfo info, int size) {
        int whole = size + 15 & -16;
        byte[] b = new byte[whole];
        int[] places = relocCount == 0 ? null : new int[count];
        int depth = 0;
        for (Item i : items) {
            if (size(i, i.pc) != 0) {
                info.pcpos.add(i.pc, i.pos);
                info.pcsp.add(i.pc, depth);
            }
            depth += i.adjust;
            bytes(b, i, places);
        }
        out.data = b;
        out.size = whole;
        for (int r = 0; r < relocCount; r++) {
            out.addReloc(places[relocWord[r]], relocType[r], relocTarget[r], relocAddend[r]);
        }
    }

    private void bytes(byte[] b, Item i, int[] places) {
        int pc = i.pc;
        if (i.align != 0) {
            for (int n = size(i, pc); n >= 4; n -= 4, pc += 4) {
                put(b, pc, NOP);
            }
            return;
        }
        if (i.constant) {
            put(b, pc, i.from);
            if (i.maxPadding == 8) {
                put(b, pc + 4, i.to);
            }
            return;
        }
        for (int w = i.from; w < i.to; w++, pc += 4) {
            int word = words[w];
            if (w == i.from) {
                word |= i.target != null ? i.reach == 33
                        ? distance((i.target.pc >> 12) - (i.pc >> 12), 21) : distance(i.target.pc - i.pc, i.reach) : i.literal != null
                        ? distance(i.literal.pc - i.pc, 19) : 0;
            }
            if (places != null) {
                places[w] = pc;
            }
            put(b, pc, word);
        }
    }

    private static int distance(int d, int reach) {
        switch (reach) {
            case 14:
                return (d >> 2 & 0x3fff) << 5;
            case 19:
                return (d >> 2 & 0x7ffff) << 5;
            case 21:
                return (d & 3) << 29 | (d >> 2 & 0x7ffff) << 5;
            case 26:
                return d >> 2 & 0x3ffffff;
            default:
                throw new mica.base.Fault("asm", "branch of " + reach + " bits");
        }
    }

    private static void put(byte[] b, int at, int w) {
        b[at] = (byte) w;
        b[at + 1] = (byte) (w >> 8);
        b[at + 2] = (byte) (w >> 16);
        b[at + 3] = (byte) (w >> 24);
    }
}
