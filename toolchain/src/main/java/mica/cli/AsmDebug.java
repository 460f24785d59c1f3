// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.asm.AsmListing;
import mica.asm.AsmOptions;
import mica.build.BuildException;

/** The settings of {@code tool asm -d}: {@code key=value}, several with commas between them. */
final class AsmDebug {
    /** What {@code -d help} prints. */
    static final String HELP = """
            usage: -d arg[,arg]* and arg is <key>[=<value>]

            <key> is one of:

            	compressinstructions	use compressed instructions when possible (if supported by architecture)
            	maymorestack        	call named function before all stack growth checks
            	pctab               	print named pc-value table
            	                    	One of: pctospadj, pctofile, pctoline, pctoinline, pctopcdata

            """;

    private AsmDebug() {}

    static boolean asksForHelp(List<String> settings) {
        for (String s : settings) {
            if (List.of(s.split(",")).contains("help")) {
                return true;
            }
        }
        return false;
    }

    /** Puts the settings into the options. Throws what is wrong with one of them. */
    static void apply(List<String> settings, AsmOptions options) throws Flags.Misuse, BuildException {
        for (String all : settings) {
            for (String s : all.split(",")) {
                if (!s.isEmpty()) {
                    apply(all, s, options);
                }
            }
        }
    }

    private static void apply(String all, String setting, AsmOptions options) throws Flags.Misuse, BuildException {
        int eq = setting.indexOf('=');
        String key = eq < 0 ? setting : setting.substring(0, eq);
        String value = eq < 0 ? "1" : setting.substring(eq + 1);
        switch (key) {
            case "compressinstructions" -> {
                // No CPU here has compressed instructions.
                if (!value.matches("[-+]?[0-9]+")) {
                    throw new BuildException("asm: invalid debug value " + key);
                }
            }
            case "maymorestack" -> options.mayMoreStack = value;
            // As with go, a table that does not exist prints nothing.
            case "pctab" -> options.pcTable = AsmListing.TABLES.contains(value) ? value : "";
            default -> throw wrong(all, "unknown debug key " + key);
        }
    }

    private static Flags.Misuse wrong(String all, String why) {
        return new Flags.Misuse("invalid value \"" + all + "\" for flag -d: " + why);
    }
}
