// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.base.Fault;

/** Names of what objects of the standard toolchain refer to by number: relocation types, and what the compiler needs of package runtime. */
public final class GoobjNames {
    private static final List<String> RELOCS = lines("goobj-relocs.txt");
    private static final List<String> BUILTINS = lines("goobj-builtins.txt");
    private static final String[] KINDS = {"Sxxx", "STEXT", "STEXTFIPS", "SRODATA", "SRODATAFIPS", "SNOPTRDATA", "SNOPTRDATAFIPS", "SDATA", "SDATAFIPS", "SBSS",
        "SNOPTRBSS", "STLSBSS", "SDWARFCUINFO", "SDWARFCONST", "SDWARFFCN", "SDWARFABSFCN", "SDWARFTYPE", "SDWARFVAR", "SDWARFRANGE", "SDWARFLOC", "SDWARFLINES",
        "SDWARFADDR", "SLIBFUZZER_8BIT_COUNTER", "SCOVERAGE_COUNTER", "SCOVERAGE_AUXVAR", "SSEHUNWINDINFO"};

    private GoobjNames() {}

    /** {@code R_CALL}; {@code RelocType(500)} for a type that Go 1.27 does not have. */
    public static String relocation(int type) {
        return type >= 1 && type <= RELOCS.size() ? RELOCS.get(type - 1) : "RelocType(" + type + ")";
    }

    /** {@code STEXT}; {@code SymKind(50)} for a kind that Go 1.27 does not have. */
    public static String kind(int kind) {
        return kind < KINDS.length ? KINDS[kind] : "SymKind(" + kind + ")";
    }

    /** How many symbols have a number of their own. */
    public static int builtins() {
        return BUILTINS.size();
    }

    /** The name of a builtin symbol. */
    public static String builtin(int i) {
        String line = BUILTINS.get(i);
        return line.substring(0, line.lastIndexOf(' '));
    }

    /** Its ABI: 0, or 1 for ABIInternal. */
    public static int builtinAbi(int i) {
        String line = BUILTINS.get(i);
        return line.charAt(line.length() - 1) - '0';
    }

    private static List<String> lines(String name) {
        try (InputStream in = GoobjNames.class.getResourceAsStream("/mica/obj/" + name)) {
            if (in == null) {
                throw new Fault("obj", "resource " + name + " is missing");
            }
            List<String> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) {
                    lines.add(line);
                }
            }
            return lines;
        } catch (IOException e) {
            throw new Fault("obj", "resource " + name, e);
        }
    }
}
