// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.code;

import java.util.Arrays;
import java.util.TreeSet;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Op;
import mica.base.Sources;
import mica.base.SourceFile;
import mica.obj.FuncInfo;
import mica.obj.PcTable;
import mica.obj.Symbol;
import mica.ssa.AbiSig;
import mica.ssa.CallInfo;
import mica.ssa.FuncNotes;
import mica.ssa.InlineSite;
import mica.ssa.MType;
import mica.ssa.Slot;

/**
 * What the runtime must know of a function: SP offsets, positions, inlined calls, pointer maps.
 *
 * <p>Pointer maps, agreed with the runtime (unwind.go, stack.go): FUNCDATA 0 (arguments) and 1 (locals) are {n int32, nbit int32,
 * n bitmaps of (nbit+7)/8 bytes}; PCDATA 1 at return address - 1 selects bitmap number i of both. Bit i of an argument bitmap is the
 * word at argp + 8*i, argp being the address above the return address; the ABI's spill area follows the stack arguments and is marked
 * only in the map of the call of morestack. Bit i of a locals bitmap is the word at varp - 8*nbit + 8*i, varp being the address of
 * the saved BP. Stack arguments are marked always, words of variables and homes of values at calls behind which they may be read
 * ({@link SlotLiveness}). Map 0 holds everywhere else: only what is read after a recovered panic is marked. A function without any
 * pointer in its frame has neither tables nor PCDATA. FUNCDATA 2 lists variables that pointers may lead to: {n int32}, then n times
 * {offset from varp int32, nbit int32, bitmap padded to 4 bytes}, by ascending offset.
 */
final class Tables {
    /** Steps of one table: from instruction {@code at[i]} on the value is {@code value[i]}. */
    private static final class Steps {
        int count;
        int[] at = new int[16];
        int[] value = new int[16];

        void add(int instruction, int v) {
            if (count > 0 && at[count - 1] == instruction) {
                count--;
            }
            if (count > 0 && value[count - 1] == v) {
                return;
            }
            if (count == at.length) {
                at = Arrays.copyOf(at, count * 2);
                value = Arrays.copyOf(value, count * 2);
            }
            at[count] = instruction;
            value[count++] = v;
        }

        void into(PcTable t, Amd64Code c) {
            for (int i = 0; i < count; i++) {
                t.add(c.start(at[i]), value[i]);
            }
        }
    }

    private static final int ID_WRAPPER = 23;

    final MFunc m;
    final Symbol out;
    final FuncInfo info;
    private final Amd64Code c;
    private final Frame frame;
    private final SlotLiveness slots;
    private final Sources sources;
    private final Steps sp = new Steps();
    private final Steps maps = new Steps();
    private final Steps inlines = new Steps();
    /** Number of the instruction that calls deferreturn in the recover block; -1 = none. */
    int recoverCall = -1;

    private InlineSite[] sites = new InlineSite[4];
    private int siteCount;
    /** Instruction that stands for the call of a site in its parent. */
    private int[] siteMark = new int[4];

    private final int argBits;
    private final int argStackBits;
    private final int localBits;
    private byte[][] argMaps = new byte[8][];
    private byte[][] localMaps = new byte[8][];
    private int mapCount;
    private final byte[] baseLocals;
    private final byte[] baseArgs;
    private byte[] scratch;

    Tables(MFunc m, Amd64Code c, Frame frame, SlotLiveness slots, Symbol out, Sources sources) {
        this.m = m;
        this.c = c;
        this.frame = frame;
        this.slots = slots;
        this.out = out;
        this.sources = sources;
        info = new FuncInfo();
        AbiSig sig = m.f.sig;
        argStackBits = stackArgBits(sig);
        argBits = Math.max(argStackBits, spillBits(sig));
        localBits = localBits();
        baseArgs = new byte[bytes(argBits)];
        markStackArgs(sig);
        baseLocals = new byte[bytes(localBits)];
        markSlots(baseLocals, null);
        scratch = new byte[bytes(localBits)];
        map(baseArgs, baseLocals);
    }

    private static int bytes(int bits) {
        return bits + 7 >> 3;
    }

    private static int stackArgBits(AbiSig sig) {
        int n = 0;
        for (AbiSig.Loc l : sig.args) {
            if (l.reg < 0 && (l.type == MType.PTR && l.byvalSize == 0)) {
                n = Math.max(n, l.stackOffset / 8 + 1);
            } else if (l.reg < 0 && l.byvalPtrMask != null) {
                n = Math.max(n, l.stackOffset / 8 + l.byvalSize / 8);
            }
        }
        return n;
    }

    private int spillBits(AbiSig sig) {
        int n = 0;
        for (int i = 0; i < sig.args.length; i++) {
            AbiSig.Loc l = sig.args[i];
            if (m.argUsed[i] && l.type == MType.PTR) {
                n = Math.max(n, l.spillOffset / 8 + 1);
            }
        }
        return n;
    }

    private void markStackArgs(AbiSig sig) {
        for (AbiSig.Loc l : sig.args) {
            if (l.reg >= 0) {
                continue;
            }
            if (l.byvalSize == 0) {
                if (l.type == MType.PTR) {
                    mark(baseArgs, l.stackOffset / 8);
                }
            } else if (l.byvalPtrMask != null) {
                for (int w = 0; w < l.byvalSize / 8; w++) {
                    if (w / 8 < l.byvalPtrMask.length && (l.byvalPtrMask[w / 8] >> (w % 8) & 1) != 0) {
                        mark(baseArgs, l.stackOffset / 8 + w);
                    }
                }
            }
        }
    }

    private static void mark(byte[] map, int bit) {
        map[bit >> 3] |= (byte) (1 << (bit & 7));
    }

    /** Words from the lowest that may hold a pointer up to the saved BP. */
    private int localBits() {
        int low = Integer.MAX_VALUE;
        for (Slot s : m.f.slots) {
            if (frame.slotUsed[s.id] && Frame.hasPointers(s)) {
                low = Math.min(low, s.offset);
            }
        }
        for (int v = 0; v < m.vregs; v++) {
            if (m.slot[v] >= 0 && m.type[v] == MType.PTR) {
                low = Math.min(low, frame.spills + 8 * m.slot[v]);
            }
        }
        return low == Integer.MAX_VALUE ? 0 : (frame.size - 8 - low) / 8;
    }

    private void markLocal(byte[] map, int offset) {
        mark(map, localBits - (frame.size - 8 - offset) / 8);
    }

    private void markSlots(byte[] map, Inst call) {
        slots.each(call, (s, word) -> {
            if (word >= 0) {
                markLocal(map, s.offset + 8 * word);
                return;
            }
            for (int w = 0; w * 8L < s.size; w++) {
                if (SlotLiveness.isPointer(s, w)) {
                    markLocal(map, s.offset + 8 * w);
                }
            }
        });
    }

    private int map(byte[] args, byte[] locals) {
        for (int i = 0; i < mapCount; i++) {
            if (Arrays.equals(argMaps[i], args) && Arrays.equals(localMaps[i], locals)) {
                return i;
            }
        }
        if (mapCount == argMaps.length) {
            argMaps = Arrays.copyOf(argMaps, mapCount * 2);
            localMaps = Arrays.copyOf(localMaps, mapCount * 2);
        }
        argMaps[mapCount] = args.clone();
        localMaps[mapCount] = locals.clone();
        return mapCount++;
    }

    int base() {
        return 0;
    }

    /** At the call of morestack: register arguments lie in the spill area, there are no locals yet. */
    int entry() {
        byte[] args = baseArgs.clone();
        for (int i = 0; i < m.f.sig.args.length; i++) {
            AbiSig.Loc l = m.f.sig.args[i];
            if (m.argUsed[i] && l.type == MType.PTR) {
                mark(args, l.spillOffset / 8);
            }
        }
        return map(args, new byte[bytes(localBits)]);
    }

    int at(Inst call) {
        if (call.livePointers.length == 0 && call.liveWords == null) {
            return 0;
        }
        Arrays.fill(scratch, (byte) 0);
        markSlots(scratch, call);
        for (int v : call.livePointers) {
            if (m.slot[v] >= 0) {
                markLocal(scratch, frame.spills + 8 * m.slot[v]);
            }
        }
        return map(baseArgs, scratch);
    }

    // What the maps hold, in the words of the source.

    /** Notes what the map of a call marks. */
    void noteLive(Inst call) {
        TreeSet<String> names = parameters(false);
        slots.each(call, (s, word) -> names.add(s.name.startsWith(".") ? ".autotmp_" + s.id : s.name));
        for (int v : call.livePointers) {
            if (m.slot[v] >= 0) {
                String name = m.f.notes.nameOf(v);
                names.add(name == null ? "v" + v : name);
            }
        }
        CallInfo info = (CallInfo) call.aux;
        String callee = info.ref != null ? info.ref.shownName() : info.callee != null ? info.callee.name : "";
        note(call.origin.pos, call.origin.inline, callee.isEmpty() ? "indirect call" : "call to " + withoutPackage(callee), names);
    }

    /** Parameters with pointers in the caller's frame, and in registers those that are used. */
    private TreeSet<String> parameters(boolean registers) {
        TreeSet<String> names = new TreeSet<>();
        for (FuncNotes.Param p : m.f.notes.params) {
            boolean found = false;
            for (int i = p.first(); i < p.end(); i++) {
                found |= m.f.sig.args[i].reg < 0 || registers && m.argUsed[i];
            }
            if (found && p.pointers()) {
                names.add(p.name());
            }
        }
        return names;
    }

    private void note(int pos, InlineSite inline, String what, TreeSet<String> names) {
        if (!names.isEmpty()) {
            m.f.notes.live.add(new FuncNotes.Live(pos, inline, what, names));
        }
    }

    private static String withoutPackage(String name) {
        int dot = name.indexOf('.', name.lastIndexOf('/', name.contains("[") ? name.indexOf('[') : name.length()) + 1);
        return name.startsWith("(") ? name : name.substring(dot + 1);
    }

    // Steps at the next instruction.

    void sp(int depth) {
        sp.add(c.count(), depth);
    }

    void stackMap(int index) {
        maps.add(c.count(), index);
    }

    void inline(InlineSite site) {
        inlines.add(c.count(), indexOf(site));
    }

    private int indexOf(InlineSite site) {
        if (site == null) {
            return -1;
        }
        for (int i = siteCount - 1; i >= 0; i--) {
            if (sites[i] == site) {
                return i;
            }
        }
        indexOf(site.parent);
        if (siteCount == sites.length) {
            sites = Arrays.copyOf(sites, siteCount * 2);
            siteMark = Arrays.copyOf(siteMark, siteCount * 2);
        }
        sites[siteCount] = site;
        return siteCount++;
    }

    /** Gives every inlined call an instruction with the position of the call: one that exists, or a byte that is never reached. */
    void inlineMarks(Emitter e) {
        if (siteCount == 0) {
            return;
        }
        Arrays.fill(siteMark, -1);
        int n = c.count();
        int step = 0;
        int open = siteCount;
        for (int i = 0; i < n && open > 0; i++) {
            while (step < inlines.count && inlines.at[step] <= i) {
                step++;
            }
            int here = step == 0 ? -1 : inlines.value[step - 1];
            int pos = c.position(i);
            for (int k = 0; k < siteCount; k++) {
                if (siteMark[k] < 0 && callPosition(e, k) == pos && indexOf(sites[k].parent) == here) {
                    siteMark[k] = i;
                    open--;
                }
            }
        }
        for (int k = 0; k < siteCount; k++) {
            if (siteMark[k] < 0) {
                siteMark[k] = c.count();
                inline(sites[k].parent);
                c.pos(callPosition(e, k));
                c.emit(Amd64Op.XCHGL, mica.arch.amd64.Amd64.AX, mica.arch.amd64.Amd64.AX);
            }
        }
    }

    /** Calls in generated code have the position of their function. */
    private int callPosition(Emitter e, int site) {
        return sites[site].callPos != 0 ? sites[site].callPos : e.m.f.pos;
    }

    /** After the code's offsets are known. */
    void finish() {
        if (m.f.notes != null && m.f.notes.live != null) {
            note(m.f.pos, null, "entry to " + withoutPackage(m.f.notes.name), parameters(true));
        }
        FuncInfo i = info;
        i.args = m.f.sig.stackSize;
        i.frame = frame.size;
        i.startLine = line(m.f.pos);
        i.funcId = m.f.wrapper ? ID_WRAPPER : special(m.f.name);
        i.textFlags = (m.f.nosplit ? 4 : 0) | (m.f.wrapper ? 32 : 0) | (m.f.needsContext ? 64 : 0);
        i.deferReturn = recoverCall < 0 ? 0 : c.start(recoverCall);
        sp.into(i.pcsp, c);
        for (int k = 0; k < c.count(); k++) {
            i.pcpos.add(c.start(k), c.position(k));
        }
        if (siteCount > 0) {
            i.pcdata[FuncInfo.PCDATA_INL_TREE] = new PcTable();
            inlines.into(i.pcdata[FuncInfo.PCDATA_INL_TREE], c);
            for (int k = 0; k < siteCount; k++) {
                FuncInfo.InlinedCall x = new FuncInfo.InlinedCall();
                x.parent = indexOf(sites[k].parent);
                x.name = sites[k].callee.shownName();
                x.pos = sites[k].callPos;
                x.startLine = line(sites[k].callee.pos);
                x.parentPc = c.start(siteMark[k]);
                i.inlined.add(x);
            }
        }
        if (m.f.ref != null) {
            String shown = m.f.ref.shownName();
            i.shownName = shown.equals(m.f.name) ? null : shown;
        }
        if (localBits > 0 || argBits > 0) {
            i.pcdata[FuncInfo.PCDATA_STACK_MAP] = new PcTable();
            maps.into(i.pcdata[FuncInfo.PCDATA_STACK_MAP], c);
            i.funcdata[FuncInfo.FUNCDATA_ARGS_POINTER_MAPS] = maps(argMaps, argBits);
            i.funcdata[FuncInfo.FUNCDATA_LOCALS_POINTER_MAPS] = maps(localMaps, localBits);
            i.funcdata[FuncInfo.FUNCDATA_STACK_OBJECTS] = objects();
        }
        out.func = i;
    }

    /** Variables that pointers may lead to; null = none. */
    private Symbol objects() {
        Slot[] found = m.f.slots.stream().filter(s -> slots.precise && slots.objects[s.id] && Frame.hasPointers(s))
                .sorted(java.util.Comparator.comparingInt(s -> s.offset)).toArray(Slot[]::new);
        if (found.length == 0) {
            return null;
        }
        int size = 4;
        for (Slot s : found) {
            size += 8 + (bytes(words(s)) + 3 & -4);
        }
        byte[] b = new byte[size];
        put(b, 0, found.length);
        int at = 4;
        for (Slot s : found) {
            put(b, at, s.offset - (frame.size - 8));
            put(b, at + 4, words(s));
            at += 8;
            for (int w = 0; w < words(s); w++) {
                if (SlotLiveness.isPointer(s, w)) {
                    b[at + w / 8] |= (byte) (1 << w % 8);
                }
            }
            at += bytes(words(s)) + 3 & -4;
        }
        return m.symbols.metadata("gclocals.", b, b.length);
    }

    private static int words(Slot s) {
        return Math.toIntExact(s.size + 7 >> 3);
    }

    private Symbol maps(byte[][] bitmaps, int bits) {
        int w = bytes(bits);
        byte[] b = new byte[8 + mapCount * w];
        put(b, 0, mapCount);
        put(b, 4, bits);
        for (int k = 0; k < mapCount; k++) {
            System.arraycopy(bitmaps[k], 0, b, 8 + k * w, w);
        }
        return m.symbols.metadata("gclocals.", b, b.length);
    }

    private static void put(byte[] b, int at, int v) {
        for (int k = 0; k < 4; k++) {
            b[at + k] = (byte) (v >> 8 * k);
        }
    }

    private int line(int pos) {
        SourceFile s = sources == null ? null : sources.file(pos);
        return s == null ? 0 : s.line(pos);
    }

    /** internal/abi.FuncID of functions that tracebacks know. */
    private static int special(String name) {
        if (!name.startsWith("runtime.")) {
            // recover looks through these
            return name.equals("reflect.callReflect") || name.equals("reflect.callMethod") ? ID_WRAPPER : 0;
        }
        return switch (name) {
            case "runtime.gcBgMarkWorker" -> 7;
            case "runtime.gopanic" -> 10;
            case "runtime.handleAsyncEvent" -> 11;
            case "runtime.panicwrap" -> 15;
            case "runtime.main" -> 17;
            case "runtime.runFinalizers" -> 18;
            case "runtime.runCleanups" -> 19;
            case "runtime.sigpanic" -> 20;
            case "runtime.deferreturn", "runtime.runPanicDefers", "runtime.reflectcall" -> ID_WRAPPER;
            default -> 0;
        };
    }
}
