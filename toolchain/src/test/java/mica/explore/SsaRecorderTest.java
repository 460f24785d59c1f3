// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mica.base.Sources;
import mica.code.Amd64Backend;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.ssa.Func;
import mica.ssa.Parser;
import mica.ssa.pass.PassContext;
import mica.ssa.pass.PassList;
import org.junit.jupiter.api.Test;

/** A function given as SSA text goes through all passes and the code generator while it is recorded. */
class SsaRecorderTest {
    private static final String TEXT = """
            func p/q.f {
            b0:
              v0 = CONST I64 #2
              v1 = CONST I64 #3
              v2 = ADD I64 v0 v1
              RETURN
              RET
            }
            """;

    private static SsaRecorder record(String wanted, Sources sources) {
        SymbolTable symbols = new SymbolTable();
        SsaRecorder r = new SsaRecorder(wanted);
        Func f = Parser.parse(TEXT, n -> symbols.lookup(n, 1));
        if (r.wants(f)) {
            r.after("build", f, 0);
            PassList.run(f, new PassContext(n -> null, true, java.util.Set.of(), true, r));
            new Amd64Backend(symbols, sources, r).emit(f, new Symbol(f.name, 1));
        }
        return r;
    }

    @Test
    void theCodeIsCompleteAndEachInstructionSaysWhy() {
        SsaRecord r = record("p/q.f", new Sources()).record();
        int next = 0;
        for (SsaRecord.Inst i : r.code) {
            assertEquals(next, i.offset());
            next += i.bytes().length;
            assertTrue(i.value() >= 0 || i.origin() != mica.obj.Origin.VALUE, i.text());
        }
        assertTrue(next > 0);
    }

    @Test
    void passesSayWhatTheyRemoved() {
        SsaRecord r = record("q.f", new Sources()).record();
        assertEquals("build", r.passes.get(0).name());
        assertEquals("prepare code", r.passes.get(r.passes.size() - 1).name());
        List<Integer> removed = r.passes.stream().flatMapToInt(p -> java.util.Arrays.stream(p.removed())).boxed().sorted().toList();
        assertTrue(removed.containsAll(List.of(0, 1, 2)), "removed: " + removed);
    }

    @Test
    void jsonNamesVersionAndView() {
        Sources sources = new Sources();
        String json = SsaView.json(record("q.f", sources).record(), sources);
        assertTrue(json.startsWith("{\"version\":1,\"view\":\"ssa\",\"func\":\"p/q.f\""), json);
    }

    @Test
    void onlyWholeNamesMatch() {
        assertTrue(record("f", new Sources()).record() != null);
        assertEquals(null, record(".f", new Sources()).record());
        assertEquals(null, record("xf", new Sources()).record());
    }
}
