// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import mica.arch.arm64.RandomWords;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Random words, decoded and printed, encode and assemble to the same words. */
class Arm64RoundTripTest {
    private static final int COUNT = Integer.getInteger("mica.test.random", 40_000);

    @Test
    void printedWordsAssembleToThemselves() {
        RandomWords r = new RandomWords(28);
        TreeMap<String, String> bad = new TreeMap<>();
        int done = 0;
        while (done < COUNT) {
            List<String> texts = new ArrayList<>();
            List<Integer> words = new ArrayList<>();
            while (texts.size() < 5000) {
                // $0 is ZR for MSR: its form with a constant cannot be said with 0.
                if (!r.next() || r.hasPlace() || r.text().startsWith("MSR $0,")) {
                    continue;
                }
                int again = r.encode();
                String text = r.text();
                if (again != r.word) {
                    // Bits that do not count, or another form of the same: that one must be stable.
                    if (again == -1 || !r.decode(again) || !text.equals(r.text())) {
                        bad.putIfAbsent(r.inst.mnemonic, Integer.toHexString(r.word) + " " + text + ": encodes to " + Integer.toHexString(again));
                        continue;
                    }
                }
                texts.add(text);
                words.add(again);
            }
            done += texts.size();
            assemble(texts, words, bad);
        }
        assertTrue(done >= COUNT);
        assertEquals("", String.join("\n", bad.values()), bad.size() + " mnemonics");
    }

    private static void assemble(List<String> texts, List<Integer> words, TreeMap<String, String> bad) {
        Sources sources = new Sources();
        SourceFile file = sources.add("a.s",
                ("TEXT f(SB), 516, $0-0\n" + String.join("\n", texts) + "\n").getBytes(StandardCharsets.UTF_8));
        AsmOptions options = new AsmOptions(sources);
        options.arch = "arm64";
        Diagnostics diagnostics = new Diagnostics(sources);
        List<Symbol> symbols = Assembler.assemble(file, options, new SymbolTable(), diagnostics);
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            String t = texts.get(file.line(e.pos) - 2);
            // What the CPU leaves open is refused.
            if (!e.text.startsWith("constrained unpredictable") && !e.text.contains("register pair must")) {
                bad.putIfAbsent(t.split(" ")[0], Integer.toHexString(words.get(file.line(e.pos) - 2)) + " " + t + ": " + e.text);
            }
        }
        if (!diagnostics.isEmpty()) {
            List<String> t = new ArrayList<>(texts);
            List<Integer> w = new ArrayList<>(words);
            int[] lines = diagnostics.sorted().stream().mapToInt(e -> file.line(e.pos) - 2).distinct().sorted().toArray();
            for (int i = lines.length - 1; i >= 0; i--) {
                t.remove(lines[i]);
                w.remove(lines[i]);
            }
            assemble(t, w, bad);
            return;
        }
        byte[] b = symbols.get(0).data;
        String[] hex = AsmTesting.bytesByLine(symbols, file);
        for (int i = 0; i < texts.size(); i++) {
            String want = String.format("%08x", Integer.reverseBytes(words.get(i)));
            String have = hex[i + 2];
            if (have != null && have.length() == 8 && !have.equals(want)) {
                // Constants that both MOVZ and ORR of a mask load: the other word must say the same.
                RandomWords other = new RandomWords(0);
                have = other.decode(Integer.reverseBytes(Integer.parseUnsignedInt(have, 16))) && other.text().equals(texts.get(i)) ? want
                        : have;
            }
            if (have == null || !have.startsWith(want) || have.length() > 8 && i + 1 < texts.size()) {
                bad.putIfAbsent(texts.get(i).split(" ")[0], texts.get(i) + ": bytes " + have + ", want " + want);
            }
        }
        assertTrue(b.length % 16 == 0);
    }
}
