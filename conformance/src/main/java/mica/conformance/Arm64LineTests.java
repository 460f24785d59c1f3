// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Random arm64 lines whose words depend on constants, offsets and frames, in functions of every size of frame: what the standard assembler
 * takes, ours takes and makes the same of it; what it refuses, ours refuses.
 *
 * <p>Usage: {@code Arm64LineTests [-n lines] [-seed number]}.
 */
public final class Arm64LineTests {
    private static final int[] FRAMES = {0, 8, 16, 24, 32, 48, 104, 112, 120, 128, 232, 240, 248, 256, 1000, 4072, 4080, 4088, 4096, 4104,
        8192, 65536, 1 << 20};
    private static final Pattern PLACE = Pattern.compile("a\\.s:(\\d+)");

    private final Random random;
    private final Path work;
    private final StandardPackages std;

    private Arm64LineTests(StandardPackages std, Path work, long seed) {
        this.std = std;
        this.work = work;
        random = new Random(seed);
    }

    /** See the class. */
    public static void main(String[] argv) throws IOException, InterruptedException {
        int n = 3000;
        long seed = 1;
        for (int i = 0; i + 1 < argv.length; i += 2) {
            if (argv[i].equals("-n")) {
                n = Integer.parseInt(argv[i + 1]);
            } else {
                seed = Long.parseLong(argv[i + 1]);
            }
        }
        Path work = Files.createTempDirectory("mica-lines");
        boolean ok;
        try {
            StandardPackages std = new StandardPackages(Oracle.find(), "arm64", work, Mica.cacheDir().resolve("oracle-build"));
            ok = new Arm64LineTests(std, work, seed).run(n);
        } catch (IOException e) {
            System.out.println("arm64 lines: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        } finally {
            Mica.deleteTree(work);
        }
        System.exit(ok ? 0 : 1);
    }

    private boolean run(int n) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < n) {
            String l = line();
            // Depths of the stack beyond 32 bits stop the standard assembler, compares of ZR make it write words that are no code, and
            // it moves some constants to ZR when told RSP: there ours refuses.
            if (!l.matches("(ADD|SUB) \\$-?\\d{5,}, .*RSP") && !l.matches("CM[PN]W? .*, ZR") && !l.matches("MOV[DW] \\$-?\\d+, RSP")) {
                lines.add(l);
            }
        }
        List<String> refused = new ArrayList<>();
        byte[] object = oracle(lines, refused);
        Sources sources = new Sources();
        Diagnostics diagnostics = new Diagnostics(sources);
        SourceFile file = sources.add("a.s", text(lines).getBytes(StandardCharsets.UTF_8));
        List<Symbol> have = Assembler.assemble(file, options(sources), new SymbolTable(), diagnostics);
        int bad = 0;
        for (Diagnostics.Entry e : diagnostics.sorted()) {
            bad++;
            System.out.println("refused here only: " + file.line(e.pos) + ": " + e.text);
        }
        if (bad == 0) {
            for (String d : new ObjectComparison("arm64").differences(have, object)) {
                bad++;
                System.out.println("differs: " + d);
            }
        }
        bad += accepted(refused);
        System.out.println("arm64 lines: " + lines.size() + " accepted, " + refused.size() + " refused, " + bad + " differ");
        return bad == 0 && lines.size() > n / 2;
    }

    /** Assembles with the standard assembler; lines that it refuses go from one list to the other. */
    private byte[] oracle(List<String> lines, List<String> refused) throws IOException, InterruptedException {
        for (;;) {
            Files.writeString(work.resolve("a.s"), text(lines));
            ProcessBuilder b = new ProcessBuilder(std.tool("asm").toString(), "-e", "-p", "p", "-o", "a.o", "a.s").directory(work.toFile())
                    .redirectErrorStream(true);
            b.environment().put("GOARCH", "arm64");
            java.lang.Process p = b.start();
            Set<Integer> bad = new HashSet<>();
            Matcher m = PLACE.matcher(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            while (m.find()) {
                bad.add(Integer.parseInt(m.group(1)));
            }
            if (p.waitFor() == 0) {
                return Files.readAllBytes(work.resolve("a.o"));
            }
            // Each block of eight lines stands between TEXT and the end of the function.
            int before = lines.size();
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (bad.contains(i / 8 * 10 + i % 8 + 2)) {
                    refused.add(lines.remove(i));
                }
            }
            if (lines.size() == before) {
                throw new IOException("the standard assembler fails");
            }
        }
    }

    private static String text(List<String> lines) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < lines.size(); i += 8) {
            int k = i / 8;
            b.append("TEXT f").append(k).append("(SB), ").append(k % 3 == 0 ? 4 : 0).append(", $").append(FRAMES[k % FRAMES.length])
                    .append("-").append(k % 4 * 8).append('\n');
            for (int j = i; j < Math.min(i + 8, lines.size()); j++) {
                b.append(lines.get(j)).append('\n');
            }
            b.append(k % 5 == 0 ? "RET bar(SB)\n" : k % 5 == 1 ? "CALL foo(SB); RET\n" : "RET\n");
        }
        return b.append("GLOBL s(SB), 16, $2000\nGLOBL t<>(SB), 16, $64\n").toString();
    }

    private static AsmOptions options(Sources sources) {
        AsmOptions o = new AsmOptions(sources);
        o.arch = "arm64";
        o.packagePath = "p";
        return o;
    }

    private int accepted(List<String> refused) {
        int bad = 0;
        for (String l : refused) {
            Sources sources = new Sources();
            Diagnostics d = new Diagnostics(sources);
            Assembler.assemble(sources.add("r.s", ("TEXT f(SB), 4, $16-8\n" + l + "\n").getBytes(StandardCharsets.UTF_8)), options(sources),
                    new SymbolTable(), d);
            if (d.isEmpty()) {
                bad++;
                System.out.println("accepted here only: " + l);
            }
        }
        return bad;
    }

    // The lines.

    private String pick(String words) {
        String[] w = words.split(" ");
        return w[random.nextInt(w.length)];
    }

    private String base() {
        int r = random.nextInt(31);
        return r == 30 || r == 18 || r == 28 ? "RSP" : "R" + r;
    }

    private String reg() {
        return random.nextInt(12) == 0 ? "ZR" : base();
    }

    private String fp() {
        return "F" + random.nextInt(32);
    }

    private long constant() {
        switch (random.nextInt(8)) {
            case 0:
                return random.nextInt(5300) - 300;
            case 1:
                return random.nextInt(1 << 24);
            case 2:
                return (long) random.nextInt(0x1000) << 12;
            case 3:
                long half = (long) random.nextInt(0x10000) << 16 * random.nextInt(4);
                return random.nextBoolean() ? half : ~half;
            case 4:
                int size = 2 << random.nextInt(6);
                long ones = (1L << 1 + random.nextInt(size - 1)) - 1;
                for (int s = size; s < 64; s *= 2) {
                    ones |= ones << s;
                }
                return Long.rotateLeft(ones, random.nextInt(64));
            case 5:
                return random.nextInt();
            case 6:
                return random.nextInt() & 0xffffffffL;
            default:
                long v = 0;
                for (int i = 0; i < 4; i++) {
                    v = v << 16 | (random.nextInt(3) == 0 ? 0 : random.nextInt(2) == 0 ? 0xffff : random.nextInt(0x10000));
                }
                return v;
        }
    }

    private long offset() {
        switch (random.nextInt(5)) {
            case 0:
                return random.nextInt(1200) - 600;
            case 1:
                return random.nextInt(10000) - 5000;
            case 2:
                return (long) random.nextInt(1 << 16) << random.nextInt(5);
            case 3:
                return random.nextInt(1 << 25);
            default:
                return random.nextInt();
        }
    }

    private String memory() {
        int near = random.nextInt(70000);
        switch (random.nextInt(6)) {
            case 0:
                return "x+" + near + "(FP)";
            case 1:
                return "y-" + near + "(SP)";
            case 2:
                return "s+" + near % 1000 + "(SB)";
            case 3:
                return "t<>+" + near % 64 + "(SB)";
            default:
                return (random.nextBoolean() ? offset() : offset() / 8 * 8) + "(" + base() + ")";
        }
    }

    private String line() {
        String w = random.nextBoolean() ? "" : "W";
        String suffix = random.nextInt(6) == 0 ? ".P" : random.nextInt(6) == 0 ? ".W" : "";
        switch (random.nextInt(9)) {
            case 0:
                return pick("ADD ADDS SUB SUBS AND ORR EOR ANDS BIC ORN EON BICS") + w + " $" + constant() + ", "
                        + (random.nextInt(3) > 0 ? reg() + ", " : "") + reg();
            case 1:
                return pick("CMP CMN TST") + w + " $" + constant() + ", " + reg();
            case 2:
                return pick("MOVD MOVW") + " $" + constant() + ", " + reg();
            case 3, 4:
                String m = pick("MOVB MOVBU MOVH MOVHU MOVW MOVWU MOVD FMOVS FMOVD FMOVQ");
                String r = m.charAt(0) == 'F' ? fp() : reg();
                return m + suffix + " " + (random.nextBoolean() ? memory() + ", " + r : r + ", " + memory());
            case 5:
                String pair = pick("LDP STP LDPW STPW LDPSW FLDPD FSTPD FLDPQ FSTPQ FLDPS FSTPS");
                String regs = pair.charAt(0) == 'F' ? "(" + fp() + ", " + fp() + ")" : "(" + reg() + ", " + reg() + ")";
                return pair + suffix + " " + (pair.contains("LD") ? memory() + ", " + regs : regs + ", " + memory());
            case 6:
                return "MOVD $" + memory() + ", " + reg();
            case 7:
                return pick("REM REMW UREM UREMW MUL SDIV LSL LSR ASR ROR ADD SUB AND CMP MOVD MOVW MOVB MVN NEG NEGS NGC UXTB SXTW") + " "
                        + reg() + ", " + reg() + (random.nextBoolean() ? "" : ", " + reg());
            default:
                return pick("UBFX SBFX UBFIZ SBFIZ BFI BFXIL UBFM SBFM BFM") + w + " $" + random.nextInt(66) + ", " + reg() + ", $"
                        + random.nextInt(66) + ", " + reg();
        }
    }
}
