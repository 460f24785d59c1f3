// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Gnu;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Printer;
import mica.arch.arm64.Arm64Decoder;
import mica.arch.arm64.Arm64Inst;
import mica.arch.arm64.Arm64Printer;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.Sources;
import mica.inspect.BuildInfo;
import mica.inspect.Executable;
import mica.inspect.FileView;
import mica.inspect.GoObject;
import mica.inspect.Nm;
import mica.inspect.ObjectFiles;
import mica.inspect.Objdump;
import mica.inspect.Pcln;
import mica.inspect.RelocationView;
import mica.inspect.SizeDiff;
import mica.inspect.SizeReport;
import mica.inspect.Why;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Mutated assembly sources end in diagnostics or an object, mutated bytes in instructions or none, mutated executables, objects and
 * archives in facts or a message with file and offset: never in another exception, never without end.
 *
 * <p>Usage: ToolFuzz [-seconds N] [-seed N] [asm|decode|read|views...]; without names, all of them, N (10) seconds each.
 */
public final class ToolFuzz {
    /** Seconds of processor time for one input, far beyond what any takes. */
    private static final int LIMIT = 20;

    private final Random random;
    private final TreeMap<String, String> failures = new TreeMap<>();
    /** Processor time of the working thread when the current input began. */
    private volatile long started;
    private final Thread worker = Thread.currentThread();
    private volatile byte[] current = {};

    private ToolFuzz(long seed) {
        random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        int seconds = 10;
        long seed = 1;
        List<String> what = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-seconds" -> seconds = Integer.parseInt(args[++i]);
                case "-seed" -> seed = Long.parseLong(args[++i]);
                default -> what.add(args[i]);
            }
        }
        boolean ok = true;
        for (String w : what.isEmpty() ? List.of("asm", "decode", "read", "views") : what) {
            ok &= new ToolFuzz(seed).run(w, seconds);
        }
        System.exit(ok ? 0 : 1);
    }

    private boolean run(String what, int seconds) throws IOException, FormatException, InterruptedException {
        Thread watch = new Thread(() -> watch(what));
        watch.setDaemon(true);
        started = cpu();
        List<byte[]> seeds = what.equals("asm") ? sources() : what.equals("read") ? binaries() : what.equals("views") ? FuzzFiles.all(binaries()) : List.of(new byte[0]);
        watch.start();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int n = 0;
        while (System.nanoTime() < end) {
            byte[] input = what.equals("decode") ? code() : mutate(seeds.get(random.nextInt(seeds.size())), what.equals("asm"));
            current = input;
            started = cpu();
            try {
                switch (what) {
                    case "asm" -> assemble(input, random.nextInt(4) == 0 ? "arm64" : "amd64");
                    case "decode" -> decode(input);
                    case "views" -> views(input);
                    default -> read(input);
                }
            } catch (FormatException e) {
                // What a damaged file ends in.
            } catch (RuntimeException | Error e) {
                failure(e, input);
            }
            n++;
        }
        started = Long.MAX_VALUE;
        System.out.println("ToolFuzz: " + what + ": " + n + " inputs in " + seconds + " s, " + failures.size() + " places fail");
        failures.values().forEach(System.out::println);
        return failures.isEmpty();
    }

    private long cpu() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(worker.threadId());
    }

    private void failure(Throwable e, byte[] input) throws IOException {
        StringBuilder where = new StringBuilder(e.toString().lines().findFirst().orElse("?"));
        StackTraceElement[] t = e.getStackTrace();
        for (int i = 0; i < t.length && i < 5; i++) {
            where.append("\n\tat ").append(t[i]);
        }
        String key = t.length == 0 ? e.getClass().getName() : t[0].toString();
        if (!failures.containsKey(key)) {
            Path kept = Files.createTempFile("mica-fuzz-", ".input");
            Files.write(kept, input);
            failures.put(key, where + "\n\tinput in " + kept);
        }
    }

    /** Ends the process if one input takes too long. */
    private void watch(String what) {
        for (;;) {
            try {
                Thread.sleep(1000);
                long now = cpu();
                if (started != Long.MAX_VALUE && now - started > LIMIT * 1_000_000_000L) {
                    Path kept = Files.createTempFile("mica-fuzz-", ".input");
                    Files.write(kept, current);
                    System.out.println("ToolFuzz: " + what + ": no end of the input in " + kept);
                    Runtime.getRuntime().halt(1);
                }
            } catch (InterruptedException | IOException e) {
                return;
            }
        }
    }

    // ---- inputs ----

    private static List<byte[]> sources() throws IOException {
        List<byte[]> all = new ArrayList<>();
        Path goroot = Mica.goroot();
        if (goroot == null) {
            throw new IOException("no GOROOT");
        }
        for (String dir : new String[] {"src/cmd/asm/internal/asm/testdata", "src/runtime", "src/internal/bytealg", "src/crypto/internal/fips140/bigmod"}) {
            try (Stream<Path> s = Files.list(goroot.resolve(dir))) {
                for (Path p : s.sorted().toList()) {
                    String n = p.getFileName().toString();
                    if (n.endsWith(".s") && (n.contains("amd64") || n.contains("arm64") || n.contains("error")) && Files.size(p) < 60_000) {
                        all.add(Files.readAllBytes(p));
                    }
                }
            }
        }
        return all;
    }

    private static List<byte[]> binaries() throws IOException, FormatException {
        List<byte[]> all = new ArrayList<>();
        Path dir = Files.createTempDirectory("mica-fuzz");
        try {
            Files.writeString(dir.resolve("a.go"), "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"x\") }\n");
            Files.writeString(dir.resolve("b.s"), "DATA d<>+0(SB)/8, $1\nGLOBL d<>(SB), 8, $8\nTEXT ·f(SB), 0, $16-8\n\tMOVQ d<>(SB), AX\n\tCALL ·g(SB)\n\tRET\n");
            for (List<String> c : List.of(List.of("build", "-o", "a", "a.go"), List.of("build", "-ldflags=-s", "-o", "s", "a.go"), List.of("build", "-ldflags=-emit-relocs", "-o", "r", "a.go"),
                    List.of("tool", "compile", "-o", "a.o", "a.go"), List.of("tool", "asm", "-o", "b.o", "b.s"), List.of("tool", "pack", "c", "l.a", "a.o", "b.o"))) {
                String problem = Mica.run(c, dir);
                if (problem != null) {
                    throw new IOException(c + ": " + problem);
                }
            }
            for (String f : new String[] {"a", "s", "r", "a.o", "b.o", "l.a"}) {
                all.add(Files.readAllBytes(dir.resolve(f)));
            }
            // And what the standard toolchain writes.
            for (String arch : List.of("amd64", "arm64")) {
                byte[] archive = Files.readAllBytes(Mica.home().resolve("toolchain/testdata/goobj/p-" + arch + ".a"));
                all.add(archive);
                for (Archive.Member m : new Archive("p", archive).members) {
                    all.add(m.content);
                }
            }
        } finally {
            Mica.deleteTree(dir);
        }
        return all;
    }

    private byte[] mutate(byte[] seed, boolean text) {
        byte[] b = seed.clone();
        if (text) {
            b = cut(b);
        }
        for (int edits = 1 + random.nextInt(6); edits > 0 && b.length > 8; edits--) {
            int at = place(b, text);
            switch (random.nextInt(text ? 6 : 4)) {
                case 0 -> b[at] = (byte) random.nextInt();
                case 1 -> b[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    // A number at its limits.
                    int n = 1 << random.nextInt(4);
                    byte fill = (byte) (random.nextBoolean() ? 0xff : random.nextBoolean() ? 0 : 0x7f);
                    for (int i = at; i < Math.min(b.length, at + n); i++) {
                        b[i] = text ? (byte) PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length())) : fill;
                    }
                }
                case 3 -> b = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(b, at) : b;
                case 4 -> {
                    int from = random.nextInt(b.length);
                    b = insert(b, at, java.util.Arrays.copyOfRange(b, from, Math.min(b.length, from + random.nextInt(40))));
                }
                default -> b = insert(b, at, WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return b;
    }

    private static final String PUNCTUATION = "()$,+-*/\\\"'#<>:;.[]{}09AZ \t\n";
    private static final String[] WORDS = {"\n#define A(x,y) x y A(y,x)\n", "A(1,2)", "\n#include \"textflag.h\"\n", "\n#ifdef X\n", "\n#else\n", "\n#endif\n",
        "$0x7fffffffffffffff", "$-1", "$(1<<63)", "$1.5e400", "(SB)", "(FP)", "·", "<>", "<ABIInternal>", "TEXT f(SB), 0, $2147483647-8\n", "PCALIGN $2048\n",
        "\nJMP -1(PC)\n", "\nBYTE $0\n", "\nx: JMP x\n", "DATA a+2000000000(SB)/8, $1\n", "GLOBL a(SB), 8, $2000000000\n", "'\\x", "\"\\", "/*", "*/", ", ", "[Z0-Z3]"};

    /** A part of a source of some lines, so that inputs stay short. */
    private byte[] cut(byte[] b) {
        if (b.length < 3000) {
            return b;
        }
        int from = random.nextInt(b.length - 2000);
        return insert(java.util.Arrays.copyOfRange(b, from, from + 2000), 0, "TEXT f(SB), 4, $32-16\n".getBytes(StandardCharsets.UTF_8));
    }

    /** Where to change: in binaries more often in the headers, at the beginning and the end. */
    private int place(byte[] b, boolean text) {
        int n = b.length;
        if (text || random.nextInt(3) == 0) {
            return random.nextInt(n);
        }
        int near = Math.min(n, 4096);
        return random.nextBoolean() ? random.nextInt(near) : n - 1 - random.nextInt(near);
    }

    private static byte[] insert(byte[] b, int at, byte[] what) {
        byte[] out = new byte[b.length + what.length];
        System.arraycopy(b, 0, out, 0, at);
        System.arraycopy(what, 0, out, at, what.length);
        System.arraycopy(b, at, out, at + what.length, b.length - at);
        return out;
    }

    private byte[] code() {
        byte[] b = new byte[4096];
        random.nextBytes(b);
        int[] leads = {0x62, 0xc4, 0xc5, 0x0f, 0x66, 0xf2, 0xf3, 0x48, 0x67, 0x64};
        for (int i = 0; i < b.length; i += 1 + random.nextInt(12)) {
            b[i] = (byte) leads[random.nextInt(leads.length)];
        }
        return b;
    }

    // ---- what is done with them ----

    private final Path goroot = Mica.goroot();

    private void assemble(byte[] text, String arch) {
        Sources sources = new Sources();
        AsmOptions options = new AsmOptions(sources);
        options.arch = arch;
        options.allowAbi = true;
        options.packagePath = "p";
        options.dynlink = random.nextInt(4) == 0;
        options.shared = options.dynlink || random.nextInt(4) == 0;
        options.retpolines = arch.equals("amd64") && random.nextInt(4) == 0;
        options.mayMoreStack = random.nextInt(8) == 0 && !options.dynlink ? "p.hook" : "";
        if (goroot != null) {
            options.includeDirs.add(goroot.resolve("src/runtime"));
        }
        Diagnostics d = new Diagnostics(sources);
        List<Symbol> symbols = Assembler.assemble(sources.add("f.s", text), options, new SymbolTable(), d);
        if (d.isEmpty()) {
            long size = 0;
            for (Symbol s : symbols) {
                size += s.size;
            }
            if (size < 1 << 24) {
                Assembler.object(symbols, "f.s", options);
            }
        }
    }

    private final Amd64Decoder amd64 = new Amd64Decoder();
    private final Amd64Inst inst = new Amd64Inst();
    private final Arm64Decoder arm64 = new Arm64Decoder();
    private final Arm64Inst word = new Arm64Inst();

    private void decode(byte[] b) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < b.length; at++) {
            int end = Math.min(b.length, at + 1 + random.nextInt(16));
            if (amd64.decode(b, at, end, inst)) {
                if (inst.length < 1 || inst.length > end - at) {
                    throw new IllegalStateException("length " + inst.length + " of " + (end - at));
                }
                text.setLength(0);
                Amd64Gnu.print(text, inst, at);
                Amd64Printer.print(inst, at, at, a -> (a & 1) == 0 ? "x+1" : null);
            }
        }
        for (int at = 0; at + 4 <= b.length; at += 4) {
            if (arm64.decode(mica.obj.Bytes.load32(b, at), word)) {
                Arm64Printer.print(word, at, a -> null);
            }
        }
    }

    private void read(byte[] b) throws FormatException, IOException {
        if (b.length > 8 && b[0] == '!') {
            new Archive("a", b).toBytes();
        }
        for (ObjectFiles.Entry e : ObjectFiles.open("f", b)) {
            tolerate(() -> new Nm().list(new StringBuilder(), "", e));
            if (e.go != null) {
                goObject(e.go);
                continue;
            }
            Executable exe = e.exe;
            tolerate(() -> BuildInfo.read(exe.elf));
            tolerate(() -> {
                Pcln p = exe.pcln();
                if (p != null) {
                    for (Pcln.Func f : p.functions()) {
                        p.line(f, f.entry);
                        p.file(f, f.entry);
                        p.stackDepth(f, f.end - 1);
                    }
                }
            });
            tolerate(() -> disassemble(new Objdump(exe)));
        }
    }

    private void disassemble(Objdump dump) throws FormatException, IOException {
        dump.workers = 1;
        // Some functions: all of them would take most of the time.
        dump.symbols = Pattern.compile(String.valueOf((char) ('A' + random.nextInt(58))), Pattern.LITERAL);
        dump.source = random.nextBoolean();
        dump.print(OutputStream.nullOutputStream());
    }

    private void goObject(GoObject go) throws FormatException, IOException {
        tolerate(() -> go.relocations(null, new StringBuilder()));
        tolerate(() -> go.place(random.nextInt(go.file.bytes.length)));
        tolerate(() -> disassemble(new Objdump(go)));
    }

    /** inspect, size, why, objdump -r; of archives nm and objdump -r. */
    private void views(byte[] b) throws FormatException, IOException {
        tolerate(() -> {
            for (ObjectFiles.Entry e : ObjectFiles.open("f", b)) {
                if (e.exe == null) {
                    continue; // a Go object: see goObject
                }
                tolerate(() -> RelocationView.text(e.exe.elf, null, new StringBuilder()));
                tolerate(() -> RelocationView.wrong(e.exe.elf));
                tolerate(() -> RelocationView.json(e.exe.elf, null, new StringBuilder()));
                if (!e.member.isEmpty()) {
                    tolerate(() -> new Nm().list(new StringBuilder(), "", e));
                }
            }
        });
        FileView view = new FileView("f", b);
        for (String part : FileView.PARTS) {
            tolerate(() -> {
                view.text(List.of(part));
                view.json(List.of(part));
            });
        }
        tolerate(view::summary);
        if (!ElfFile.isElf(b)) {
            return;
        }
        Executable exe = new Executable("f", b);
        tolerate(() -> {
            SizeReport size = new SizeReport(exe);
            long at = 0;
            for (SizeReport.Range r : size.ranges) {
                if (r.offset != at || r.size <= 0) {
                    throw new IllegalStateException("range at " + r.offset + " after " + at);
                }
                at += r.size;
            }
            if (at != b.length) {
                throw new IllegalStateException("ranges of " + at + " bytes");
            }
            size.json();
            size.tree(0.01);
            new SizeDiff(size, size, null).text(3);
        });
        tolerate(() -> {
            Why why = Why.of(exe);
            if (why != null) {
                int n = random.nextInt(why.needs.graph.nodes.size());
                List<Why.Answer> answers = why.ask(why.needs.graph.nodes.get(n).name);
                why.json(answers.subList(0, Math.min(2, answers.size())));
                for (Why.Answer a : answers.subList(0, Math.min(2, answers.size()))) {
                    why.text(a, 5);
                }
            }
        });
    }

    private interface Step {
        void run() throws FormatException, IOException;
    }

    /** Damage that one reader refuses must not keep the others from being tried. */
    private static void tolerate(Step s) throws IOException {
        try {
            s.run();
        } catch (FormatException e) {
            // Refused.
        }
    }
}
