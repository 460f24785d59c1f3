// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import static mica.arch.amd64.Amd64.*;
import static mica.arch.amd64.Amd64Op.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import mica.arch.amd64.Amd64Code;
import mica.obj.Symbol;
import mica.obj.SymKind;
import mica.obj.SymbolTable;
import mica.ssa.Func;

/** Places symbols in executable memory below 2 GB, links and calls them. */
final class Machine {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final int SIZE = 8 << 20;
    /** Words passed to and from a call: 9 integers, 15 floats, 32 on the stack. */
    static final int STACK_WORDS = 32;
    static final int WORDS = 9 + 15 + STACK_WORDS;

    final SymbolTable table = new SymbolTable();
    final Amd64Backend backend = new Amd64Backend(table, null);
    private final long base;
    private long next;
    private final IdentityHashMap<Symbol, Boolean> placed = new IdentityHashMap<>();
    private final MethodHandle enter;
    private final long inWords;
    private final long outWords;
    /** The fake g: stack guard at 16. */
    final long g;
    /** Set by runtime functions that do not return: number and operands. */
    final long panicWord;
    private final long savedSp;
    final long data;

    private static boolean isLow(long address) {
        return address > 0 && address + SIZE <= Integer.MAX_VALUE;
    }

    Machine() {
        try {
            Linker l = Linker.nativeLinker();
            MethodHandle mmap = l.downcallHandle(l.defaultLookup().find("mmap").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
            // Below 2 GB: MAP_32BIT, or where the JVM has filled that window, any free place (MAP_FIXED_NOREPLACE).
            long at = (long) mmap.invokeExact(0L, (long) SIZE, 7, 0x62, -1, 0L);
            for (long hint = 0x1000_0000L; !isLow(at) && hint < 0x7000_0000L; hint += SIZE) {
                at = (long) mmap.invokeExact(hint, (long) SIZE, 7, 0x10_0022, -1, 0L);
            }
            if (!isLow(at)) {
                throw new IllegalStateException("mmap: " + at);
            }
            base = at;
            next = base;
            inWords = reserve(WORDS * 8);
            outWords = reserve(WORDS * 8);
            g = reserve(512);
            panicWord = reserve(24);
            savedSp = reserve(16);
            data = reserve(1 << 16);
            for (String flag : new String[] {"runtime.x86HasPOPCNT", "runtime.x86HasSSE41", "runtime.x86HasFMA"}) {
                Symbol s = table.lookup(flag);
                s.put(0, 1, 1);
                s.kind = SymKind.NOPTRDATA;
            }
            stubs();
            Symbol t = new Symbol("enter", 0);
            trampoline().finish(t);
            place(t);
            enter = l.downcallHandle(MemorySegment.ofAddress(t.address),
                    FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private long reserve(int n) {
        next = next + 63 & -64;
        long a = next;
        next += n;
        return a;
    }

    static long get(long a) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, a);
    }

    static void put(long a, long v) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, a, v);
    }

    private Amd64Code trampoline() {
        Amd64Code c = new Amd64Code();
        int[] saved = {BX, BP, R12, R13, R14, R15};
        for (int r : saved) {
            c.emit(PUSHQ, r);
        }
        c.emit(MOVQ, c.imm64(savedSp), R12);
        c.emit(MOVQ, SP, mem(R12, 0));
        c.emit(MOVQ, DI, R13);
        c.emit(SUBQ, imm(STACK_WORDS * 8), SP);
        c.emit(MOVQ, c.imm64(inWords), R12);
        for (int i = 0; i < STACK_WORDS; i++) {
            c.emit(MOVQ, mem(R12, (24 + i) * 8), AX);
            c.emit(MOVQ, AX, mem(SP, i * 8));
        }
        c.emit(MOVQ, c.imm64(g), R14);
        c.emit(XORPS, X15, X15);
        for (int i = 0; i < 15; i++) {
            c.emit(MOVSD, mem(R12, (9 + i) * 8), X0 + i);
        }
        for (int i = 0; i < 9; i++) {
            c.emit(MOVQ, mem(R12, i * 8), SelectCall.INT_REGS[i]);
        }
        c.emit(MOVQ, R12, DX);
        c.emit(CALL, R13);
        c.emit(MOVQ, c.imm64(outWords), R12);
        for (int i = 0; i < 9; i++) {
            c.emit(MOVQ, SelectCall.INT_REGS[i], mem(R12, i * 8));
        }
        for (int i = 0; i < 15; i++) {
            c.emit(MOVSD, X0 + i, mem(R12, (9 + i) * 8));
        }
        for (int i = 0; i < STACK_WORDS; i++) {
            c.emit(MOVQ, mem(SP, i * 8), AX);
            c.emit(MOVQ, AX, mem(R12, (24 + i) * 8));
        }
        // the invariants of our convention must hold at the end
        int bad = c.newLabel();
        int good = c.newLabel();
        c.emit(MOVQ, c.imm64(g), AX);
        c.emit(CMPQ, AX, R14);
        c.emit(JNE, label(bad));
        c.emit(MOVQ, X15, AX);
        c.emit(TESTQ, AX, AX);
        c.emit(JEQ, label(good));
        c.bind(bad);
        c.emit(MOVQ, c.imm64(panicWord), R12);
        c.emit(MOVQ, imm(-1), mem(R12, 0));
        c.bind(good);
        leave(c, saved);
        return c;
    }

    private void leave(Amd64Code c, int[] saved) {
        c.emit(MOVQ, c.imm64(savedSp), R12);
        c.emit(MOVQ, mem(R12, 0), SP);
        for (int i = saved.length - 1; i >= 0; i--) {
            c.emit(POPQ, saved[i]);
        }
        c.emit(RET);
    }

    private void stubs() {
        int n = 1;
        for (mica.ssa.BoundsKind k : mica.ssa.BoundsKind.values()) {
            panic(k.function, n++);
        }
        panic("runtime.panicdivide", 100);
        panic("runtime.panicshift", 101);
        // more stack: destroys what it may, then there is enough
        Amd64Code c = new Amd64Code();
        for (int r = 0; r < 16; r++) {
            if (r != SP && r != BP && r != R14 && r != DX) {
                c.emit(MOVQ, c.imm64(0x5a5a5a5a5a5a5aL + r), r);
            }
        }
        for (int r = 0; r < 15; r++) {
            c.emit(MOVQ, AX, X0 + r);
        }
        c.emit(MOVQ, imm(0), mem(R14, 16));
        c.emit(RET);
        c.finish(table.lookup("runtime.morestack_noctxt", 0));
        // AX + 1, everything else destroyed
        c = new Amd64Code();
        c.emit(INCQ, AX);
        for (int r = 1; r < 16; r++) {
            if (r != SP && r != BP && r != R14) {
                c.emit(MOVQ, c.imm64(0x6b6b6b6b6b6b6bL + r), r);
            }
        }
        for (int r = 0; r < 15; r++) {
            c.emit(MOVQ, CX, X0 + r);
        }
        c.emit(RET);
        c.finish(table.lookup("test.trash", 1));
    }

    private void panic(String name, int number) {
        Amd64Code c = new Amd64Code();
        c.emit(MOVQ, c.imm64(panicWord), R12);
        c.emit(MOVQ, imm(number), mem(R12, 0));
        c.emit(MOVQ, AX, mem(R12, 8));
        c.emit(MOVQ, BX, mem(R12, 16));
        leave(c, new int[] {BX, BP, R12, R13, R14, R15});
        c.finish(table.lookup(name, 1));
    }

    /** Compiles a function and makes it callable. */
    Symbol compile(Func f) {
        Symbol s = table.lookup(f.name, 1);
        backend.emit(f, s);
        return s;
    }

    void place(Symbol root) {
        List<Symbol> work = new ArrayList<>();
        work.add(root);
        List<Symbol> fresh = new ArrayList<>();
        while (!work.isEmpty()) {
            Symbol s = work.remove(work.size() - 1);
            if (placed.put(s, true) != null) {
                continue;
            }
            if (!s.isDefined()) {
                throw new IllegalStateException("undefined: " + s);
            }
            s.address = reserve((int) s.size);
            if (next > base + SIZE) {
                throw new IllegalStateException("out of memory");
            }
            fresh.add(s);
            for (int i = 0; i < s.relocCount; i++) {
                work.add(s.relocTarget[i]);
            }
        }
        for (Symbol s : fresh) {
            for (int i = 0; i < s.size; i++) {
                ALL.set(ValueLayout.JAVA_BYTE, s.address + i, s.data[i]);
            }
        }
        for (Symbol s : fresh) {
            for (int i = 0; i < s.relocCount; i++) {
                long at = s.address + s.relocOffset[i];
                long v = s.relocTarget[i].address + s.relocAddend[i];
                switch (s.relocType[i]) {
                    case ABS64 -> put(at, v);
                    case ABS32, ABS32S -> ALL.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) v);
                    case PC32, CALL32 -> ALL.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) (v - at));
                    default -> { }
                }
            }
        }
    }

    /** Calls with register words (9 integers, 15 floats) and stack words; the results come back in the same order. */
    long[] call(Symbol s, long... words) {
        place(s);
        for (int i = 0; i < WORDS; i++) {
            put(inWords + 8L * i, i < words.length ? words[i] : 0xdeadbeef00L + i);
        }
        put(panicWord, 0);
        try {
            enter.invokeExact(s.address);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (get(panicWord) == -1) {
            throw new IllegalStateException("g or X15 not as agreed after " + s);
        }
        long[] r = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            r[i] = get(outWords + 8L * i);
        }
        return r;
    }

    int panicked() {
        return (int) get(panicWord);
    }

    static Arena arena() {
        return Arena.global();
    }
}
