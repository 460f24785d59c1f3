// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import mica.base.Sources;
import mica.link.Image;
import mica.obj.SymKind;
import mica.obj.Symbol;
import mica.ssa.Func;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of a program that is being edited: as if each were the first. */
class SessionTest {
    private static final String HELLO = "package main\n\nfunc twice(x int) int { return 2 * x }\n\nfunc main() {\n\tf := func() { println(twice(21)) }\n\tf()\n}\n";
    private static final String OTHER = "package main\n\nimport \"errors\"\n\nfunc main() { println(errors.New(\"x\").Error()) }\n";

    @TempDir
    Path dir;

    private Path file;

    private Session session() throws Exception {
        file = dir.resolve("hello.go");
        Files.writeString(file, HELLO);
        Environment env = new Environment(dir, Map.of("GOROOT", TestGoroot.find().toString()), Path.of("..").toAbsolutePath().normalize(), List.of());
        return new Session(env, new BuildOptions(), List.of("hello.go"));
    }

    private static Map<Path, byte[]> edited(Path file, String text) {
        return Map.of(file.toAbsolutePath().normalize(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Notes which passes it has seen. */
    private static final class Notes implements Probe {
        final List<String> passes = new ArrayList<>();
        boolean emitted;

        @Override
        public boolean wants(Func f) {
            return true;
        }

        @Override
        public void after(String pass, Func f, long nanos) {
            passes.add(pass);
        }

        @Override
        public void prepared(Func f, long nanos) {}

        @Override
        public void emitted(Func f, Symbol out, long nanos) {
            emitted = true;
        }

        @Override
        public void linked(Image image, Sources sources) {}
    }

    @Test
    void laterBuildsAreLikeTheFirst() throws Exception {
        Session s = session();
        Session.Build first = s.check(Map.of());
        first.link();
        byte[] bytes = first.image.bytes;
        // Another program with another package, then errors, then the first again.
        Session.Build other = s.check(edited(file, OTHER));
        other.link();
        assertNotNull(other.image);
        assertFalse(java.util.Arrays.equals(bytes, other.image.bytes));
        Session.Build wrong = s.check(edited(file, HELLO + "func bad() { undefined() }\n"));
        assertFalse(wrong.compiles());
        assertEquals("undefined: undefined", wrong.diagnostics.sorted().get(0).text);
        Session.Build again = s.check(Map.of());
        // Looking at functions before the link changes nothing either.
        assertNotNull(again.function("main.main.func1", new Notes()));
        again.link();
        assertArrayEquals(bytes, again.image.bytes);
        // Nothing but the source decides: a session that begins with the other program makes the same of this one.
        Session fresh = session();
        fresh.check(edited(file, OTHER)).link();
        Session.Build last = fresh.check(Map.of());
        last.link();
        assertArrayEquals(bytes, last.image.bytes);
        assertEquals(HELLO, Files.readString(file));
    }

    @Test
    void anyFunctionCanBeAskedFor() throws Exception {
        Session.Build b = session().check(Map.of());
        Notes notes = new Notes();
        assertNotNull(b.function("main.twice", notes));
        assertTrue(notes.passes.size() > 10 && notes.passes.get(0).equals("build") && notes.emitted);
        assertNull(b.function("main.nothing", new Notes()));
        b.link();
        int n = 0;
        for (Symbol s : b.image.symbols) {
            if (s.kind == SymKind.TEXT && s.foldedInto == null && b.find(s.name) == s && s.pkg.startsWith("internal/") && b.function(s.name, new Notes()) != null) {
                n++;
            }
        }
        assertTrue(n > 5, "only " + n + " functions were compiled again");
    }

    @Test
    void aCancelledBuildEnds() throws Exception {
        Session s = session();
        Session.Build b = s.check(Map.of());
        b.cancel();
        assertThrows(CancellationException.class, b::link);
        Session.Build next = s.check(Map.of());
        next.link();
        assertNotNull(next.image);
    }
}
