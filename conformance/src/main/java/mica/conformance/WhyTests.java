// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mica.inspect.Executable;
import mica.inspect.Why;
import mica.obj.LinkGraph;

/**
 * What {@code mica why} predicts is what happens: for random symbols the last reference that each hangs on alone is cut (it leads to a stub), the
 * program is linked again, and the stripped file must have lost as many bytes as was said before, but for alignment and for shorter numbers.
 *
 * <p>Usage: {@code WhyTests [-n COUNT] [-seed SEED] [-v] [example ...]}: COUNT symbols in all (12), from these examples (hello, jsons).
 */
public final class WhyTests {
    /** Padding at the ends of the dozen sections and tables, most of them aligned to 16 or 32 bytes, may grow or shrink by this. */
    private static final int ALIGNMENT = 96;
    /** Files of source that go make the numbers of those that stay smaller, and so some pc-value tables of other functions: a share of what goes. */
    private static final int RENUMBERING = 1024;

    private final Path work;
    private boolean verbose;
    private int passed;
    private int failed;

    private WhyTests(Path work) {
        this.work = work;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        WhyTests t = new WhyTests(Files.createTempDirectory("mica-why"));
        int count = 12;
        long seed = 1;
        List<String> examples = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-n" -> count = Integer.parseInt(args[++i]);
                case "-seed" -> seed = Long.parseLong(args[++i]);
                case "-v" -> t.verbose = true;
                default -> examples.add(args[i]);
            }
        }
        if (examples.isEmpty()) {
            examples = List.of("hello", "jsons");
        }
        for (int i = 0; i < examples.size(); i++) {
            int share = count / examples.size() + (i < count % examples.size() ? 1 : 0);
            t.program(examples.get(i), share, new Random(seed + i));
        }
        Mica.deleteTree(t.work);
        System.out.println("why: " + t.passed + " predictions held, " + t.failed + " did not");
        System.exit(t.failed == 0 ? 0 : 1);
    }

    private void program(String name, int count, Random random) throws Exception {
        Path whole = build(name, "");
        Why why = Why.of(Executable.open(whole));
        long before = size(build(name, "-s"));
        LinkGraph g = why.needs.graph;
        Map<String, Integer> names = new HashMap<>();
        for (LinkGraph.Node n : g.nodes) {
            names.merge(n.name, n.aliases.size() + 1, Integer::sum);
        }
        for (int done = 0, tried = 0; done < count && tried < 100 * count; tried++) {
            LinkGraph.Node n = g.nodes.get(random.nextInt(g.nodes.size()));
            if (n.kind != LinkGraph.NodeKind.SYMBOL || n.name.isEmpty() || n.name.startsWith("go:main.") || names.get(n.name) > 1) {
                continue;
            }
            Why.Answer a = why.ask(n.name).get(0);
            if (a.dominatingEdge < 0 || !isCuttable(g, a.dominatingEdge, names)) {
                continue;
            }
            done++;
            predict(name, n.name, why.reference(a.dominatingEdge), why.without(a.dominatingEdge).bytes, before);
        }
    }

    /** The linker cuts by name, so both ends must have one of their own. */
    private static boolean isCuttable(LinkGraph g, int e, Map<String, Integer> names) {
        String from = g.nodes.get(g.from[e]).name;
        LinkGraph.Node to = g.nodes.get(g.to[e]);
        String target = to.owner >= 0 ? g.nodes.get(to.owner).name : to.name;
        return !from.isEmpty() && names.get(from) == 1 && !target.isEmpty() && (to.kind != LinkGraph.NodeKind.SYMBOL || names.get(target) == 1)
                && (from + target).indexOf('"') < 0;
    }

    private void predict(String program, String symbol, String cut, long predicted, long before) throws Exception {
        long lost = before - size(build(program, "-s \"-cut=" + cut + "\""));
        boolean ok = Math.abs(lost - predicted) <= ALIGNMENT + predicted / RENUMBERING;
        if (ok) {
            passed++;
        } else {
            failed++;
        }
        if (!ok || verbose) {
            System.out.println((ok ? "ok   " : "FAIL ") + program + ": " + symbol + ": without " + cut + ": predicted " + predicted + ", lost " + lost);
        }
    }

    /** Bytes of a file but for the build information, which holds the flags. */
    private static long size(Path exe) throws Exception {
        return Files.size(exe) - Executable.open(exe).elf.find(".go.buildinfo").size;
    }

    private Path build(String example, String flags) throws Exception {
        Path exe = work.resolve(example + ".exe");
        Path dir = Mica.home().resolve("examples").resolve(example);
        String source = Files.exists(dir.resolve("go.mod")) ? "." : example + ".go";
        List<String> command = new ArrayList<>(List.of("build", "-o", exe.toString(), source));
        if (!flags.isEmpty()) {
            command.add(1, "-ldflags=" + flags);
        }
        String err = Mica.run(command, dir);
        if (err != null) {
            throw new IllegalStateException(example + ": " + err);
        }
        return exe;
    }
}
