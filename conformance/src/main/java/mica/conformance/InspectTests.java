// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.inspect.Executable;
import mica.inspect.FactTable;
import mica.inspect.FileView;
import mica.inspect.RelocationView;
import mica.obj.ElfFile;

/**
 * What {@code mica inspect} says of ELF files is what readelf says, field by field: headers, segments, sections, symbols, relocations, notes; of
 * executables of Mica and of the tools of {@link ForeignFiles}. PE and Mach-O files are the standard compiler's.
 *
 * <p>Usage: {@code InspectTests [-v]}. What needs a tool that is missing is left out with a word.
 */
public final class InspectTests {
    private static final int SECONDS = 300;
    /** In the file: 2 = 64 bits; the next byte 1 = little-endian. */
    private static final int ELF_CLASS = 4;

    private final Path work;
    private boolean verbose;
    private int compared;
    private final List<String> wrong = new ArrayList<>();

    private InspectTests(Path work) {
        this.work = work;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        InspectTests t = new InspectTests(Files.createTempDirectory("mica-inspect"));
        t.verbose = args.length > 0 && args[0].equals("-v");
        t.run();
        Mica.deleteTree(t.work);
        System.out.println("inspect: " + t.compared + " fields as readelf has them, " + t.wrong.size() + " not");
        System.exit(t.wrong.isEmpty() && t.compared > 0 ? 0 : 1);
    }

    private void run() throws Exception {
        boolean readelf = has("readelf");
        List<Path> files = new ArrayList<>();
        Path hello = Mica.home().resolve("examples/hello");
        for (String flags : new String[] {"", "-s"}) {
            Path exe = work.resolve("hello" + flags);
            String err = Mica.run(List.of("build", "-ldflags=" + flags, "-o", exe.toString(), "hello.go"), hello);
            if (err != null) {
                throw new IllegalStateException(err);
            }
            files.add(exe);
        }
        relocated(hello);
        for (Path p : ForeignFiles.make(work)) {
            byte[] b = Files.readAllBytes(p);
            String name = p.getFileName().toString();
            if (name.startsWith("standard-windows") || name.startsWith("standard-darwin")) {
                other(p, name.split("-")[1]);
            } else if (ElfFile.isElf(b) && b[ELF_CLASS] == 2 && b[ELF_CLASS + 1] == 1) {
                files.add(p);
            }
        }
        if (!readelf) {
            System.out.println("inspect: no readelf: ELF files are not compared");
            return;
        }
        for (Path f : files) {
            elf(f);
        }
    }

    /** The bytes of an executable are what the relocations in it say. */
    private void relocated(Path hello) throws Exception {
        Path exe = work.resolve("relocated");
        String err = Mica.run(List.of("build", "-ldflags=-emit-relocs", "-o", exe.toString(), "hello.go"), hello);
        if (err != null) {
            throw new IllegalStateException(err);
        }
        Executable e = Executable.open(exe);
        same("relocations with other bytes", RelocationView.wrong(e.elf), 0);
        same("many relocations", RelocationView.text(e.elf, null, new StringBuilder()) > 5000, true);
        same("it still runs", command(Map.of(), work, exe.toString()).isEmpty(), false);
    }

    private boolean has(String tool) throws Exception {
        return Process.run(List.of("sh", "-c", "command -v " + tool), work, Map.of(), SECONDS, true).status == 0;
    }

    private static String command(Map<String, String> env, Path dir, String... words) throws Exception {
        Process p = Process.run(List.of(words), dir, env, SECONDS, true);
        if (p.status != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + p.output);
        }
        return p.output;
    }

    private void same(String where, Object ours, Object theirs) {
        compared++;
        if (!String.valueOf(ours).equals(String.valueOf(theirs))) {
            wrong.add(where);
            if (wrong.size() <= 20) {
                System.out.println("FAIL " + where + ": " + ours + ", readelf says " + theirs);
            }
        }
    }

    private static long number(String s) {
        return s.startsWith("0x") ? Long.parseUnsignedLong(s.substring(2), 16) : Long.parseLong(s);
    }

    private static long hex(String s) {
        return Long.parseUnsignedLong(s.startsWith("0x") ? s.substring(2) : s, 16);
    }

    // ---- ELF ----

    private void elf(Path f) throws Exception {
        FileView v = new FileView(f.toString(), Files.readAllBytes(f));
        int before = compared;
        headers(f, v.part("headers"));
        segments(f, v.part("segments"));
        sections(f, v.part("sections"));
        symbols(f, v.part("symbols"));
        relocations(f, v.part("relocs"));
        notes(f, v.part("notes"));
        if (verbose) {
            System.out.println(f.getFileName() + ": " + (compared - before) + " fields");
        }
    }

    private String readelf(Path f, String flag) throws Exception {
        return command(Map.of("LC_ALL", "C.UTF-8"), work, "readelf", "-W", flag, f.toString());
    }

    private void headers(Path f, FactTable t) throws Exception {
        String out = readelf(f, "-h");
        String[][] fields = {
            {"Type", "type"}, {"Machine", "machine"}, {"Entry point address", "entry"}, {"Start of program headers", "programHeaders"},
            {"Start of section headers", "sectionHeaders"}, {"Flags", "flags"}, {"Size of this header", "headerSize"},
            {"Size of program headers", "programHeaderSize"}, {"Number of program headers", "segments"}, {"Size of section headers", "sectionHeaderSize"},
            {"Number of section headers", "sections"}, {"Section header string table index", "nameSection"}, {"ABI Version", "abiVersion"}
        };
        for (String[] p : fields) {
            Matcher m = Pattern.compile("(?m)^ *" + p[0] + ": +(.*)$").matcher(out);
            String value = m.find() ? m.group(1) : "?";
            String first = value.split(" ")[0];
            Object theirs = p[0].equals("Type") ? first : p[0].equals("Machine") ? value.contains("X86-64") ? "X86-64" : value : (Object) number(first);
            same(f.getFileName() + " header " + p[0], t.get(0, p[1]), theirs);
        }
    }

    private void segments(Path f, FactTable t) throws Exception {
        Matcher m = Pattern.compile("(?m)^  ([A-Z_]+) +(0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (.{3}) (0x[0-9a-f]+|0)$")
                .matcher(readelf(f, "-l"));
        String[] columns = {"type", "offset", "address", "physical", "fileSize", "memSize", "flags", "align"};
        int n = 0;
        for (; m.find(); n++) {
            for (int i = 0; i < columns.length && n < t.size(); i++) {
                String s = m.group(i + 1);
                Object theirs = i == 0 ? s : i == 6 ? s.replace(" ", "") : (Object) number(s);
                same(f.getFileName() + " segment " + n + " " + columns[i], t.get(n, columns[i]), theirs);
            }
        }
        same(f.getFileName() + " segments", t.size(), n);
    }

    private void sections(Path f, FactTable t) throws Exception {
        Matcher m = Pattern.compile("(?m)^  \\[ *(\\d+)\\] (\\S*) +([A-Z_0-9]+|SYMTAB SECTION INDICES) +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]{2}) {1,2}([A-Zxolp ]{3,4}?) +(\\d+) +(\\d+) +(\\d+)$")
                .matcher(readelf(f, "-S"));
        String[] columns = {"index", "name", "type", "address", "offset", "size", "entrySize", "flags", "link", "info", "align"};
        int n = 0;
        for (; m.find(); n++) {
            for (int i = 0; i < columns.length && n < t.size(); i++) {
                String s = m.group(i + 1);
                Object theirs = i == 1 || i == 2 ? s : i == 7 ? s.replace(" ", "") : i >= 3 && i <= 6 ? (Object) hex(s) : (Object) number(s);
                same(f.getFileName() + " section " + n + " " + columns[i], t.get(n, columns[i]), theirs);
            }
        }
        same(f.getFileName() + " sections", t.size(), n);
    }

    private void symbols(Path f, FactTable t) throws Exception {
        Matcher m = Pattern.compile("(?m)^ *(\\d+): ([0-9a-f]{16}) +(\\d+|0x[0-9a-f]+) ([A-Z]+) +([A-Z]+) +([A-Z]+) +(\\S+) ?(.*)$").matcher(readelf(f, "-s"));
        String[] columns = {"index", "value", "size", "type", "binding", "visibility", "section", "name"};
        int n = 0;
        for (; m.find(); n++) {
            for (int i = 0; i < columns.length && n < t.size(); i++) {
                String s = m.group(i + 1);
                Object theirs = i == 0 || i == 2 ? (Object) number(s) : i == 1 ? (Object) hex(s) : s;
                if (i == 7) {
                    theirs = s.replaceFirst("@.*", "");
                }
                Object ours = t.get(n, columns[i]);
                same(f.getFileName() + " symbol " + n + " " + columns[i], i == 7 ? firstBytes((String) ours).replaceFirst("@.*", "") : ours, theirs);
            }
        }
        same(f.getFileName() + " symbols", t.size(), n);
    }

    /** Readelf prints no more of a character than its first byte. */
    private static String firstBytes(String s) {
        return new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).replaceAll("[\u0080-\u00bf]", "");
    }

    private void relocations(Path f, FactTable t) throws Exception {
        Matcher m = Pattern.compile("(?m)^([0-9a-f]{16})  [0-9a-f]{16} (R_\\S+) +(?:[0-9a-f]{16} (\\S+) ([+-]) ([0-9a-f]+)|([0-9a-f]+))$").matcher(readelf(f, "-r"));
        int n = 0;
        for (; m.find() && n < t.size(); n++) {
            String where = f.getFileName() + " relocation " + n;
            same(where + " offset", t.get(n, "offset"), hex(m.group(1)));
            same(where + " type", t.get(n, "type"), m.group(2));
            same(where + " symbol", t.get(n, "symbol"), m.group(3) == null ? "" : m.group(3).replaceFirst("@.*", ""));
            long addend = m.group(3) == null ? hex(m.group(6)) : m.group(4).equals("-") ? -hex(m.group(5)) : hex(m.group(5));
            same(where + " addend", t.get(n, "addend"), addend);
        }
        same(f.getFileName() + " relocations", t.size(), n);
    }

    private void notes(Path f, FactTable t) throws Exception {
        Matcher m = Pattern.compile("(?m)^  (\\S+) +(0x[0-9a-f]{8})\\t").matcher(readelf(f, "-n"));
        int n = 0;
        for (; m.find() && n < t.size(); n++) {
            same(f.getFileName() + " note " + n + " owner", t.get(n, "owner"), m.group(1));
            same(f.getFileName() + " note " + n + " size", t.get(n, "size"), hex(m.group(2)));
        }
        same(f.getFileName() + " notes", t.size(), n);
    }

    // ---- others ----

    /** PE and Mach-O: the code section is there, executable, and holds the entry where the header names one. */
    private void other(Path f, String os) throws Exception {
        FileView v = new FileView(f.toString(), Files.readAllBytes(f));
        FactTable h = v.part("headers");
        FactTable s = v.part("sections");
        same(os + " format", h.get(0, "format"), os.equals("windows") ? "PE32+" : "Mach-O 64");
        boolean text = false;
        for (int i = 0; i < s.size(); i++) {
            long address = (Long) s.get(i, "address");
            long size = (Long) s.get(i, "size");
            text |= s.get(i, "name").equals(os.equals("windows") ? ".text" : "__text") && size > 100_000
                    && (os.equals("darwin") || (Long) h.get(0, "entry") >= address && (Long) h.get(0, "entry") < address + size);
            same(os + " section " + i + " index", s.get(i, "index"), (long) i + 1);
        }
        same(os + " code section", text, true);
        same(os + " segments", v.part("segments").size() > 3, os.equals("darwin"));
    }
}
