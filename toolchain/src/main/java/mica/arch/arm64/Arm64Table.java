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
    /** Texts in GNU's syntax with places for parameters ({@link Arm64Gnu} fills them); null where there is none. */
    final String[] gnu;
    /** Rows by mnemonic and shapes, in the order of the text. */
    private final Map<String, int[]> byKey = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> literals = new HashSet<>();
    private final Set<String> scalable = new HashSet<>();

    private Arm64Table() {
        List<String[]> rows = new ArrayList<>();
        List<String> templates = new ArrayList<>();
        int firstScalable = 0;
        for (String name : RESOURCES) {
            firstScalable = rows.size();
            for (String line : read(name).split("\n")) {
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    int tab = line.indexOf('\t');
                    templates.add(tab < 0 ? null : line.substring(tab + 1));
                    rows.add((tab < 0 ? line : line.substring(0, tab)).split(" "));
                }
            }
        }
        count = rows.size();
        mnemonics = new String[count];
        shapes = new String[count][];
        base = new int[count];
        mask = new int[count];
        fields = new Arm64Field[count][];
        synonym = new boolean[count];
        gnu = templates.toArray(new String[0]);
        for (int i = 0; i < count; i++) {
            String[] t = rows.get(i);
            if (t[t.length - 1].equals("!")) {
                t = java.util.Arrays.copyOf(t, t.length - 1);
                synonym[i] = true;
            }
            mnemonics[i] = t[0].intern();
            shapes[i] = t[1].equals("-") ? new String[0] : t[1].split("\\|");
            base[i] = Integer.parseUnsignedInt(t[2], 16);
            fields[i] = new Arm64Field[t.length - 3];
            int varying = 0;
            for (int k = 3; k < t.length; k++) {
                fields[i][k - 3] = new Arm64Field(t[k]);
                varying |= fields[i][k - 3].bits;
            }
            mask[i] = ~varying;
            if ((base[i] & varying) != 0) {
                throw new Fault("arch", "arm64.tbl: a field covers fixed bits: " + String.join(" ", t));
            }
            known.add(t[0].endsWith(".P") || t[0].endsWith(".W") ? t[0].substring(0, t[0].length() - 2) : t[0]);
            if (i >= firstScalable) {
                scalable.add(t[0]);
            }
            for (String shape : shapes[i]) {
                if (Character.isUpperCase(shape.charAt(0)) && !shape.equals("L")) {
                    literals.add(shape);
                }
            }
            int[] same = byKey.get(key(t[0], t[1]));
            int n = same == null ? 0 : same.length;
            same = same == null ? new int[1] : java.util.Arrays.copyOf(same, n + 1);
            same[n] = i;
            byKey.put(key(t[0], t[1]), same);
        }
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
