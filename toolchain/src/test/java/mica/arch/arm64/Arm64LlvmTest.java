// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.arch.Llvm;
import mica.obj.Elf;
import mica.obj.ElfObject;
import mica.obj.SymKind;
import mica.obj.Symbol;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random words are for llvm-objdump the instructions that they are for us, with the same operands. */
class Arm64LlvmTest {
    private static final int COUNT = Integer.getInteger("mica.test.random", 40_000);
    /** LLVM 17 is the first that knows the scalable vectors of Go's tests. */
    private static final int OLDEST = 17;

    /** Mnemonics that LLVM writes in another way for some operands: their usual constant is left away, or written though it is usual. */
    private static final Set<String> OTHERWISE = Set.of("CLREX", "ISB");

    /** Aliases that LLVM prefers for some operands: pattern of the plain text, the alias. */
    private static final String[][] ALIASES = {
            {"^negs ([xw])zr, (.*)$", "cmp $1zr, $2"},
            {"^and (p\\d+\\.b), (p\\d+)/z, (p\\d+\\.b), \\3$", "mov $1, $2/z, $3"},
            {"^orr (p\\d+\\.b), (p\\d+)/z, \\2\\.b, \\2\\.b$", "mov $1, $2.b"},
            {"^(and|orr)s (p\\d+\\.b), (p\\d+)/z, (p\\d+\\.b), \\4$", "movs $2, $3/z, $4"},
            {"^eor(s?) (p\\d+\\.b), (p\\d+)/z, (p\\d+\\.b), \\3\\.b$", "not$1 $2, $3/z, $4"},
            {"^sel ([zp]\\d+\\.[bhsd]), (p\\d+), ([zp]\\d+\\.[bhsd]), \\1$", "mov $1, $2/m, $3"},
            {"^orr (z\\d+\\.d), (z\\d+\\.d), \\2$", "mov $1, $2"},
            {"^s(?:bfx|bfiz) ([xw]\\w+), [xw]zr, #0, #8$", "sxtb $1, wzr"},
            {"^s(?:bfx|bfiz) ([xw]\\w+), [xw]zr, #0, #16$", "sxth $1, wzr"},
            {"^s(?:bfx|bfiz) ([xw]\\w+), [xw]zr, #0, #32$", "sxtw $1, wzr"},
            {"^ubfx (w\\w+), wzr, #0, #8$", "uxtb $1, wzr"},
            {"^ubfx (w\\w+), wzr, #0, #16$", "uxth $1, wzr"},
            {"^mov (z\\d+)\\.([bhsdq]), z(\\d+)\\.\\2\\[0\\]$", "mov $1.$2, $2$3"},
            {", xzr(?:, lsl #\\d)?\\]$", "]"},
    };

    @Test
    void textsAgree(@TempDir Path dir) throws IOException, InterruptedException {
        String objdump = Llvm.objdump(OLDEST);
        Assumptions.assumeTrue(objdump != null, "no llvm-objdump of version " + OLDEST + " or later is installed");
        RandomWords r = new RandomWords(77);
        Symbol s = new Symbol("f", 0);
        s.kind = SymKind.TEXT;
        String[] texts = new String[COUNT];
        String[] names = new String[COUNT];
        for (int n = 0; n < COUNT; n++) {
            while (!r.next()) {
                continue;
            }
            s.put(4 * n, r.word, 4);
            texts[n] = Arm64Gnu.print(r.inst, r.word, 4L * n, a -> null);
            names[n] = r.inst.mnemonic;
        }
        s.align = 4;
        Path object = dir.resolve("a.o");
        Files.write(object, ElfObject.write(Elf.EM_AARCH64, "a.s", List.of(s), List.of()));
        Pattern line = Pattern.compile("^\\s*([0-9a-f]+):\\s+(.*)$");
        TreeMap<String, String> bad = new TreeMap<>();
        int compared = 0;
        int unknown = 0;
        Process p = new ProcessBuilder(objdump, "-d", "-z", "--mattr=+all", "--no-show-raw-insn", object.toString()).start();
        try (BufferedReader in = p.inputReader(StandardCharsets.UTF_8)) {
            for (String l = in.readLine(); l != null; l = in.readLine()) {
                Matcher m = line.matcher(l);
                if (!m.find()) {
                    continue;
                }
                int n = Integer.parseInt(m.group(1), 16) / 4;
                String theirs = m.group(2).replaceAll("\\s*(//|<).*$", "").replaceAll("\\s+", " ").trim();
                if (l.contains("<unknown>") || texts[n].startsWith(".inst")) {
                    unknown++;
                } else if (!usual(theirs).equals(usual(texts[n].replaceAll(" <.*", "")))) {
                    bad.putIfAbsent(names[n], String.format("%08x", word(s, n)) + " ours " + texts[n] + ", theirs " + theirs);
                } else {
                    compared++;
                }
            }
        }
        p.waitFor();
        bad.keySet().removeAll(OTHERWISE);
        assertEquals("", String.join("\n", bad.values()), bad.size() + " mnemonics");
        assertTrue(compared > COUNT * 4 / 5, compared + " compared, " + unknown + " unknown to LLVM or without text");
    }

    /**
     * A text without what is a matter of taste: lists are written out, an index of zero is left away, an atomic operation whose old value
     * goes nowhere is a load.
     */
    private static String usual(String s) {
        Matcher range = Pattern.compile("z(\\d+)(\\.[bhsdq]) - z(\\d+)\\.[bhsdq]").matcher(s);
        if (range.find()) {
            StringBuilder b = new StringBuilder();
            int last = Integer.parseInt(range.group(3));
            for (int r = Integer.parseInt(range.group(1));; r = r + 1 & 31) {
                b.append(b.isEmpty() ? "z" : ", z").append(r).append(range.group(2));
                if (r == last) {
                    break;
                }
            }
            s = s.substring(0, range.start()) + b + s.substring(range.end());
        }
        Matcher store = Pattern.compile("^st((?:add|clr|eor|set|smax|smin|umax|umin)[lbh]*) ([xw])(\\w+), (\\[.*)$").matcher(s);
        if (store.find()) {
            s = "ld" + store.group(1) + " " + store.group(2) + store.group(3) + ", " + store.group(2) + "zr, " + store.group(4);
        }
        for (String[] a : ALIASES) {
            s = s.replaceFirst(a[0], a[1]);
        }
        return s;
    }

    private static int word(Symbol s, int n) {
        return mica.obj.Bytes.load32(s.data, 4 * n);
    }

    /** A recent llvm-objdump, by name. */
}
