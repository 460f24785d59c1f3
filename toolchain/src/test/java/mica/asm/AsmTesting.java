// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.HexFormat;
import java.util.List;
import mica.base.SourceFile;
import mica.obj.PcTable;
import mica.obj.Symbol;

final class AsmTesting {
    private AsmTesting() {}

    /** The code bytes of each line (from 1), as hex; null where a line has none. */
    static String[] bytesByLine(List<Symbol> symbols, SourceFile source) {
        String[] lines = new String[source.lineCount() + 2];
        for (Symbol s : symbols) {
            if (s.func == null) {
                continue;
            }
            PcTable t = s.func.pcpos;
            for (int i = 0; i < t.count; i++) {
                int end = i + 1 < t.count ? t.pc[i + 1] : (int) s.size;
                int line = source.line(t.value[i]);
                String hex = HexFormat.of().formatHex(s.data, t.pc[i], end);
                lines[line] = lines[line] == null ? hex : lines[line] + hex;
            }
        }
        return lines;
    }
}
