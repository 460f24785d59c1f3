// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mica.obj.FormatException;

/** Lists symbols as {@code go tool nm} does. */
public final class Nm {
    /** address, name, none or size. */
    public String sort = "name";
    /** -size: print sizes. */
    public boolean size;

    /** Lines without a file name in front. */
    public String list(Executable exe) throws FormatException {
        List<Executable.Sym> all = new ArrayList<>(exe.symbols());
        switch (sort) {
            case "address" -> all.sort(Comparator.comparingLong((Executable.Sym s) -> s.address));
            case "name" -> all.sort(Comparator.comparing((Executable.Sym s) -> s.name));
            case "size" -> all.sort(Comparator.comparingLong((Executable.Sym s) -> -s.size));
            default -> {}
        }
        StringBuilder sb = new StringBuilder();
        for (Executable.Sym s : all) {
            pad(sb, s.type == 'U' ? "" : Long.toHexString(s.address), 8);
            if (size) {
                sb.append(' ');
                pad(sb, Long.toString(s.size), 10);
            }
            sb.append(' ').append(s.type).append(' ').append(s.name).append('\n');
        }
        return sb.toString();
    }

    private static void pad(StringBuilder sb, String s, int width) {
        for (int i = s.length(); i < width; i++) {
            sb.append(' ');
        }
        sb.append(s);
    }
}
