// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pieces of code in a traced process that note the processor's time stamp counter when the program comes by, and let it go on: a few
 * nanoseconds instead of a stop. They stay in the process: other threads may be inside them at any time.
 *
 * <p>They are put together beforehand, in a file that the process maps within reach of its text: notes (8 bytes each; 0 = never), which both
 * sides see and which outlive the process, further data, and code. A note is made
 *
 * <pre>
 * by a call that is led here first: CALL f, JMP f  ->  CALL probe, JMP probe;  probe: note, JMP f
 * by a function whose first instructions mean the same elsewhere:  f: JMP probe;  probe: note, these instructions, JMP f+n
 * by being called from a list of functions:  probe: note, RET
 * </pre>
 *
 * <p>Only the first passage is noted, but by the last kind, which is called once.
 */
final class Probes {
    private static final int OPEN = 2;
    private static final int CLOSE = 3;
    private static final int MMAP = 9;
    private static final int WARM = 32 * Proc.PAGE;
    private static final int PROT_RW = 3;
    private static final int PROT_RX = 5;
    /** MAP_FIXED_NOREPLACE, MAP_POPULATE, and MAP_SHARED or MAP_PRIVATE */
    private static final int MAP_SHARED = 0x108001;
    private static final int MAP_PRIVATE = 0x108002;

    final long dataAt;
    private final long codeAt;
    private final Memory memory;
    private final Notes file;
    private final byte[] data;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    /** Words of the program's text and data to be changed, by address. */
    private final Map<Long, byte[]> words = new TreeMap<>();
    private int slots;
    private long pause;

    /**
     * @param memory of a process that runs the program, to read from @param end where its image ends @param bytes of notes and other data
     */
    Probes(Memory memory, Notes file, long end, int bytes) {
        this.memory = memory;
        this.file = file;
        this.data = new byte[bytes + Proc.PAGE - 1 & -Proc.PAGE];
        this.dataAt = end + (256L << 20) & -(1L << 20);
        this.codeAt = dataAt + data.length;
    }

    /** A new note. */
    int slot() {
        return slots++;
    }

    boolean owns(long address) {
        return address >= dataAt && address < codeAt + code.size() + Proc.PAGE;
    }

    // ---- putting together ----

    private void emit(int... bytes) {
        for (int b : bytes) {
            code.write(b);
        }
    }

    private long here() {
        return codeAt + code.size();
    }

    private void relative(long target, int behind) {
        int d = (int) (target - (here() + 4 + behind));
        emit(d & 0xff, d >> 8 & 0xff, d >> 16 & 0xff, d >> 24 & 0xff);
    }

    private void note(int slot) {
        emit(0x0f, 0x31); // RDTSC
        emit(0x48, 0xc1, 0xe2, 0x20); // SHLQ $32, DX
        emit(0x48, 0x09, 0xd0); // ORQ DX, AX
        emit(0x48, 0x89, 0x05); // MOVQ AX, slot(PC)
        relative(dataAt + 8L * slot, 0);
    }

    /** The pause at the end is a place for a breakpoint. */
    private void noteOnce(int slot) {
        emit(0x50, 0x52); // PUSHQ AX; PUSHQ DX
        emit(0x48, 0x83, 0x3d); // CMPQ slot(PC), $0
        relative(dataAt + 8L * slot, 1);
        emit(0x00);
        emit(0x75, 16); // JNE over the note
        note(slot);
        emit(0x5a, 0x58); // POPQ DX; POPQ AX
        pause = here();
        emit(0x90); // NOP
    }

    /** Has the latest probe stop with a breakpoint after its note; where. */
    long stop() {
        byte[] all = code.toByteArray();
        all[(int) (pause - codeAt)] = (byte) 0xcc;
        code.reset();
        code.write(all, 0, all.length);
        return pause;
    }

    private void jump(long target) {
        emit(0xe9);
        relative(target, 0);
    }

    /** Code that notes and returns, to be called by the runtime. */
    long returning(int slot) {
        long at = here();
        note(slot);
        emit(0xc3);
        return at;
    }

    /** Code that notes and goes on at {@code target}. */
    long before(int slot, long target) {
        long at = here();
        noteOnce(slot);
        jump(target);
        return at;
    }

    /**
     * Code that has the kernel and the processor as ready as execve leaves them, for it comes after a pause: faults in fresh memory and in
     * the first {@code size} bytes of the program's file, which is mapped elsewhere for that. It ends with a stop; registers
     * are zero then, as at an entry.
     */
    long warming(int size) {
        size = size + Proc.PAGE - 1 & -Proc.PAGE;
        long at = here();
        Assembly a = new Assembly();
        a.bytes(0x31, 0xff, 0xbe).word(WARM).bytes(0xba).word(PROT_RW); // DI = 0, SI, DX
        a.bytes(0x41, 0xba).word(0x22).bytes(0x49, 0xc7, 0xc0).word(-1).bytes(0x45, 0x31, 0xc9).call(MMAP); // R10, R8 = -1, R9 = 0
        a.touch(WARM, Proc.PAGE, true);
        a.bytes(0x48, 0x8d, 0x3d).word(0); // LEAQ path(PC), DI
        int path = a.size();
        a.bytes(0x31, 0xf6, 0x31, 0xd2).call(OPEN); // SI = DX = 0
        a.bytes(0x41, 0x89, 0xc0); // MOVL AX, R8
        a.bytes(0x31, 0xff, 0xbe).word(size).bytes(0xba).word(1).bytes(0x41, 0xba).word(2).bytes(0x45, 0x31, 0xc9).call(MMAP);
        a.touch(size, Proc.PAGE, false);
        a.bytes(0x44, 0x89, 0xc7).call(CLOSE); // MOVL R8, DI
        a.bytes(0x31, 0xc0, 0x31, 0xc9, 0x31, 0xd2, 0x31, 0xf6, 0x31, 0xff, 0x45, 0x31, 0xc0, 0x45, 0x31, 0xc9, 0x45, 0x31, 0xd2, 0x45, 0x31, 0xdb);
        byte[] name = "/proc/self/exe\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        a.bytes(0xeb, name.length); // JMP over the path
        a.fill(path - 4, a.size() - path);
        for (byte b : name) {
            a.bytes(b);
        }
        a.bytes(0xcc);
        code.writeBytes(a.toByteArray());
        return at;
    }

    boolean inReach(long target) {
        return Math.abs(target - codeAt) < 1L << 30;
    }

    /** Lets a function note its own beginning; false = its first instructions cannot be moved. */
    boolean atStart(int slot, long function) {
        byte[] b = memory.read(function, 16);
        if (b == null || b.length < 16) {
            return false;
        }
        long at = here();
        if (starts(b, 0x4c, 0x8d, 0xa4, 0x24)) { // LEAQ -n(SP), R12
            noteOnce(slot);
            code.write(b, 0, 8);
            jump(function + 8);
        } else if (starts(b, 0x4c, 0x8d, 0x64, 0x24)) { // the same with a short displacement
            noteOnce(slot);
            code.write(b, 0, 5);
            jump(function + 5);
        } else if (starts(b, 0x49, 0x3b, 0x66, 0x10, 0x76)) { // CMPQ SP, 16(R14); JLS near
            noteOnce(slot);
            code.write(b, 0, 4);
            emit(0x0f, 0x86);
            relative(function + 6 + b[5], 0);
            jump(function + 6);
        } else if (starts(b, 0x49, 0x3b, 0x66, 0x10, 0x0f, 0x86)) { // CMPQ SP, 16(R14); JLS far
            noteOnce(slot);
            code.write(b, 0, 4);
            emit(0x0f, 0x86);
            relative(function + 10 + ByteBuffer.wrap(b, 6, 4).order(ByteOrder.LITTLE_ENDIAN).getInt(), 0);
            jump(function + 10);
        } else {
            return false;
        }
        int d = (int) (at - (function + 5));
        change(function, (byte) 0xe9, (byte) d, (byte) (d >> 8), (byte) (d >> 16), (byte) (d >> 24));
        return true;
    }

    private static boolean starts(byte[] b, int... want) {
        for (int i = 0; i < want.length; i++) {
            if ((b[i] & 0xff) != want[i]) {
                return false;
            }
        }
        return true;
    }

    /** Leads the CALL or JMP at {@code address} (opcode, 4 bytes) to {@code target}. */
    void redirect(long address, long target) {
        int d = (int) (target - (address + 5));
        change(address + 1, (byte) d, (byte) (d >> 8), (byte) (d >> 16), (byte) (d >> 24));
    }

    /** Bytes of the program to be changed. */
    void change(long address, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            byte[] word = words.computeIfAbsent(address + i & -8L, a -> {
                byte[] w = memory.read(a, 8);
                return w == null || w.length < 8 ? new byte[8] : w;
            });
            word[(int) (address + i & 7)] = bytes[i];
        }
    }

    /** Bytes of the data behind the notes. */
    void put(long address, byte[] bytes) {
        System.arraycopy(bytes, 0, data, (int) (address - dataAt), bytes.length);
    }

    /** Writes the file; nothing can be added afterwards. */
    void finish() throws IOException {
        byte[] all = java.util.Arrays.copyOf(data, data.length + (code.size() + Proc.PAGE - 1 & -Proc.PAGE));
        System.arraycopy(code.toByteArray(), 0, all, data.length, code.size());
        file.write(all);
    }

    // ---- in the process ----

    /**
     * Code that maps the file and stops: it lies at the entry for a moment. BX and BP return what mmap said, R12 the counter at its beginning.
     */
    private byte[] stub() {
        Assembly a = new Assembly();
        a.bytes(0x0f, 0x31, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0x49, 0x89, 0xc4); // the counter to R12
        a.bytes(0x48, 0x8d, 0x3d).word(0); // LEAQ path(PC), DI: filled in below
        int path = a.size();
        a.bytes(0xbe).word(2).bytes(0x31, 0xd2).call(OPEN); // MOVL $O_RDWR, SI; XORL DX, DX
        a.bytes(0x41, 0x89, 0xc5); // MOVL AX, R13
        map(a, dataAt, data.length, PROT_RW, MAP_SHARED, 0);
        a.bytes(0x48, 0x89, 0xc3); // MOVQ AX, BX
        map(a, codeAt, code.size() + Proc.PAGE - 1 & -Proc.PAGE, PROT_RX, MAP_PRIVATE, data.length);
        a.bytes(0x48, 0x89, 0xc5); // MOVQ AX, BP
        a.bytes(0x44, 0x89, 0xef).call(CLOSE); // MOVL R13, DI
        a.bytes(0xcc);
        a.fill(path - 4, a.size() - path);
        for (byte b : (file.path + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            a.bytes(b);
        }
        return a.toByteArray();
    }

    private static void map(Assembly a, long address, int size, int prot, int flags, int offset) {
        a.bytes(0x48, 0xbf).word((int) address).word((int) (address >> 32)); // MOVQ $address, DI
        a.bytes(0xbe).word(size).bytes(0xba).word(prot); // SI, DX
        a.bytes(0x41, 0xba).word(flags); // R10
        a.bytes(0x45, 0x89, 0xe8); // MOVL R13, R8
        a.bytes(0x41, 0xb9).word(offset); // R9
        a.call(MMAP);
    }

    /** Bytes to be written at an address, ready for the kernel. */
    private static final class Patch {
        final long address;
        final ByteBuffer bytes;

        Patch(long address, byte[] bytes) {
            this.address = address;
            this.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
    }

    /** What {@link #enter} will do in processes of one entry. */
    private Patch stub;
    private Patch underStub;
    private final List<Patch> patches = new ArrayList<>();

    /** Gets ready for processes that begin at {@code entry}. */
    void ready(long entry) throws IOException {
        byte[] b = stub();
        byte[] old = memory.read(entry, b.length);
        if (old == null || old.length < b.length) {
            throw new IOException("the program's text ends at its entry");
        }
        stub = new Patch(entry, b);
        underStub = new Patch(entry, old);
        // words that follow each other are written at once
        long end = 0;
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (Map.Entry<Long, byte[]> e : words.entrySet()) {
            if (e.getKey() != end && run.size() > 0) {
                patches.add(new Patch(end - run.size(), run.toByteArray()));
                run.reset();
            }
            run.writeBytes(e.getValue());
            end = e.getKey() + 8;
        }
        if (run.size() > 0) {
            patches.add(new Patch(end - run.size(), run.toByteArray()));
        }
    }

    private static void write(Memory to, Patch p) throws IOException {
        if (!to.write(p.address, p.bytes.rewind())) {
            throw new IOException("cannot write into the program's memory");
        }
    }

    /**
     * Puts everything into a process that stands at its entry; it stands there still afterwards. Quickly: see {@link Tracer}.
     *
     * @param registers to be used; those of the entry afterwards @return {the clock when it was let go, the counter when it began to run}
     */
    long[] enter(Host host, int pid, Memory to, Registers registers, Registers scratch) throws IOException {
        registers.get(pid);
        write(to, stub);
        long began = System.nanoTime();
        host.ptrace(Host.PTRACE_CONT, pid, 0, 0);
        trapped(host, pid);
        scratch.get(pid);
        if (scratch.bx() != dataAt || scratch.bp() != codeAt) {
            throw new IOException("the program cannot map " + file.path + " (errors " + -scratch.bx() + ", " + -scratch.bp() + ")");
        }
        write(to, underStub);
        for (Patch p : patches) {
            write(to, p);
        }
        return new long[] {began, scratch.r12()};
    }

    /** Waits for the breakpoint that the process runs into. */
    static void trapped(Host host, int pid) throws IOException {
        if (host.wait(pid, 0) < 0 || (host.status() & 0xff) != 0x7f || host.status() >> 8 != 5) {
            throw new IOException("the program ended while it was prepared");
        }
    }

    /** The notes, by slot. */
    long[] notes() throws IOException {
        ByteBuffer b = ByteBuffer.wrap(file.read()).order(ByteOrder.LITTLE_ENDIAN);
        long[] notes = new long[slots];
        b.asLongBuffer().get(notes, 0, Math.min(slots, b.remaining() / 8));
        return notes;
    }
}
