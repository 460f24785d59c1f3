// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mica.obj.Bytes;

/**
 * The views of a process: {@code mica trace}, {@code mica map}, MICA_BOOTTRACE. Compares with strace, with the kernel's own sums and with a
 * measurement from outside. Arguments: names of tests; none = all. Where ptrace is forbidden it says so and passes.
 */
public final class TraceTests {
    private static final int SECONDS = 120;
    /** Of what is measured from outside. */
    private static final double BOOT_TOLERANCE = 0.10;
    /** Third to first quartile of the measurements from outside, above which the machine is too busy to compare anything. */
    private static final double BOOT_SCATTER = 1.2;
    private static final int BOOT_ROUNDS = 9;
    private static final int BOOT_TRIES = 5;

    private interface Test {
        void run() throws Exception;
    }

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    private final Path work;
    private final Path mica;
    private int passed;
    private int failed;

    private TraceTests(Path work) throws IOException {
        this.work = work;
        this.mica = Mica.goCommand(work);
    }

    public static void main(String[] names) throws Exception {
        Path work = Files.createTempDirectory("mica-trace-tests");
        TraceTests t = new TraceTests(work);
        try {
            t.all(Arrays.asList(names));
        } finally {
            Mica.deleteTree(work);
        }
        System.out.println("trace: " + t.passed + " passed, " + t.failed + " failed");
        System.exit(t.failed == 0 ? 0 : 1);
    }

    private void all(List<String> only) throws Exception {
        build("hello", "examples/hello/hello.go");
        for (String name : new String[] {"exectime", "huge", "initdie", "lives", "noptrace"}) {
            build(name, "testdata/trace/" + name + ".go");
        }
        Result r = run("trace", "-boot", exe("hello"));
        if (r.status == 1 && r.err.contains("ptrace: ")) {
            System.out.println("trace: ptrace is forbidden here, nothing tested: " + r.err.strip());
            return;
        }
        test(only, "parts", this::parts);
        test(only, "stripped", this::stripped);
        test(only, "boot time", this::bootTime);
        test(only, "killed in init", this::killedInInit);
        test(only, "system calls", this::systemCalls);
        test(only, "boot from inside", this::bootFromInside);
        test(only, "map", this::map);
        test(only, "memory at the end", this::memoryAtEnd);
        test(only, "bad input", this::badInput);
        test(only, "ends meanwhile", this::endsMeanwhile);
        test(only, "forbidden", this::forbidden);
        test(only, "interrupted", this::interrupted);
        test(only, "the standard compiler's", this::standard);
    }

    private void test(List<String> only, String name, Test t) throws Exception {
        if (!only.isEmpty() && !only.contains(name)) {
            return;
        }
        try {
            t.run();
            passed++;
        } catch (Failure | IllegalArgumentException | NullPointerException | ClassCastException e) {
            failed++;
            System.out.println("FAIL " + name + ": " + e.getMessage());
        }
    }

    // ---- running ----

    private static final class Result {
        int status;
        String out;
        String err;
    }

    private String exe(String name) {
        return work.resolve(name).toString();
    }

    private void build(String name, String source, String... flags) throws Failure {
        List<String> command = new ArrayList<>(List.of("build"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", exe(name), Mica.home().resolve(source).toString()));
        String err = Mica.run(command, work);
        if (err != null) {
            throw new Failure("build " + name + ": " + err);
        }
    }

    private Result run(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(mica.toString()));
        command.addAll(List.of(args));
        return execute(command, Map.of());
    }

    private Result execute(List<String> command, Map<String, String> env) throws Exception {
        Path out = work.resolve("out.txt");
        Path err = work.resolve("err.txt");
        ProcessBuilder pb = new ProcessBuilder(command).directory(work.toFile());
        pb.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        pb.environment().putAll(env);
        java.lang.Process p = pb.start();
        if (!p.waitFor(SECONDS, TimeUnit.SECONDS)) {
            p.destroyForcibly().waitFor();
            throw new Failure("timeout: " + String.join(" ", command));
        }
        Result r = new Result();
        r.status = p.exitValue();
        r.out = Files.readString(out);
        r.err = Files.readString(err);
        return r;
    }

    private Map<String, Object> json(String... args) throws Exception {
        Path file = work.resolve("t.json");
        Files.deleteIfExists(file);
        List<String> all = new ArrayList<>(List.of("trace", "-json", "-o", file.toString()));
        all.addAll(List.of(args));
        run(all.toArray(new String[0]));
        if (!Files.exists(file)) {
            throw new Failure("no report: " + Files.readString(work.resolve("err.txt")));
        }
        return JsonText.object(JsonText.parse(Files.readString(file)));
    }

    private static void check(boolean ok, String what) throws Failure {
        if (!ok) {
            throw new Failure(what);
        }
    }

    private static long number(Map<String, Object> o, String name) {
        return (Long) o.get(name);
    }

    private static Map<String, Object> member(Map<String, Object> o, String name) {
        return JsonText.object(o.get(name));
    }

    private static List<Map<String, Object>> members(Map<String, Object> o, String name) {
        List<Map<String, Object>> list = new ArrayList<>();
        JsonText.list(o.get(name)).forEach(x -> list.add(JsonText.object(x)));
        return list;
    }

    // ---- trace ----

    private void parts() throws Exception {
        Map<String, Object> t = json(exe("hello"));
        check(number(t, "version") == 1 && t.get("view").equals("trace"), "version and view");
        check(number(member(t, "end"), "status") == 0, "exit status");
        check(member(t, "program").get("mica").equals(true), "made by Mica");
        List<String> segments = new ArrayList<>();
        for (Map<String, Object> m : members(t, "maps")) {
            if (m.containsKey("segment")) {
                segments.add(number(m, "segment") + " " + m.get("perm") + " " + (JsonText.list(m.get("sections")).contains(".text") ? ".text" : ""));
            }
        }
        check(segments.equals(List.of("0 r--p ", "1 r-xp .text", "2 rw-p ", "2 rw-p ")), "segments " + segments);
        boot(member(t, "boot"), true);
        List<String> calls = new ArrayList<>();
        members(t, "syscalls").forEach(c -> calls.add((String) c.get("name")));
        check(calls.getLast().equals("exit_group") && calls.contains("write") && calls.contains("mmap"), "calls " + calls);
        Map<String, Object> faults = member(t, "faults");
        long entry = number(member(faults, "atEntry"), "minor");
        long main = number(member(faults, "atMain"), "minor");
        check(entry < main && main <= number(member(faults, "atExit"), "minor"), "faults only grow");
        check(members(t, "threads").size() == 1, "one thread");
    }

    /** Steps follow each other without gaps; all stations are there in their order. */
    private static void boot(Map<String, Object> boot, boolean all) throws Failure {
        check(boot.get("complete").equals(true), "main.main is reached");
        check(!all || members(boot, "missing").isEmpty(), "missing " + boot.get("missing"));
        List<Map<String, Object>> steps = members(boot, "steps");
        StringBuilder order = new StringBuilder();
        long at = 0;
        for (Map<String, Object> s : steps) {
            check(number(s, "begin") == at, "gap before " + s);
            at = number(s, "end");
            check(at >= number(s, "begin"), "time goes back in " + s);
            String name = s.get("package") == null ? (String) s.get("name") : "init";
            if (!order.toString().endsWith("init runtime.main") || !name.equals("init")) {
                order.append(order.isEmpty() ? "" : " ").append(name);
            } else {
                order.setLength(order.length() - " runtime.main".length());
            }
        }
        String want = "exec entry rt0_go args osinit schedinit newproc mstart runtime.main init runtime.main main.main";
        check(!all || order.toString().equals(want), "order: " + order);
    }

    private void stripped() throws Exception {
        build("stripped", "examples/hello/hello.go", "-ldflags=-s -w");
        Map<String, Object> with = json("-boot", exe("hello"));
        Map<String, Object> without = json("-boot", exe("stripped"));
        check(member(without, "program").get("stripped").equals(true), "stripped");
        boot(member(without, "boot"), true);
        check(packages(with).equals(packages(without)), "packages " + packages(without) + " and with symbols " + packages(with));
    }

    private static List<String> packages(Map<String, Object> trace) {
        List<String> list = new ArrayList<>();
        for (Map<String, Object> s : members(member(trace, "boot"), "steps")) {
            if (s.get("package") != null) {
                list.add((String) s.get("package"));
            }
        }
        return list;
    }

    /** The sum of the steps against two stops of another tracer; medians of interleaved runs, as any single run can be disturbed. */
    private void bootTime() throws Exception {
        String main = "0x" + Arrays.stream(Mica.output(List.of("tool", "nm", exe("hello")), work).split("\n")).filter(l -> l.endsWith(" T main.main"))
                .findFirst().orElseThrow().strip().split(" +")[0];
        String last = "";
        boolean quiet = false;
        for (int attempt = 0; attempt < BOOT_TRIES; attempt++) {
            List<Long> inside = new ArrayList<>();
            List<Long> outside = new ArrayList<>();
            for (int i = 0; i < BOOT_ROUNDS; i++) {
                Result r = execute(List.of(exe("exectime"), "3", main, exe("hello")), Map.of());
                check(r.status == 0, "exectime: " + r.err);
                for (String line : r.out.strip().split("\n")) {
                    String[] f = line.split(" ");
                    outside.add(Long.parseLong(f[0]) - Long.parseLong(f[2]));
                }
                List<Map<String, Object>> steps = members(member(json("-boot", exe("hello")), "boot"), "steps");
                inside.add(number(steps.getLast(), "begin"));
            }
            inside.sort(null);
            outside.sort(null);
            double ratio = (double) inside.get(inside.size() / 2) / outside.get(outside.size() / 2);
            last = "steps " + inside.get(inside.size() / 2) + " ns, from outside " + outside.get(outside.size() / 2) + " ns";
            if (Math.abs(ratio - 1) <= BOOT_TOLERANCE) {
                System.out.println("trace: boot time line: " + last);
                return;
            }
            quiet |= outside.get(outside.size() * 3 / 4) < BOOT_SCATTER * outside.get(outside.size() / 4);
        }
        if (quiet) {
            throw new Failure(last);
        }
        System.out.println("trace: boot time line not judged, as what is measured from outside scatters on this busy machine: " + last);
    }

    private void killedInInit() throws Exception {
        Map<String, Object> t = json("-boot", exe("initdie"));
        Map<String, Object> boot = member(t, "boot");
        check(boot.get("complete").equals(false), "main.main is not reached");
        check(member(boot, "unfinished").get("package").equals("main"), "unfinished " + boot.get("unfinished"));
        check(member(t, "end").get("name").equals("SIGKILL"), "end " + t.get("end"));
        Result r = run("trace", "-boot", exe("initdie"));
        check(r.err.contains("killed by SIGKILL in the initialization of package main") && r.status == 128 + 9, r.status + " " + r.err);
        Result own = execute(List.of(exe("initdie")), Map.of("MICA_BOOTTRACE", "1"));
        check(own.err.strip().endsWith(" init main begin"), "MICA_BOOTTRACE ends with " + own.err);
    }

    private void systemCalls() throws Exception {
        List<String> ours = new ArrayList<>();
        for (Map<String, Object> c : members(json("-syscalls", exe("hello")), "syscalls")) {
            ours.add((String) c.get("name"));
        }
        Path log = work.resolve("strace.txt");
        try {
            execute(List.of("strace", "-o", log.toString(), exe("hello")), Map.of());
        } catch (IOException e) {
            System.out.println("trace: strace is not installed: system calls are not compared");
            return;
        }
        List<String> theirs = new ArrayList<>();
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            if (line.contains("(") && !line.startsWith("execve")) {
                theirs.add(line.substring(0, line.indexOf('(')));
            }
        }
        check(ours.equals(theirs), "calls " + ours + ", by strace " + theirs);
    }

    private void bootFromInside() throws Exception {
        Result off = execute(List.of(exe("hello")), Map.of());
        check(off.err.isEmpty(), "silent when off: " + off.err);
        Result text = execute(List.of(exe("hello")), Map.of("MICA_BOOTTRACE", "1"));
        Result json = execute(List.of(exe("hello")), Map.of("MICA_BOOTTRACE", "json"));
        List<String> names = new ArrayList<>();
        long before = 0;
        for (String line : text.err.strip().split("\n")) {
            String[] w = line.split(" ");
            check(w[0].equals("boot") && (w.length == 3 || w.length == 5), line);
            check(Long.parseLong(w[1]) >= before, "time goes back: " + line);
            before = Long.parseLong(w[1]);
            names.add(String.join(" ", Arrays.asList(w).subList(2, w.length)));
        }
        List<String> fromJson = new ArrayList<>();
        for (String line : json.err.strip().split("\n")) {
            Map<String, Object> o = JsonText.object(JsonText.parse(line));
            check(number(o, "version") == 1 && o.get("view").equals("boot") && number(o, "ns") >= 0, line);
            fromJson.add(o.get("step") + (o.get("package") == null ? "" : " " + o.get("package") + " " + o.get("event")));
        }
        check(names.equals(fromJson), "text " + names + ", JSON " + fromJson);
        check(names.subList(0, 8).equals(List.of("entry", "rt0_go", "args", "osinit", "schedinit", "newproc", "mstart", "runtime.main")), "order " + names);
        check(names.getLast().equals("main.main"), "last " + names);
        List<String> inits = new ArrayList<>();
        for (String p : packages(json("-boot", exe("hello")))) {
            inits.add("init " + p + " begin");
            inits.add("init " + p + " end");
        }
        check(names.subList(8, names.size() - 1).equals(inits), "packages " + names + ", by trace " + inits);
        Result both = execute(List.of(exe("hello")), Map.of("MICA_BOOTTRACE", "1", "GODEBUG", "inittrace=1"));
        check(both.err.contains("init os @") && both.err.contains(" init os end") && both.status == 0, "with inittrace: " + both.err);
    }

    // ---- map ----

    private void map() throws Exception {
        java.lang.Process p = new ProcessBuilder(exe("lives")).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader in = p.inputReader(); BufferedWriter out = p.outputWriter()) {
            String pid = in.readLine();
            for (int i = 0; i < 3; i++) {
                Result r = run("map", "-json", pid);
                check(r.status == 0, "map: " + r.err);
                sums(JsonText.object(JsonText.parse(r.out)));
                out.write("?\n");
                out.flush();
                check(("answer " + i + " 50 3145728").equals(in.readLine()), "the program goes on");
            }
            Result text = run("map", pid);
            check(text.out.contains("heap span") && text.out.contains("goroutine stack") && text.out.contains("collector metadata"), text.out);
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            check(status.contains("TracerPid:\t0") && !status.contains("State:\tT"), "left behind: " + status);
        } finally {
            p.destroyForcibly().waitFor();
        }
    }

    /** At an exit, and when the time of a program that waits for ever is over, with its threads. */
    private void memoryAtEnd() throws Exception {
        Map<String, Object> map = member(json("-memory", exe("hello")), "memory");
        long sum = 0;
        for (Map<String, Object> r : members(map, "ranges")) {
            sum += Long.decode((String) r.get("end")) - Long.decode((String) r.get("start"));
        }
        check(sum == number(map, "rss") && sum > 0, "sum " + sum + ", the kernel's " + map.get("rss"));
        java.lang.Process p = new ProcessBuilder(mica.toString(), "trace", "-memory", "-json", "-seconds", "2", "-o", exe("t.json"), exe("lives")).directory(work.toFile()).start();
        check(p.waitFor(SECONDS, TimeUnit.SECONDS) && p.exitValue() == 128 + 9, "status " + p.exitValue());
        Map<String, Object> t = JsonText.object(JsonText.parse(Files.readString(work.resolve("t.json"))));
        check(member(t, "end").get("overtime").equals(true), "end " + t.get("end"));
        sums(member(t, "memory"));
        long stacks = members(member(t, "memory"), "owners").stream().filter(o -> "main.main.gowrap1".equals(o.get("function"))).count();
        check(stacks == 20, "goroutines of main.main: " + stacks);
        Map<String, Object> huge = json("-memory", "-faults", exe("huge"));
        check(number(member(huge, "end"), "status") == 0, "end " + huge.get("end"));
        check(members(member(huge, "memory"), "owners").stream().anyMatch(o -> o.get("owner").equals("unidentified") && (Long) o.get("bytes") >= 4096), "pages of a huge mapping");
        check(!json("-boot", exe("hello")).containsKey("memory"), "only what was asked for");
    }

    private static void sums(Map<String, Object> map) throws Failure {
        long sum = 0;
        long end = 0;
        long spans = 0;
        long stacks = 0;
        long unknown = 0;
        for (Map<String, Object> r : members(map, "ranges")) {
            long from = Long.decode((String) r.get("start"));
            long to = Long.decode((String) r.get("end"));
            check(from >= end && to > from, "ranges in order: " + r);
            end = to;
            sum += to - from;
            spans += r.get("owner").equals("heap span") ? to - from : 0;
            stacks += r.get("owner").equals("goroutine stack") ? to - from : 0;
            unknown += r.get("owner").equals("anonymous") || r.get("owner").equals("unidentified") ? to - from : 0;
        }
        check(sum == number(map, "rss"), "sum " + sum + ", the kernel's " + number(map, "rss"));
        check(spans > 1 << 20, "heap " + spans);
        check(stacks > 100 << 10, "stacks " + stacks);
        check(unknown == 0, "without an owner " + unknown);
        long groups = 0;
        for (Map<String, Object> g : members(map, "groups")) {
            groups += number(g, "bytes");
        }
        check(groups == sum, "groups " + groups);
    }

    // ---- what goes wrong ----

    private void badInput() throws Exception {
        Files.writeString(work.resolve("text"), "no program");
        Files.writeString(work.resolve("script"), "#!/bin/sh\n");
        Files.write(work.resolve("short"), Arrays.copyOf(Files.readAllBytes(work.resolve("hello")), 5000));
        for (String f : new String[] {"script", "short"}) {
            work.resolve(f).toFile().setExecutable(true);
        }
        // What the kernel does not take: no memory of that size, no segments, an entry that is no code.
        damaged("large", 40, Long.MAX_VALUE / 2);
        damaged("nowhere", 16, 1L << 47);
        refused("mica trace: fork/exec ./large: the kernel cannot load it, and ended the process", "trace", "./large");
        refused("mica trace: fork/exec ./nowhere: the kernel cannot load it, and ended the process", "trace", "-boot", "./nowhere");
        byte[] b = Files.readAllBytes(work.resolve("hello"));
        Bytes.store64(b, 24, 0);
        Files.write(work.resolve("entry"), b);
        work.resolve("entry").toFile().setExecutable(true);
        refused("mica trace: ./entry: cannot write into the program's text", "trace", "./entry");
        refused("fork/exec ./nosuch: no such file or directory", "trace", "./nosuch");
        refused("fork/exec ./text: permission denied", "trace", "./text");
        refused("fork/exec " + work + ": permission denied", "trace", work.toString());
        refused("./script: not an ELF file", "trace", "./script");
        refused("./short: offset 0x", "trace", "./short");
        refused("exec: \"no-such-program\": executable file not found in $PATH", "trace", "no-such-program");
        refused("mica map: no process 999999999", "map", "999999999");
        refused("mica map: \"x\" is not the number of a process", "map", "x");
        refused(", which this version of Mica has not built", "map", Long.toString(ProcessHandle.current().pid()));
        refused("mica map: process 2 has no memory of its own", "map", "2");
    }

    /** Hello with another number in the last program header that is loaded. */
    private void damaged(String name, int field, long value) throws IOException {
        byte[] b = Files.readAllBytes(work.resolve("hello"));
        int last = 0;
        for (int i = 0; i < Bytes.load16(b, 56); i++) {
            int at = (int) Bytes.load64(b, 32) + 56 * i;
            last = Bytes.load32(b, at) == 1 ? at : last;
        }
        Bytes.store64(b, last + field, value);
        Files.write(work.resolve(name), b);
        work.resolve(name).toFile().setExecutable(true);
    }

    private void refused(String message, String... args) throws Exception {
        if (args[0].equals("map") && args[1].equals("2") && !Files.isDirectory(Path.of("/proc/2"))) {
            return; // no threads of the kernel inside a container
        }
        Result r = run(args);
        check(r.status == 1 && r.err.contains(message) && r.err.strip().lines().count() == 1 && r.out.isEmpty(),
                String.join(" ", args) + ": status " + r.status + ", " + r.err + r.out);
    }

    /** A process that is killed at any moment of being looked at, and one that nobody has waited for. */
    private void endsMeanwhile() throws Exception {
        for (int i = 0; i < 8; i++) {
            java.lang.Process p = new ProcessBuilder(exe("lives")).start();
            String pid = p.inputReader().readLine();
            int delay = 100 + 50 * i;
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(delay);
                } catch (InterruptedException e) {
                    return;
                }
                p.destroyForcibly();
            });
            Result r = run("map", pid);
            p.waitFor();
            check(r.status == 0 || r.status == 1 && r.out.isEmpty() && r.err.strip().matches("mica map: (process \\d+ has ended.*|no process \\d+)"), "after " + delay + " ms: " + r.err);
        }
        Result r = execute(List.of("sh", "-c", "exec 3>&1; (true & exec sleep 3) >/dev/null & p=$!; sleep 1; for s in /proc/[0-9]*/status; do if grep -q \"^PPid:.*\\b$p$\" $s 2>/dev/null; then " + mica
                + " map $(basename $(dirname $s)); fi; done; wait"), Map.of());
        check(r.err.contains("has ended; its parent has not asked for its status yet") && r.err.strip().lines().count() == 1, "not waited for: " + r.err);
    }

    private void forbidden() throws Exception {
        Result r = execute(List.of(exe("noptrace"), mica.toString(), "trace", exe("hello")), Map.of());
        check(r.status == 1 && r.err.contains("ptrace: operation not permitted (a seccomp filter is active") && r.out.isEmpty(),
                r.status + " " + r.err + r.out);
        check(r.err.strip().lines().count() == 1, r.err);
    }

    /** When the tracer is told to end, or killed, its program ends too. */
    private void interrupted() throws Exception {
        for (String signal : new String[] {"-INT", "-KILL"}) {
            java.lang.Process p = new ProcessBuilder(mica.toString(), "trace", "-boot", exe("lives")).redirectError(work.resolve("err.txt").toFile()).start();
            String pid = p.inputReader().readLine();
            check(ProcessHandle.of(Long.parseLong(pid)).isPresent(), "the program runs");
            new ProcessBuilder("kill", signal, Long.toString(p.pid())).start().waitFor();
            check(p.waitFor(20, TimeUnit.SECONDS), "the tracer ends after " + signal);
            for (int i = 0; i < 100 && ProcessHandle.of(Long.parseLong(pid)).isPresent(); i++) {
                Thread.sleep(20);
            }
            check(ProcessHandle.of(Long.parseLong(pid)).isEmpty(), "the program goes on after " + signal);
        }
    }

    // ---- other programs ----

    private void standard() throws Exception {
        Path go;
        try {
            go = Oracle.find().resolve("bin/go");
        } catch (IOException e) {
            System.out.println("trace: " + e.getMessage());
            return;
        }
        Result b = execute(List.of(go.toString(), "build", "-o", exe("gc"), Mica.home().resolve("examples/hello/hello.go").toString()),
                Map.of("GOROOT", go.getParent().getParent().toString(), "GOFLAGS", "-mod=mod", "GO111MODULE", "off", "GOTOOLCHAIN", "local"));
        check(b.status == 0, "go build: " + b.err);
        Map<String, Object> t = json("-boot", exe("gc"));
        boot(member(t, "boot"), false);
        check(packages(t).contains("runtime") && packages(t).contains("os"), "packages " + packages(t));
        check(members(member(t, "boot"), "missing").isEmpty(), "missing " + member(t, "boot").get("missing"));
        check(number(member(t, "end"), "status") == 0, "status");
        Result c = run("trace", "/bin/true");
        check(c.status == 0 && c.err.contains("exit_group"), "/bin/true: " + c.err);
    }
}
