// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to the compiler about a module with a library and a program. */
class ExplainTest {
    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void module() throws IOException {
        env.put("GOROOT", TestGoroot.find().toString());
        env.put("MICA_CACHE", dir.resolve("cache").toString());
        write("go.mod", "module example.com/m\n\ngo 1.27\n");
        write("geo/geo.go", """
                package geo

                type Circle struct{ R int }

                func (c *Circle) Grow(by int) { c.R += limit(by) }

                func Count() func() int {
                	n := 0
                	return func() int { n++; return n }
                }

                func Map[T, U any](in []T, f func(T) U) (out []U) {
                	for _, v := range in {
                		out = append(out, f(v))
                	}
                	return out
                }
                """);
        write("geo/limit.go", "package geo\n\nfunc limit(n int) int { return n & 7 }\n\nvar Narrow = Map[int8, int16]\n");
        write("app/main.go", """
                package main

                import "example.com/m/geo"

                func main() {
                	c := geo.Circle{1}
                	c.Grow(2)
                	println(c.R, len(geo.Map([]int{1}, func(i int) string { return "x" })), geo.Count()())
                }
                """);
    }

    private void write(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String run(int status, String... args) {
        CommandRun r = CommandRun.of(dir, env, args);
        assertEquals(status, r.status(), r.text());
        return r.text();
    }

    @Test
    void aParameterThatLeaksShowsTheWay() throws IOException {
        write("leak/leak.go", """
                package leak

                type T struct{ p *int; q [2]*int }

                var g *int

                func deref(p **int) *int { return *p }

                func part(t T) { g = t.p }

                func two(a, b *int) (x, y *int) { return b, a }

                func later(p *int) func() *int { return func() *int { return p } }

                func stays(p *int) int { return *p }
                """);
        String all = run(0, "tool", "compile", "-m=2", "-p", "leak", "-o", "leak.o", "leak/leak.go");
        StringBuilder flows = new StringBuilder();
        for (String line : all.split("\n")) {
            if (line.contains("leaks to") || line.endsWith(" in later:") || line.contains("  flow: ") || line.contains("    from ")) {
                flows.append(line).append('\n');
            }
        }
        assertEquals("""
                leak/leak.go:7:12: parameter p leaks to ~r0 for deref with derefs=1:
                leak/leak.go:7:12:   flow: ~r0 ← *p:
                leak/leak.go:7:12:     from p (indirection) at leak/leak.go:7:35
                leak/leak.go:7:12:     from p (return) at leak/leak.go:7:28
                leak/leak.go:9:11: parameter t leaks to {heap} for part with derefs=0:
                leak/leak.go:9:11:   flow: {heap} ← t:
                leak/leak.go:9:11:     from t (dot) at leak/leak.go:9:22
                leak/leak.go:9:11:     from t (assign) at leak/leak.go:9:20
                leak/leak.go:11:10: parameter a leaks to y for two with derefs=0:
                leak/leak.go:11:10:   flow: y ← a:
                leak/leak.go:11:10:     from a (return) at leak/leak.go:11:35
                leak/leak.go:11:13: parameter b leaks to x for two with derefs=0:
                leak/leak.go:11:13:   flow: x ← b:
                leak/leak.go:11:13:     from b (return) at leak/leak.go:11:35
                leak/leak.go:13:12: parameter p leaks to {heap} for later with derefs=0:
                leak/leak.go:13:12:   flow: {heap} ← p:
                leak/leak.go:13:12:     from p (captured by a closure) at leak/leak.go:13:41
                leak/leak.go:13:41: func literal escapes to heap in later:
                leak/leak.go:13:41:   flow: {heap} ← &func literal:
                leak/leak.go:13:41:     from func literal (address-of) at leak/leak.go:13:41
                leak/leak.go:13:41:     from func literal (return) at leak/leak.go:13:34
                """, flows.toString());
    }

    @Test
    void whatIsLiveAtCalls() throws IOException {
        write("live/live.go", """
                package live

                type T struct{ a, b *int }

                //go:noinline
                func ext(p *int) {}

                //go:noinline
                func use(t *T) { ext(t.a) }

                func f(p *int, s []int, fn func() *int) int {
                	q := fn()
                	ext(q)
                	var t T
                	t.a = p
                	use(&t)
                	ext(p)
                	return s[0] + *q
                }
                """);
        String all = run(0, "tool", "compile", "-live", "-p", "live", "-o", "live.o", "live/live.go");
        assertEquals("""
                live/live.go:9:6: live at entry to use: t
                live/live.go:11:6: live at entry to f: fn p s
                live/live.go:12:9: live at indirect call: p s
                live/live.go:13:5: live at call to ext: p q s
                live/live.go:16:5: live at call to use: p q s
                live/live.go:17:5: live at call to ext: q s
                """, all);
    }

    @Test
    void aFunctionOfAPackageThatIsNoProgramHasAPage() {
        assertEquals("dumped SSA for example.com/m/geo.(*Circle).Grow to ./ssa.html\n", run(0, "explain", "ssa", "(*Circle).Grow", "./geo"));
        env.put("GOSSAFUNC", "Count");
        assertEquals("dumped SSA for example.com/m/geo.Count to ./ssa.html\n", run(0, "build", "./geo"));
        assertTrue(Files.exists(dir.resolve("ssa.html")));
    }

    @Test
    void aFunctionThatWasInlinedAwayCanBeAskedFor() {
        for (String name : List.of("geo.Circle.Grow", "no.such")) {
            assertTrue(run(1, "explain", "ssa", "-text", name, "./app").startsWith("mica: no one function " + name + " was compiled"), name);
        }
        Map<String, String> link = Map.of("geo.(*Circle).Grow", "example.com/m/geo.(*Circle).Grow", "Count", "example.com/m/geo.Count", "geo.Count.func1",
                "example.com/m/geo.Count.func1", "geo.Map[int,string]", "example.com/m/geo.Map[int,string]", "limit", "example.com/m/geo.limit", "main.func1",
                "main.main.func1", "runtime.memmove", "runtime.memmove");
        link.forEach((name, whole) -> assertTrue(run(0, "explain", "ssa", "-text", name, "./app").startsWith("func " + whole + " "), name));
    }

    @Test
    void aLineBelongsToThePackageOfItsFolder() {
        String text = run(0, "explain", "geo/geo.go:5");
        assertTrue(text.contains("decisions in example.com/m/geo.(*Circle).Grow\n") && text.contains("call limit: inlined"), text);
        text = run(0, "explain", "geo/geo.go:5", "./app");
        assertTrue(text.contains("decisions in main.main\n"), text);
    }

    @Test
    void instancesSayWhoAskedForThem() {
        String json = run(0, "explain", "-json", "./geo");
        assertTrue(json.contains("\"name\":\"example.com/m/geo.Map[int8,int16]\""), json);
        json = run(0, "explain", "-json", "./app");
        assertTrue(json.contains("\"askedBy\":["), json);
    }
}
