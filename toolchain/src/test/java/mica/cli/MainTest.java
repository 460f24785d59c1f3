// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands from the outside: what they print and how they end, for good input and bad. */
class MainTest {
    @TempDir
    Path dir;

    private final Map<String, String> env = new HashMap<>();

    /** Runs a command in {@link #dir}; its status, then a line end, then what it printed. */
    private String mica(String... args) {
        return CommandRun.of(dir, env, args).toString();
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(dir.resolve(name).getParent());
        Files.writeString(dir.resolve(name), text);
    }

    private void withGoroot() {
        env.put("GOROOT", TestGoroot.find().toString());
    }

    @Test
    void usageEndsWithTwo() {
        String buildUsage = "usage: mica build [-o output] [build flags] [packages]\nRun 'mica help build' for details.\n";
        assertEquals("2\nflag provided but not defined: -foo\n" + buildUsage, mica("build", "-foo"));
        assertEquals("2\ninvalid value \"x\" for flag -count: parse error", mica("test", "-count=x").split("\nusage")[0]);
        assertEquals("2\nflag needs an argument: -o\n" + buildUsage, mica("build", "-o"));
        assertEquals("2\n" + buildUsage, mica("build", "-h"));
        assertEquals("2\nmica frob: unknown command\nRun 'mica help' for usage.\n", mica("frob"));
        assertEquals("2\nmica help frob: unknown help topic. Run 'mica help'.\n", mica("help", "frob"));
        assertTrue(mica().startsWith("2\nMica is"));
        assertTrue(mica("help").startsWith("0\nMica is"));
        assertEquals("2\nmica: no such tool \"frob\"\n", mica("tool", "frob"));
    }

    @Test
    void everyCommandHasHelp() {
        for (Command c : Main.commands()) {
            assertTrue(mica("help", c.name).startsWith("0\nusage: mica " + c.usage + "\n\n"), c.name);
        }
    }

    @Test
    void printsVersionAndEnvironment() {
        assertTrue(mica("version").matches("0\nmica version mica\\S+ \\(go1\\.27\\) linux/amd64\n"));
        assertEquals("0\nlinux\namd64\n\n", mica("env", "GOOS", "GOARCH", "NOSUCH"));
        assertEquals("0\n{\n\t\"GOOS\": \"linux\"\n}\n", mica("env", "-json", "GOOS"));
    }

    @Test
    void refusesWhatItCannotDo() {
        env.put("GOOS", "plan9");
        assertTrue(mica("env", "GOARCH").startsWith("2\nmica: GOOS=plan9 is not supported"));
        env.remove("GOOS");
        env.put("GOEXPERIMENT", "arenas");
        assertEquals("2\nmica: GOEXPERIMENT arenas is not supported\n", mica("env", "GOARCH"));
        env.remove("GOEXPERIMENT");
        assertEquals("1\n-buildmode=plugin not supported by mica\n", mica("build", "-buildmode=plugin", "x.go"));
        assertEquals("1\nflag provided but not defined: -zz\n", mica("build", "-gcflags=-zz", "x.go"));
    }

    @Test
    void exploresOnlyFromThisMachine() throws IOException {
        withGoroot();
        write("x.go", "package main\n\nfunc main() { undefined() }\n");
        assertEquals("2\nmica: invalid value \"nowhere\" for flag -addr: host:port is expected\n", mica("explore", "-addr", "nowhere", "x.go"));
        assertEquals("1\nmica: explore: cannot listen on 0.0.0.0:0: 0.0.0.0 is not a loopback address\n", mica("explore", "-addr", "0.0.0.0:0", "x.go"));
        assertEquals("1\n# command-line-arguments\n./x.go:3:15: undefined: undefined\n", mica("explore", "-o", "x.html", "x.go"));
        assertFalse(Files.exists(dir.resolve("x.html")));
    }

    @Test
    void takesFlagsFromTheEnvironment() throws IOException {
        withGoroot();
        write("x.go", "package main\n\nfunc main() { undefined() }\n");
        env.put("GOFLAGS", "-gcflags=-C '-tags=a b'");
        assertEquals("1\n# command-line-arguments\n./x.go:3: undefined: undefined\n", mica("build", "x.go"));
        env.put("GOFLAGS", "-nosuch=3");
        assertEquals("1\ngo: parsing $GOFLAGS: unknown flag -nosuch=3\n", mica("build", "x.go"));
        env.put("GOFLAGS", "nosuch");
        assertEquals("1\ngo: parsing $GOFLAGS: non-flag \"nosuch\"\n", mica("build", "x.go"));
    }

    @Test
    void refusesAWrongGoroot() throws IOException {
        env.put("GOROOT", dir.resolve("none").toString());
        write("x.go", "package main\nfunc main() {}\n");
        assertTrue(mica("build", "x.go").startsWith("1\ngo: cannot find GOROOT directory: "));
        write("old/src/fmt/print.go", "package fmt\n");
        write("old/VERSION", "go1.20.1\n");
        env.put("GOROOT", dir.resolve("old").toString());
        assertTrue(mica("build", "x.go").contains("is go1.20.1; Mica needs the standard library of go1.27"));
    }

    @Test
    void reportsSyntaxErrorsLikeTheGoCommand() throws IOException {
        withGoroot();
        write("x.go", "package main\n\nfunc main() {\n\tx := := 1\n}\n");
        assertEquals(
                "1\n# command-line-arguments\n./x.go:4:7: syntax error: unexpected :=, expected expression\n",
                mica("build", "x.go"));
        assertFalse(Files.exists(dir.resolve("x")));
    }

    @Test
    void stopsAfterTenErrors() throws IOException {
        withGoroot();
        StringBuilder sb = new StringBuilder("package main\n\nfunc main() {\n");
        for (int i = 0; i < 14; i++) {
            sb.append("\tx := )\n");
        }
        write("x.go", sb.append("}\n").toString());
        String got = mica("build", "x.go");
        assertTrue(got.endsWith("./x.go:13:7: syntax error: unexpected ), expected expression\n./x.go:13:7: too many errors\n"), got);
        assertEquals(13, got.split("\n").length, got);
        String all = mica("build", "-gcflags=-e", "x.go");
        assertFalse(all.contains("too many errors"), all);
        assertEquals(16, all.split("\n").length, all);
    }

    @Test
    void reportsWhatCannotBeLoaded() throws IOException {
        withGoroot();
        write("go.mod", "module m\n\ngo 1.27\n");
        write("only/a_test.go", "package only\n");
        write("none/readme", "nothing\n");
        write("tagged/a.go", "//go:build plan9\n\npackage tagged\n");
        write("c1/c.go", "package c1\nimport _ \"m/c2\"\n");
        write("c2/c.go", "package c2\nimport _ \"m/c1\"\n");
        write("lib/l.go", "package lib\n");
        write("user/u.go", "package user\nimport _ \"nosuch/thing\"\n");
        assertTrue(mica("build", "./only").contains("no non-test Go files in "));
        assertTrue(mica("build", "./none").contains("no Go files in "));
        assertTrue(mica("build", "./tagged").contains("build constraints exclude all Go files in "));
        assertTrue(mica("build", "./c1").contains("import cycle not allowed"));
        assertTrue(mica("build", "./user").contains("u.go:2:8: package nosuch/thing is not in std ("));
        assertTrue(mica("run", "./lib").endsWith("package m/lib is not a main package\n"));
        assertEquals("1\nmica: no go files listed\n", mica("run"));
        assertTrue(mica("build", "-C", "nowhere").startsWith("1\nmica: chdir nowhere: no such file or directory"));
    }

    @Test
    void reportsWhatCannotBeBuilt() throws IOException {
        withGoroot();
        write("go.mod", "module m\n\ngo 1.27\n");
        write("typ/t.go", "package main\n\nimport \"os\"\n\nfunc main() {\n\tx := 1\n\tvar s string = 3\n}\n");
        write("nomain/n.go", "package main\n");
        write("nobody/n.go", "package main\n\nfunc f()\n\nfunc main() { f() }\n");
        write("asm/a.go", "package main\n\nfunc f()\n\nfunc main() { f() }\n");
        write("asm/a_amd64.s", "TEXT ·f(SB), 4, $0-0\n\tFROB AX, BX\n\tRET\n");
        write("c/c.go", "package main\n\nimport \"C\"\n\nfunc main() {}\n");
        write("ok/ok.go", "package main\n\nfunc main() {}\n");
        assertEquals(
                "1\n# m/typ\ntyp/t.go:3:8: \"os\" imported and not used\ntyp/t.go:6:2: declared and not used: x\n"
                        + "typ/t.go:7:6: declared and not used: s\ntyp/t.go:7:17: cannot use 3 (untyped int constant) as string value"
                        + " in variable declaration\n",
                mica("build", "./typ"));
        assertEquals(
                "1\n# m/nomain\nruntime.main_main·f: function main is undeclared in the main package\n",
                mica("build", "-o", "x", "./nomain"));
        assertEquals("1\n# m/nobody\nnobody/n.go:3:6: missing function body\n", mica("build", "-o", "x", "./nobody"));
        assertTrue(mica("build", "-o", "x", "./asm").contains("asm/a_amd64.s:2: unrecognized instruction \"FROB\"\nasm: assembly of asm/a_amd64.s failed\n"));
        assertTrue(mica("build", "-o", "x", "./c").startsWith("1\npackage m/c: build constraints exclude all Go files in "));
        assertTrue(mica("build", "-o", "/proc/x", "./ok").startsWith("1\nmica: writing /proc/x: "));
        assertEquals("1\nstat nofile.go: no such file or directory\n", mica("build", "ok/ok.go", "nofile.go"));
        assertEquals("1\npattern ./none/...: lstat ./none/: no such file or directory\n", mica("build", "./none/..."));
        assertFalse(Files.exists(dir.resolve("x")));
    }

    @Test
    void embedsFiles() throws IOException {
        withGoroot();
        write("a.txt", "one \"\n");
        write("d/b.txt", "two");
        write("d/.hidden", "three");
        write("x.go", "package main\n\nimport (\n\t\"embed\"\n\t\"io/fs\"\n)\n\n//go:embed a.txt\nvar s string\n\n"
                + "//go:embed d *.txt\nvar f embed.FS\n\nfunc main() {\n\tprint(s)\n"
                + "\tfs.WalkDir(f, \".\", func(p string, d fs.DirEntry, err error) error { println(p, d.IsDir()); return nil })\n}\n");
        assertEquals("0\none \"\n. true\na.txt false\nd true\nd/b.txt false\n", mica("run", "x.go"));
        write("y.go", "package main\n\nimport _ \"embed\"\n\n//go:embed none.txt\nvar s string\n\nfunc main() {}\n");
        assertEquals(
                "1\ny.go:5:12: pattern none.txt: no matching files found\n", mica("build", "y.go"));
    }

    @Test
    void runsPrograms() throws IOException {
        withGoroot();
        write("x.go", "package main\n\nimport \"os\"\n\nfunc main() {\n\tprintln(len(os.Args), os.Args[1])\n\tos.Exit(3)\n}\n");
        assertEquals("1\n2 -a\nexit status 3\n", mica("run", "x.go", "-a"));
    }

    @Test
    void sameBytesFromTwoFolders() throws IOException {
        withGoroot();
        String text = "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Stdout.WriteString(\"hi\\n\")\n}\n";
        write("a/x.go", text);
        write("some/other/folder/x.go", text);
        assertEquals("0\n", mica("build", "-trimpath", "-o", "first", "a/x.go"));
        assertEquals("0\n", mica("build", "-trimpath", "-o", "second", "some/other/folder/x.go"));
        assertEquals(-1, Files.mismatch(dir.resolve("first"), dir.resolve("second")));
    }

    @Test
    void testBinariesFollowTheModulesSettings() throws IOException {
        withGoroot();
        write("go.mod", "module m\n\ngo 1.22\n");
        write("x_test.go", "//go:debug httpmuxgo121=1\n\npackage m\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) {}\n");
        assertEquals("0\n", mica("test", "-c", "-o", "m.test", "."));
        String information = mica("version", "-m", "m.test");
        assertTrue(information.contains("\tbuild\tDefaultGODEBUG="), information);
        assertTrue(information.contains(",rsa1024min=0,"), information);
        assertTrue(information.contains("httpmuxgo121=1"), information);
    }

    private Path built(String name, String flag) {
        assertEquals("0\n", mica("build", flag, "-o", name, "x.go"));
        return dir.resolve(name);
    }

    @Test
    void saysWhatIsInAnExecutableAndWhy() throws IOException {
        withGoroot();
        write("x.go", "package main\n\nvar version string\n\nfunc main() {\n\tprintln(version)\n}\n");
        assertEquals("0\n", mica("build", "-ldflags=-X main.version=v1 -B 0xabcd", "-o", "x", "x.go"));
        assertTrue(mica("version", "-m", "x").contains("\tpath\tcommand-line-arguments\n"));
        assertTrue(mica("tool", "nm", "x").contains(" T main.main\n"));
        assertTrue(mica("size", "x").contains("  runtime\n"));
        assertTrue(mica("why", "x", "main.version").contains("\tmain.main uses main.version\n"));
        assertTrue(mica("why", "-json", "x", "main.main").startsWith("0\n{\"version\":1,\"view\":\"why\""));
        assertEquals("1\nmica: x: no symbol main.versio; there are main.version\n", mica("why", "x", "main.versio"));
        assertEquals("0\n", mica("build", "-ldflags=-s", "-o", "s", "x.go"));
        assertEquals("0\n", mica("build", "-ldflags=-Map=x.map", "-o", "m", "x.go"));
        assertTrue(Files.readString(dir.resolve("x.map")).contains("                main.main\n"));
        built("m2", "-ldflags=-Map=x.json");
        assertTrue(Files.readString(dir.resolve("x.json")).startsWith("{\"version\":1,\"view\":\"linkmap\""));
        assertTrue(mica("build", "-ldflags=-v", "-o", "m", "x.go").contains(" symbols folded\n"));
        assertEquals("1\nobjdump: x keeps no relocations: build it with -ldflags=-emit-relocs\n", mica("tool", "objdump", "-r", "x"));
        assertTrue(mica("tool", "objdump", "-r", "-s", "^main.main$", built("r", "-ldflags=-emit-relocs").toString()).contains("\tS + A - P = 0x"));
        assertTrue(mica("inspect", "x").contains("\nfunctab "));
        assertEquals("1\nx.go: not an ELF, PE, Mach-O or Go object file\n", mica("inspect", "x.go"));
        assertTrue(mica("why", "s", "main.main").startsWith("1\nmica: s does not say why"));
        assertTrue(mica("size", "-top", "0", "s", "x").contains("new     main.version  (main.main uses main.version)\n"));
        assertEquals("1\n-B argument must have even number of digits: 0xabc\n", mica("build", "-ldflags=-B 0xabc", "x.go"));
    }
}
