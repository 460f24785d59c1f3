// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.arch.amd64.Amd64Code;
import mica.arch.amd64.Amd64Decoder;
import mica.arch.amd64.Amd64Inst;
import mica.arch.amd64.Amd64Printer;
import mica.arch.amd64.RandomOperands;
import mica.asm.AsmOptions;
import mica.asm.Assembler;
import mica.base.Diagnostics;
import mica.base.SourceFile;
import mica.base.Sources;
import mica.obj.PcTable;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Every mnemonic that the standard assembler for amd64 knows, with operands of every shape: ours accepts the same lines and makes the
 * same bytes of them. The mnemonics are read from GOROOT's list of them.
 *
 * <p>asm-differences.txt lists where the two differ on purpose: {@code accepted}, {@code refused} or {@code bytes}, a regular expression
 * over the line, the reason. Usage: AsmFormTests [-ops REGEXP|random] [-long] [-v]. Without -long, every tenth mnemonic is tried, and fewer
 * random instructions.
 */
public final class AsmFormTests {
    private static final String[] IMMEDIATES = {"$1", "$3", "$0", "$7", "$-7", "$200", "$40000", "$-70000", "$0x89abcdef", "$0x123456789a"};
    private static final String[] REGISTERS = {"AX", "CX", "DX", "R9", "SP", "BP", "AL", "CL", "AH", "SIB", "R9B", "X0", "X5", "X20", "Y2", "Y20", "Z3", "Z21",
        "K0", "K2", "M1", "F0", "F1", "CR0", "CR8", "DR7", "TR6", "CS", "FS", "GS", "GDTR", "IDTR", "LDTR", "MSW", "TASK", "TLS"};
    private static final String[] MEMORY = {"8(BX)", "(BP)(R12*4)", "foo+8(SB)", "64(AX)(X7*2)", "(R9)(Y21*1)", "8(AX)(Z8*8)", "a-8(SP)", "0x28(GS)"};
    private static final String[] OTHERS = {"2(PC)", "$foo(SB)", "[X0-X3]", "[Z4-Z7]", "$16(BX)", "AX:CX"};

    private final Path go;
    private final Path goroot;
    private final Path dir;
    private final boolean isLong;
    private final boolean verbose;
    private int lines;
    private int unplaced;
    private int accepted;
    private final TreeMap<String, List<String>> bad = new TreeMap<>();
    /** Listed differences: kind, pattern. */
    private final List<String[]> listed = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private int excused;

    private AsmFormTests(Path go, Path goroot, Path dir, boolean isLong, boolean verbose) {
        this.go = go;
        this.goroot = goroot;
        this.dir = dir;
        this.isLong = isLong;
        this.verbose = verbose;
    }

    public static void main(String[] args) throws Exception {
        Pattern ops = Pattern.compile("");
        boolean isLong = false;
        boolean verbose = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-ops" -> ops = Pattern.compile(args[++i]);
                case "-long" -> isLong = true;
                case "-v" -> verbose = true;
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        Path goroot = Mica.goroot();
        Path go;
        try {
            go = Oracle.find();
        } catch (IOException e) {
            System.out.println("AsmFormTests: skipped, no standard Go 1.27: " + e.getMessage());
            return;
        }
        Path dir = Files.createTempDirectory("mica-forms");
        try {
            System.exit(new AsmFormTests(go, goroot, dir, isLong, verbose).run(ops) ? 0 : 1);
        } finally {
            Mica.deleteTree(dir);
        }
    }

    private void readList() throws IOException {
        for (String line : Files.readAllLines(Mica.home().resolve("conformance/asm-differences.txt"))) {
            String[] f = line.split("\t");
            if (f.length == 3 && line.charAt(0) != '#') {
                listed.add(f);
                patterns.add(Pattern.compile(f[1]));
            }
        }
    }

    private boolean run(Pattern ops) throws IOException {
        readList();
        List<String> chunk = new ArrayList<>();
        int number = 0;
        for (String op : mnemonics(goroot)) {
            boolean tenth = isLong || !ops.pattern().isEmpty() || number++ % 10 == 0;
            if (!tenth || !ops.matcher(op).find()) {
                continue;
            }
            shapes(op, chunk);
            if (chunk.size() > 40_000) {
                compare(chunk);
                chunk.clear();
            }
        }
        compare(chunk);
        chunk.clear();
        if (ops.pattern().isEmpty() || ops.pattern().equals("random")) {
            for (int i = 0; i < (isLong ? 25 : 1); i++) {
                randomLines(i, chunk);
                compare(chunk);
                chunk.clear();
            }
        }
        int n = 0;
        for (Map.Entry<String, List<String>> e : bad.entrySet()) {
            n += e.getValue().size();
            System.out.println(e.getKey() + ": " + e.getValue().size());
            for (String s : e.getValue().subList(0, verbose ? e.getValue().size() : Math.min(4, e.getValue().size()))) {
                System.out.println("\t" + s);
            }
        }
        System.out.println("AsmFormTests: " + lines + " lines, " + accepted + " accepted by the standard assembler, " + unplaced
                + " that it complains of without a place, " + excused + " differ as listed, " + n + " differ in " + bad.size()
                + " mnemonics");
        return n == 0;
    }

    /** Random instructions: forms of our table, with any registers, addresses and suffixes that they take. */
    private static void randomLines(int seed, List<String> out) {
        RandomOperands r = new RandomOperands(seed);
        Amd64Code code = Amd64Code.complete();
        Amd64Decoder decoder = new Amd64Decoder();
        Amd64Inst inst = new Amd64Inst();
        while (out.size() < 40_000) {
            code.reset();
            if (!r.next(code) || code.suffixProblem(r.op, r.suffix, r.operands, r.n) != null || !code.encodable(r.op, r.suffix, r.operands, r.n)) {
                continue;
            }
            code.emit(r.op, r.suffix, r.operands, r.n);
            code.finish();
            byte[] b = code.toBytes();
            // Returns undo the frame and jumps have no target here.
            boolean plain = !r.op.name().startsWith("RET") && !r.op.name().startsWith("J") && !r.op.name().startsWith("CALL");
            if (plain && b.length > 0 && decoder.decode(b, 0, b.length, inst)) {
                out.add(Amd64Printer.print(inst, 0, 0, a -> null));
            }
        }
    }

    /** The names in the standard assembler's lists, and their synonyms. */
    private static List<String> mnemonics(Path goroot) throws IOException {
        TreeSet<String> all = new TreeSet<>();
        Matcher m = Pattern.compile("\"([A-Z0-9]+)\"").matcher(Files.readString(goroot.resolve("src/cmd/internal/obj/x86/anames.go")));
        while (m.find()) {
            all.add(m.group(1));
        }
        String arch = Files.readString(goroot.resolve("src/cmd/asm/internal/arch/arch.go"));
        m = Pattern.compile("instructions\\[\"([A-Z0-9]+)\"\\] = x86").matcher(arch);
        while (m.find()) {
            all.add(m.group(1));
        }
        all.addAll(List.of("CALL", "JMP", "NOP", "RET", "UNDEF", "DUFFZERO", "DUFFCOPY"));
        // ADJSP changes what the names of the following lines mean.
        all.removeAll(List.of("LAST", "ADJSP", "TEXT", "XXX"));
        return new ArrayList<>(all);
    }

    private static boolean isVector(String op) {
        return op.charAt(0) == 'V' && !op.equals("VERR") && !op.equals("VERW") || op.charAt(0) == 'K';
    }

    private void shapes(String op, List<String> out) {
        List<String> any = new ArrayList<>(List.of(REGISTERS));
        any.addAll(List.of(IMMEDIATES));
        any.addAll(List.of(MEMORY));
        any.addAll(List.of(OTHERS));
        out.add(op);
        for (String a : any) {
            out.add(op + " " + a);
        }
        for (String a : any) {
            for (String b : any) {
                out.add(op + " " + a + ", " + b);
            }
        }
        String[] small = {"$3", "$200", "$-7", "AX", "CX", "R9", "X0", "X5", "X20", "Y2", "Y20", "Z3", "K2", "M1", "F0", "8(BX)", "64(AX)(X7*2)",
            "(R9)(Y21*1)", "8(AX)(Z8*8)", "foo+8(SB)", "[X4-X7]", "[Z4-Z7]"};
        String[] last = {"AX", "R9", "X5", "X20", "Y2", "Z3", "K2", "K0", "8(BX)", "64(AX)(X7*2)", "M1", "$200", "8(AX)(Z8*8)", "(R9)(Y21*1)", "CX", "7"};
        for (String a : small) {
            for (String b : small) {
                for (String c : last) {
                    out.add(op + " " + a + ", " + b + ", " + c);
                }
            }
        }
        String[] four1 = {"$3", "$200", "X1", "X21", "Y2", "Z3", "AX", "8(BX)", "[Z4-Z7]"};
        String[] four2 = {"X5", "X20", "Y2", "Z3", "8(BX)", "AX", "M1", "$7"};
        String[] four3 = {"X5", "X22", "Y2", "Z3", "K2", "K0", "CX", "8(BX)"};
        String[] four4 = {"X5", "X20", "Y3", "Z3", "K2", "DX", "8(BX)"};
        if (!isVector(op)) {
            return;
        }
        for (String a : four1) {
            for (String b : four2) {
                for (String c : four3) {
                    for (String d : four4) {
                        out.add(op + " " + a + ", " + b + ", " + c + ", " + d);
                    }
                }
            }
        }
        for (String a : new String[] {"$3", "$200", "X1", "8(BX)"}) {
            for (String b : new String[] {"X5", "Y2", "Z3", "8(BX)"}) {
                for (String c : new String[] {"X5", "Y2", "Z3"}) {
                    for (String d : new String[] {"K2", "K0", "X2"}) {
                        for (String e : new String[] {"X20", "Y2", "Z3", "K3"}) {
                            out.add(op + " " + a + ", " + b + ", " + c + ", " + d + ", " + e);
                        }
                    }
                }
            }
        }
    }

    private void compare(List<String> chunk) throws IOException {
        if (chunk.isEmpty()) {
            return;
        }
        try {
            compareWhole(chunk);
        } catch (Unplaced | RuntimeException e) {
            // The standard assembler has no place for some of its errors, or ours fails: the lines must be tried in smaller groups.
            if (chunk.size() == 1) {
                if (e instanceof Unplaced) {
                    unplaced++;
                } else {
                    bad("fails", chunk.get(0), e.toString());
                }
                return;
            }
            int half = chunk.size() / 2;
            compare(new ArrayList<>(chunk.subList(0, half)));
            compare(new ArrayList<>(chunk.subList(half, chunk.size())));
        }
    }

    private static final class Unplaced extends Exception {
        private static final long serialVersionUID = 1;

        Unplaced(String text) {
            super(text.split("\n")[0], null, false, false);
        }
    }

    private void compareWhole(List<String> chunk) throws IOException, Unplaced {
        // The oracle assembles only what it parses, and lists only what it assembles.
        AsmOracle oracle = new AsmOracle(go, dir, List.of());
        List<String> theirs = new ArrayList<>(chunk);
        Map<String, String> refused = new HashMap<>();
        for (int round = 0; round < 6; round++) {
            if (oracle.run(text(theirs), theirs.size())) {
                break;
            }
            String unplaced = oracle.errors.remove(0);
            if (oracle.errors.isEmpty()) {
                throw new Unplaced(unplaced);
            }
            List<String> left = new ArrayList<>();
            for (int i = 0; i < theirs.size(); i++) {
                String e = oracle.errors.get(i + 2);
                if (e == null) {
                    left.add(theirs.get(i));
                } else {
                    refused.put(theirs.get(i), e);
                }
            }
            theirs = left;
        }
        lines += chunk.size();
        accepted += theirs.size();
        Ours ours = new Ours();
        ours.run(text(chunk));
        Map<String, Boolean> no = new HashMap<>();
        for (int i = 0; i < chunk.size(); i++) {
            String l = chunk.get(i);
            String e = ours.errors.get(i + 2);
            no.put(l, e != null);
            if (e == null && refused.containsKey(l)) {
                bad("accepted", l, refused.get(l));
            } else if (e != null && !refused.containsKey(l)) {
                bad("refused", l, e);
            }
        }
        List<String> both = new ArrayList<>();
        for (String l : theirs) {
            if (!no.get(l)) {
                both.add(l);
            }
        }
        if (both.isEmpty()) {
            return;
        }
        if (!oracle.run(text(both), both.size())) {
            throw new IOException("the standard assembler takes back what it accepted: " + oracle.errors.entrySet().iterator().next());
        }
        ours.run(text(both));
        for (int i = 0; i < both.size(); i++) {
            String want = oracle.bytes.getOrDefault(i + 2, "");
            String have = ours.bytes.getOrDefault(i + 2, "");
            if (!want.equals(have)) {
                bad("bytes", both.get(i), "want " + want + ", have " + have);
            }
        }
    }

    private void bad(String kind, String line, String what) {
        for (int i = 0; i < patterns.size(); i++) {
            if (listed.get(i)[0].equals(kind) && patterns.get(i).matcher(line).matches()) {
                excused++;
                return;
            }
        }
        bad.computeIfAbsent(line.split(" ")[0], k -> new ArrayList<>()).add(line + ": " + kind + ": " + what);
    }

    private static String text(List<String> lines) {
        StringBuilder b = new StringBuilder("TEXT f(SB), 516, $16\n");
        for (String l : lines) {
            b.append(l).append('\n');
        }
        return b.append("BYTE $0; BYTE $0\n").toString();
    }

    private static final class Ours {
        final Map<Integer, String> errors = new HashMap<>();
        final Map<Integer, String> bytes = new HashMap<>();

        void run(String text) {
            errors.clear();
            bytes.clear();
            Sources sources = new Sources();
            SourceFile file = sources.add("f.s", text.getBytes(StandardCharsets.UTF_8));
            Diagnostics d = new Diagnostics(sources);
            List<Symbol> symbols = Assembler.assemble(file, new AsmOptions(sources), new SymbolTable(), d);
            for (Diagnostics.Entry e : d.sorted()) {
                errors.putIfAbsent(file.line(e.pos), e.text);
            }
            for (Symbol s : symbols) {
                PcTable t = s.func == null ? null : s.func.pcpos;
                for (int i = 0; t != null && i < t.count; i++) {
                    int end = i + 1 < t.count ? t.pc[i + 1] : (int) s.size;
                    bytes.merge(file.line(t.value[i]), java.util.HexFormat.of().formatHex(s.data, t.pc[i], end), String::concat);
                }
            }
        }
    }
}
