// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Printer;
import mica.arch.amd64.Amd64Table;
import mica.arch.amd64.RandomOperands;
import mica.base.Diagnostics;
import mica.base.Fault;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import org.junit.jupiter.api.Test;

/** Random instructions, encoded, decoded and printed, assemble to the same bytes. */
class TextRoundTripTest {
    private static final int COUNT = Integer.getInteger("mica.test.random", 100_000);

    @Test
    void printedInstructionsAssembleToTheSameBytes() {
        RandomOperands r = new RandomOperands(4711);
        Amd64Code code = new Amd64Code(Amd64Table.all());
        Amd64Decoder decoder = new Amd64Decoder();
        Amd64Inst inst = new Amd64Inst();
        TreeMap<String, String> bad = new TreeMap<>();
        int checked = 0;
        for (int round = 0; round * 10_000 < COUNT; round++) {
            List<String> hex = new ArrayList<>();
            StringBuilder text = new StringBuilder("TEXT f(SB), 516, $0-0\n");
            // A RET where the stack is not as it was is refused: those stand apart.
            StringBuilder returns = new StringBuilder("TEXT returns(SB), 516, $0-0\n");
            List<String> returnsHex = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                code.reset();
                if (!r.next(code)) {
                    continue;
                }
                try {
                    if (Amd64Checks.gather(r.op, r.operands, r.n) != null || code.suffixProblem(r.op, r.suffix, r.operands, r.n) != null
                            || code.tryEmit(r.op, r.suffix, r.operands, r.n) < 0) {
                        continue;
                    }
                } catch (Fault e) {
                    continue;
                }
                code.finish();
                byte[] b = code.toBytes();
                if (b.length == 0 || !decoder.decode(b, 0, b.length, inst)) {
                    continue;
                }
                boolean ret = r.op.name().startsWith("RET");
                (ret ? returns : text).append('\t').append(Amd64Printer.print(inst, 0, 0, a -> null)).append('\n');
                (ret ? returnsHex : hex).add(HexFormat.of().formatHex(b));
            }
            text.append(returns);
            hex.add("");
            hex.addAll(returnsHex);
            Sources sources = new Sources();
            SourceFile file = sources.add("r.s", text.toString().getBytes(StandardCharsets.UTF_8));
            Diagnostics d = new Diagnostics(sources);
            List<Symbol> symbols = Assembler.assemble(file, new AsmOptions(sources), new SymbolTable(), d);
            for (Diagnostics.Entry e : d.sorted()) {
                bad.put(file.lineText(file.line(e.pos)).trim().split(" ")[0], e.text);
            }
            String[] lines = AsmTesting.bytesByLine(symbols, file);
            for (int i = 0; i < hex.size() && d.isEmpty(); i++) {
                String line = file.lineText(i + 2).trim();
                if (!hex.get(i).isEmpty() && !hex.get(i).equals(lines[i + 2])) {
                    bad.putIfAbsent(line.split(" ")[0], hex.get(i) + " " + line + ": " + lines[i + 2]);
                }
                checked++;
            }
        }
        assertEquals("", String.join("\n", bad.values()));
        assertTrue(checked > COUNT / 3);
    }
}
