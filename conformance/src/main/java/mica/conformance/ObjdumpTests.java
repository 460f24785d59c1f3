// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Executables of the standard compiler, disassembled by {@code mica tool objdump} and by {@code go tool objdump}: the same functions at
 * the same addresses, the same instructions. Where the texts differ, a line of objdump-differences.txt must say why.
 *
 * <p>The list has these kinds of lines, all with tabs: {@code name THEIRS OURS reason} for a mnemonic that is called otherwise and whose
 * operands agree, {@code text THEIRS OURS reason} for whole texts (theirs is a regular
 * expression; ours may refer to its groups, or is an expression, too, behind a tilde), {@code object} the same for what only {@link GoObjectTests} meets. The standard
 * disassembler does not know VEX, EVEX and ADX instructions: these, and what it makes of the bytes behind one until both are in step again,
 * are counted and not compared. Usage: ObjdumpTests [-arm64] [-long] [file...]; without files, the standard distribution's pack command (arm64: gofmt), with -long
 * the go command, too, and every line of the list must be needed. With -arm64 for that CPU, with objdump-differences-arm64.txt.
 */
public final class ObjdumpTests {
    private record Rule(Pattern theirs, String ours) {}

    private final Map<String, Set<String>> names = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> unused = new TreeSet<>();
    private final boolean arm64;

    private ObjdumpTests(Path list, boolean arm64) throws IOException {
        this.arm64 = arm64;
        for (String line : Files.readAllLines(list)) {
            String[] f = line.split("\t");
            if (f.length == 4 && f[0].equals("name")) {
                names.computeIfAbsent(f[1], k -> new HashSet<>()).add(f[2]);
                unused.add(f[1] + " " + f[2]);
            } else if (f.length == 4 && (f[0].equals("text") || f[0].equals("object"))) {
                rules.add(new Rule(Pattern.compile(f[1]), f[2]));
                if (f[0].equals("text")) {
                    unused.add(f[1]);
                }
            } else if (!line.isEmpty() && line.charAt(0) != '#') {
                throw new IOException(list + ": bad line: " + line);
            }
        }
    }

    /** With the list of differences of a CPU. */
    static ObjdumpTests of(boolean arm64) throws IOException {
        return new ObjdumpTests(Mica.home().resolve("conformance/objdump-differences" + (arm64 ? "-arm64" : "") + ".txt"), arm64);
    }

    public static void main(String[] args) throws Exception {
        boolean isLong = false;
        boolean arm64 = false;
        int first = 0;
        for (; first < args.length && args[first].startsWith("-"); first++) {
            isLong |= args[first].equals("-long");
            arm64 |= args[first].equals("-arm64");
        }
        boolean ok = true;
        try {
            Path oracle = Oracle.find();
            Path tools = OracleTools.find(oracle, "objdump");
            List<Path> files = new ArrayList<>();
            for (String a : List.of(args).subList(first, args.length)) {
                files.add(Path.of(a));
            }
            for (String command : !files.isEmpty() ? List.<String>of() : isLong ? List.of(arm64 ? "gofmt" : "pack", "go") : List.of(arm64 ? "gofmt" : "pack")) {
                files.add(OracleTools.find(arm64 ? "arm64" : "amd64", oracle, command).resolve(command));
            }
            ObjdumpTests t = of(arm64);
            for (Path f : files) {
                ok &= t.compare(tools.resolve("objdump"), f);
            }
            if (isLong && !t.unused.isEmpty()) {
                System.out.println("nothing differs any more by: " + t.unused);
                ok = false;
            }
        } catch (IOException e) {
            System.out.println("ObjdumpTests: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        }
        System.exit(ok ? 0 : 1);
    }

    private boolean compare(Path objdump, Path file) throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("mica-objdump");
        try {
            Path theirs = dir.resolve("theirs");
            ProcessBuilder b = new ProcessBuilder(objdump.toString(), file.toString());
            b.redirectOutput(theirs.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
            if (b.start().waitFor() != 0) {
                throw new IOException(objdump + " failed");
            }
            Path ours = dir.resolve("ours");
            try (java.io.PrintStream out = new java.io.PrintStream(Files.newOutputStream(ours), false, StandardCharsets.UTF_8)) {
                if (mica.cli.Main.run(new String[] {"tool", "objdump", file.toString()}, dir, Map.of(), out, System.err) != 0) {
                    return false;
                }
            }
            return compare(file.getFileName().toString(), read(Files.readString(theirs)), read(Files.readString(ours)));
        } finally {
            Mica.deleteTree(dir);
        }
    }

    /** Instructions by address: place, bytes, text, the header (TEXT) in front if there is one, relocations if there are some. */
    static TreeMap<Long, String[]> read(String output) {
        TreeMap<Long, String[]> m = new TreeMap<>();
        String header = null;
        for (String l : output.split("\n")) {
            if (l.startsWith("TEXT ")) {
                header = l;
                continue;
            }
            String[] f = l.split("\t+");
            if (f.length >= 4) {
                m.put(Long.decode(f[1]), new String[] {f[0], f[2], f[3], header, f.length > 4 ? f[4] : ""});
                header = null;
            }
        }
        return m;
    }

    /** Prints what differs without a reason; whether nothing does. */
    boolean compare(String file, TreeMap<Long, String[]> theirs, TreeMap<Long, String[]> ours) {
        int bad = 0;
        int unknown = 0;
        int vector = 0;
        boolean lost = false;
        long inStep = 0;
        List<long[]> outOfStep = new ArrayList<>();
        for (Map.Entry<Long, String[]> e : ours.entrySet()) {
            String[] b = e.getValue();
            String[] a = theirs.get(e.getKey());
            unknown += b[2].equals("?") ? 1 : 0;
            if (lost && a != null && a[1].equals(b[1])) {
                lost = false;
                outOfStep.add(new long[] {inStep, e.getKey()});
            }
            boolean known = arm64 || !isVector(b[1]);
            if (!known || lost) {
                vector++;
                if (!lost) {
                    inStep = e.getKey();
                    lost = a == null || !a[1].equals(b[1]);
                }
                continue;
            }
            String problem = problem(a, b);
            if (problem != null && bad++ < 30) {
                System.out.println(file + ": 0x" + Long.toHexString(e.getKey()) + ": " + problem);
            }
        }
        for (Map.Entry<Long, String[]> e : theirs.entrySet()) {
            if (!ours.containsKey(e.getKey()) && !in(outOfStep, e.getKey()) && bad++ < 30) {
                System.out.println(file + ": 0x" + Long.toHexString(e.getKey()) + ": only theirs: " + e.getValue()[2]);
            }
        }
        System.out.println("ObjdumpTests: " + file + ": " + ours.size() + " instructions, " + vector
                + " of or behind VEX, EVEX and ADX not compared, " + unknown + " unknown, " + bad + " differ without a reason");
        return bad == 0;
    }

    /** VEX, EVEX, and ADCX and ADOX. */
    private static boolean isVector(String hex) {
        return hex.startsWith("c4") || hex.startsWith("c5") || hex.startsWith("62") || hex.contains("0f38f6");
    }

    private static boolean in(List<long[]> ranges, long address) {
        for (long[] r : ranges) {
            if (address > r[0] && address < r[1]) {
                return true;
            }
        }
        return false;
    }

    private String problem(String[] a, String[] b) {
        if (a == null) {
            return "only ours: " + b[2];
        }
        if (a[3] == null ? b[3] != null : !a[3].equals(b[3])) {
            return "header " + a[3] + ", ours " + b[3];
        }
        if (!a[0].equals(b[0])) {
            return "place " + a[0] + ", ours " + b[0];
        }
        // The standard disassembler shows a whole word of symbols that have a byte.
        if (arm64 && b[1].length() < a[1].length() && a[1].endsWith(b[1]) && b[2].equals("?")) {
            return null;
        }
        if (!a[1].equals(b[1])) {
            return "bytes " + a[1] + " " + a[2] + ", ours " + b[1] + " " + b[2];
        }
        if (!a[4].equals(b[4])) {
            return "relocations " + a[4] + ", ours " + b[4];
        }
        return same(a[2], b[2]) ? null : a[2] + ", ours " + b[2];
    }

    private boolean same(String theirs, String ours) {
        if (sameSpelled(theirs, ours)) {
            return true;
        }
        for (Rule r : rules) {
            Matcher m = r.theirs.matcher(theirs);
            if (m.matches() && (r.ours.startsWith("~") ? ours.matches(r.ours.substring(1)) : sameSpelled(m.replaceFirst(r.ours), ours))) {
                unused.remove(r.theirs.pattern());
                return true;
            }
        }
        return false;
    }

    private boolean sameSpelled(String theirs, String ours) {
        String a = spelled(theirs);
        String b = spelled(ours);
        if (a.equals(b)) {
            return true;
        }
        // Prefixes stand in front of the mnemonic.
        int i = mnemonic(a);
        int j = mnemonic(b);
        String x = word(a, i);
        String y = word(b, j);
        if (!a.substring(0, i).equals(b.substring(0, j)) || !a.substring(i + x.length()).equals(b.substring(j + y.length()))) {
            return false;
        }
        if (names.getOrDefault(x, Set.of()).contains(y)) {
            unused.remove(x + " " + y);
            return true;
        }
        return x.equals(y);
    }

    private static int mnemonic(String s) {
        return s.startsWith("LOCK ") ? 5 : s.startsWith("REP; ") || s.startsWith("REPNE; ") ? s.indexOf(' ') + 1 : 0;
    }

    private static String word(String s, int from) {
        int blank = s.indexOf(' ', from);
        return s.substring(from, blank < 0 ? s.length() : blank);
    }

    /** One spelling for what needs no reason: offsets of 0, the sign of numbers (as 64 bits, or the bits of the operand), byte registers. */
    private static String spelled(String t) {
        String s = t.replaceAll("(?<![0-9a-zA-Z_.)*/\\]}])(0x)?0\\(", "(").replaceAll("\\b(R[0-9]+|SI|DI|SP|BP)B\\b", "$1").replace("LOCK; ", "LOCK ");
        Matcher m = NUMBER.matcher(s);
        return m.replaceAll(r -> {
            String digits = r.group(2);
            long v = digits.length() > 16 ? 0 : Long.parseUnsignedLong(digits, 16);
            v = r.group(1).isEmpty() ? v : -v;
            v = v >>> 32 == 0 ? (int) v : v;
            // Shorter operands' numbers are printed with as many bits.
            int bits = fits(v, 8) ? 8 : fits(v, 16) ? 16 : fits(v, 32) ? 32 : 64;
            return Long.toHexString(bits == 64 ? v : v & (1L << bits) - 1);
        });
    }

    private static boolean fits(long v, int bits) {
        return v >>> bits == 0 || v >> bits - 1 == -1;
    }

    private static final Pattern NUMBER = Pattern.compile("(?<![0-9a-zA-Z_.+*])(-?)0x([0-9a-f]+)");
}
