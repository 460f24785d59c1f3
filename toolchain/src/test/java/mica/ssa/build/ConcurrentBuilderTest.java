// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;
import mica.syntax.Parser;
import mica.types.MethodSets;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Program;
import mica.types.Type;
import org.junit.jupiter.api.Test;

/** Several workers that need the same things at the same moment. */
class ConcurrentBuilderTest {
    private static final int TYPES = 2000;
    private static final int WORKERS = 4;
    private static final int ROUNDS = 5;

    /**
     * Who asks for a function gets a symbol that somebody defines, even while another worker is just making it: a wrapper's name is
     * not found again through the source.
     */
    @Test
    void functionsAreCompleteWhenTheyCanBeSeen() throws Exception {
        Set<String> incomplete = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < ROUNDS; round++) {
            race(incomplete);
        }
        assertEquals(Set.of(), incomplete);
    }

    private static void race(Set<String> incomplete) throws Exception {
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        Map<String, Pkg> packages = new HashMap<>();
        StringBuilder text = new StringBuilder("package main\n");
        for (int i = 0; i < TYPES; i++) {
            text.append("type T").append(i).append(" int\nfunc (T").append(i).append(") M() {}\n");
        }
        packages.put("main", parse(text.toString(), sources, diagnostics));
        Program program = new Program(sources, diagnostics, (from, path) -> packages.get(path));
        Pkg main = program.check(packages.get("main"));
        assertTrue(diagnostics.isEmpty());
        ProgramBuilder c = new ProgramBuilder(program, new SymbolTable(), Map.of(), (f, out) -> {});
        List<Type> types = new ArrayList<>();
        for (int i = 0; i < TYPES; i++) {
            types.add(new Pointer(main.scope.here("T" + i).type));
        }
        CyclicBarrier start = new CyclicBarrier(WORKERS);
        List<Thread> workers = new ArrayList<>();
        for (int w = 0; w < WORKERS; w++) {
            workers.add(Thread.ofPlatform().start(() -> ask(c, types, start, incomplete)));
        }
        for (Thread t : workers) {
            t.join();
        }
    }

    private static void ask(ProgramBuilder c, List<Type> types, CyclicBarrier start, Set<String> incomplete) {
        try {
            start.await();
        } catch (Exception e) {
            incomplete.add(e.toString());
            return;
        }
        for (Type t : types) {
            Symbol s = c.interfaceMethod(t, MethodSets.of(t)[0]);
            if (!s.isDefined() && s.definer == null) {
                incomplete.add(s.name + " has no definer");
            } else if (!(s.origin instanceof Fn)) {
                incomplete.add(s.name + " does not know its function");
            }
        }
    }

    private static Pkg parse(String text, Sources sources, Diagnostics diagnostics) {
        SourceFile source = sources.add("main.go", text.getBytes(StandardCharsets.UTF_8));
        Pkg p = new Pkg("main", "main");
        p.goVersion = "go1.27";
        p.files = List.of(Parser.parseFile(source, diagnostics));
        return p;
    }
}
