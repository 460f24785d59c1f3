// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import mica.arch.Llvm;
import mica.base.Fault;
import mica.obj.Elf;
import mica.obj.ElfObject;
import mica.obj.SymKind;
import mica.obj.Symbol;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random instructions are for llvm-objdump what they are for us: of the same length, mnemonic and operands. */
class LlvmTest {
    private static final int OLDEST = 14;
    private static final int COUNT = Integer.getInteger("mica.test.random", 40_000);

    /**
     * Mnemonics whose bytes LLVM does not know or does not take: Knights Mill's and Knights Corner's, instructions that
     * 64-bit mode has not, prefixes (they belong to the next instruction), and forms that Go encodes in its own way.
     */
    private static boolean isForeign(String op) {
        return op.startsWith("V4F") || op.startsWith("VP4D") || op.contains("PF0") || op.contains("PF1") || op.startsWith("VEXP2")
                || op.startsWith("VRCP28") || op.startsWith("VRSQRT28") || op.equals("LOCK") || op.startsWith("REP")
                || op.startsWith("X") && op.contains("ELEASE") || op.equals("XACQUIRE")
                || op.equals("WAIT") || op.equals("FCLEX") || op.equals("FINIT") || op.equals("FSAVE") || op.equals("FSTCW")
                || op.equals("FSTENV") || op.equals("FSTSW") || op.startsWith("FCOMD") || op.equals("FUCOMPP")
                || op.equals("ICEBP") || op.equals("UD1");
    }

    /**
     * Mnemonics whose text differs though the length agrees: LLVM 14 misses the factor of their 8-bit displacements (the encoding is
     * asserted by the standard assembler's tests), names them otherwise, or has them without the prefix.
     */
    private static final Set<String> OTHERWISE = Set.of("VGF2P8AFFINEINVQB", "VGF2P8AFFINEQB", "VMOVQ", "LEAVEW", "XCHGW", "XCHGQ", "XABORT");

    @Test
    void textsAgree(@TempDir Path dir) throws IOException, InterruptedException {
        String objdump = Llvm.objdump(OLDEST);
        Assumptions.assumeTrue(objdump != null, "no llvm-objdump of version " + OLDEST + " or later is installed");
        RandomOperands r = new RandomOperands(99);
        Amd64Code code = new Amd64Code(Amd64Table.all());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> starts = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<String> gnu = new ArrayList<>();
        Amd64Decoder decoder = new Amd64Decoder();
        Amd64Inst inst = new Amd64Inst();
        for (int i = 0; i < COUNT; i++) {
            code.reset();
            if (!r.next(code) || isForeign(r.op.name())) {
                continue;
            }
            try {
                if (code.suffixProblem(r.op, r.suffix, r.operands, r.n) != null
                        || code.tryEmit(r.op, r.suffix, r.operands, r.n) < 0) {
                    continue;
                }
            } catch (Fault e) {
                continue;
            }
            boolean toMemory = Amd64.kind(r.operands[r.n == 0 ? 0 : r.n - 1]) == Amd64.MEM;
            if ((r.suffix & Amd64Suffix.Z) != 0 && toMemory) {
                // Go's assembler takes zeroing of memory, the CPU does not.
                continue;
            }
            code.finish();
            if (code.size() == 0) {
                continue;
            }
            starts.add(bytes.size());
            texts.add(code.print(0));
            byte[] b = code.toBytes();
            StringBuilder text = new StringBuilder();
            if (decoder.decode(b, 0, b.length, inst)) {
                Amd64Gnu.print(text, inst, bytes.size());
            }
            gnu.add(text.toString());
            bytes.writeBytes(b);
            // Enough padding to be in step again after whatever LLVM makes of it.
            bytes.writeBytes(HexFormat.of().parseHex("909090909090909090909090909090"));
        }
        Symbol s = new Symbol("f", 0);
        s.data = bytes.toByteArray();
        s.size = s.data.length;
        s.kind = SymKind.TEXT;
        Path file = dir.resolve("r.o");
        Files.write(file, ElfObject.write(Elf.EM_X86_64, "r.s", List.of(s), List.of()));
        TreeMap<Integer, String> theirs = disassemble(objdump, file);
        TreeMap<String, String> bad = new TreeMap<>();
        for (int i = 0; i < starts.size(); i++) {
            int at = starts.get(i);
            int next = i + 1 < starts.size() ? starts.get(i + 1) : (int) s.size;
            int length = next - at - 15;
            String text = theirs.get(at);
            Integer end = theirs.higherKey(at);
            if (text == null || text.contains("<unknown>") || text.contains("(bad)") || end == null || end - at != length) {
                String hex = HexFormat.of().formatHex(s.data, at, at + length);
                bad.putIfAbsent(texts.get(i).split("[ .]")[0], texts.get(i) + ": " + hex + ": " + text);
            } else if (!OTHERWISE.contains(texts.get(i).split("[ .]")[0]) && !LlvmText.normal(text).equals(LlvmText.normal(gnu.get(i)))) {
                bad.putIfAbsent(texts.get(i).split("[ .]")[0],
                        texts.get(i) + ": " + LlvmText.normal(text) + ", not " + LlvmText.normal(gnu.get(i)));
            }
        }
        assertTrue(starts.size() > COUNT / 3);
        assertEquals("", String.join("\n", bad.values()), bad.size() + " mnemonics");
    }

    private static TreeMap<Integer, String> disassemble(String objdump, Path file) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(objdump, "-d", "--mattr=+all", "--no-show-raw-insn", file.toString())
                .redirectErrorStream(true).start();
        TreeMap<Integer, String> lines = new TreeMap<>();
        try (BufferedReader in = p.inputReader()) {
            for (String l = in.readLine(); l != null; l = in.readLine()) {
                int colon = l.indexOf(':');
                if (colon > 0 && l.substring(0, colon).trim().matches("[0-9a-f]+")) {
                    lines.put(Integer.parseInt(l.substring(0, colon).trim(), 16), l.substring(colon + 1).trim());
                }
            }
        }
        assertEquals(0, p.waitFor());
        return lines;
    }
}
