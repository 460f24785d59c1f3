// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.arm64;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.base.Fault;

/** The rows of {@code arm64.tbl} (its head describes them) and of the two files beside it. Encoder, decoder and printer work from them. Immutable. */
public final class Arm64Table {
    private static final class Lazy {
        static final Arm64Table TABLE = new Arm64Table();
    }

    public static Arm64Table get() {
        return Lazy.TABLE;
    }

    private static final String[] RESOURCES = {"arm64.tbl", "arm64-system.tbl", "arm64-sve.tbl"};

    final int count;
    final String[] mnemonics;
    final String[][] shapes;
    final int[] base;
    /** Bits that {@link #base} fixes. */
    final int[] mask;
    final Arm64Field[][] fields;
    /** Rows that are another way to write what a row says: only for encoding. */
    final boolean[] synonym;
    private final String[] lines;
    /** Rows by mnemonic and shapes, in the order of the text. */
    private final Map<String, int[]> byKey = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> literals = new HashSet<>();
    private final Set<String> scalable = new HashSet<>();

    private Arm64Table() {
        List<String> all = new ArrayList<>();
        int firstScalable = 0;
        for (String name : RESOURCES) {
            firstScalable = all.size();
            for (String line : read(name).split("\n")) {
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    all.add(line);
                }
            }
        }
        lines = all.toArray(new String[0]);
        count = lines.length;
        mnemonics = new String[count];
        shapes = new String[count][];
        base = new int[count];
        mask = new int[count];
        fields = new Arm64Field[count][];
        synonym = new boolean[count];
        // Many rows have the same fields and the same shapes: reading each text once is most of the speed of a cold start.
        Map<String, Arm64Field> fieldOf = new HashMap<>();
        Map<String, String[]> shapesOf = new HashMap<>();
        for (int i = 0; i < count; i++) {
            row(i, lines[i], fieldOf, shapesOf);
            if (i >= firstScalable) {
                scalable.add(mnemonics[i]);
            }
        }
    }

    /** {@code MNEMONIC shape|shape base field ... [!][TAB template]}. */
    private void row(int i, String line, Map<String, Arm64Field> fieldOf, Map<String, String[]> shapesOf) {
        int tab = line.indexOf('\t');
        String text = tab < 0 ? line : line.substring(0, tab);
        int blank = text.indexOf(' ');
        int second = text.indexOf(' ', blank + 1);
        // Rows of a mnemonic stand together.
        mnemonics[i] = i > 0 && mnemonics[i - 1].length() == blank && text.startsWith(mnemonics[i - 1]) ? mnemonics[i - 1] : text.substring(0, blank);
        shapes[i] = shapesOf.computeIfAbsent(text.substring(blank + 1, second), this::shapes);
        String[] t = text.substring(second + 1).split(" ");
        int n = t.length;
        if (t[n - 1].equals("!")) {
            n--;
            synonym[i] = true;
        }
        base[i] = Integer.parseUnsignedInt(t[0], 16);
        fields[i] = new Arm64Field[n - 1];
        int varying = 0;
        for (int k = 1; k < n; k++) {
            Arm64Field f = fieldOf.computeIfAbsent(t[k], Arm64Field::new);
            fields[i][k - 1] = f;
            varying |= f.bits;
        }
        mask[i] = ~varying;
        if ((base[i] & varying) != 0) {
            throw new Fault("arch", "arm64.tbl: a field covers fixed bits: " + text);
        }
        String m = mnemonics[i];
        known.add(m.endsWith(".P") || m.endsWith(".W") ? m.substring(0, m.length() - 2) : m);
        String key = text.substring(0, second);
        int[] same = byKey.get(key);
        if (same == null) {
            byKey.put(key, new int[] {i});
        } else {
            same = java.util.Arrays.copyOf(same, same.length + 1);
            same[same.length - 1] = i;
            byKey.put(key, same);
        }
    }

    private String[] shapes(String text) {
        String[] all = text.equals("-") ? new String[0] : text.split("\\|");
        for (String shape : all) {
            if (Character.isUpperCase(shape.charAt(0)) && !shape.equals("L")) {
                literals.add(shape);
            }
        }
        return all;
    }

    /** A row's text in GNU's syntax with places for parameters ({@link Arm64Gnu} fills them); null where there is none. */
    String gnu(int row) {
        int tab = lines[row].indexOf('\t');
        return tab < 0 ? null : lines[row].substring(tab + 1);
    }

    /** The shapes of all forms of a mnemonic, for messages. */
    public List<String[]> forms(String mnemonic) {
        List<String[]> forms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (mnemonics[i].equals(mnemonic)) {
                forms.add(shapes[i]);
            }
        }
        return forms;
    }

    /** Whether a mnemonic is one of scalable vectors. */
    public boolean isScalable(String mnemonic) {
        return scalable.contains(mnemonic);
    }

    private static String read(String name) {
        try (InputStream in = Arm64Table.class.getResourceAsStream("/mica/arch/arm64/" + name)) {
            if (in == null) {
                throw new Fault("arch", "missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new Fault("arch", "cannot read resource " + name, e);
        }
    }

    private static String key(String mnemonic, String shapes) {
        return mnemonic + ' ' + shapes;
    }

    /** Whether some row has this mnemonic, with .P or .W behind it or without. */
    public boolean hasMnemonic(String name) {
        return known.contains(name);
    }

    /** Whether some instruction has an operand that is just this name (system registers, hints). */
    public boolean knowsName(String name) {
        return literals.contains(name);
    }

    /** Whether some row has this mnemonic with these shapes (joined by |, - for none). */
    public boolean knows(String mnemonic, String shapes) {
        return byKey.containsKey(key(mnemonic, shapes));
    }

    /** The word of a decoded or otherwise filled instruction, as {@link #encode(String, String, long[])} gives it. */
    public int encode(Arm64Inst inst) {
        return encode(inst.mnemonic, inst.shapes.length == 0 ? "-" : String.join("|", inst.shapes), inst.params);
    }

    /** The word of an instruction, or -1 if no row takes the parameters (0xffffffff is no instruction). */
    public int encode(String mnemonic, String joined, long[] params) {
        int[] rows = byKey.get(key(mnemonic, joined));
        if (rows == null) {
            return -1;
        }
        for (int row : rows) {
            int w = base[row];
            boolean fits = true;
            Arm64Field[] f = fields[row];
            for (int i = 0; i < f.length && fits; i++) {
                int tied = f[i].tiedTo();
                fits = tied < 0 ? f[i].accepts(params[i]) : params[i] == (params[tied] + f[i].tiedDistance() & 31);
                w |= fits ? f[i].encode(params[i]) : 0;
            }
            if (fits) {
                return w;
            }
        }
        return -1;
    }
}
