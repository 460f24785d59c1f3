// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds LLVM's disassembler, the oracle of the instruction tables. */
public final class Llvm {
    private static final int NEWEST = 30;

    private Llvm() {}

    /**
     * The command of the newest llvm-objdump on PATH.
     *
     * @param oldest version that will do
     * @return null if there is none
     */
    public static String objdump(int oldest) throws IOException, InterruptedException {
        for (int v = NEWEST; v >= oldest; v--) {
            if (exists("llvm-objdump-" + v)) {
                return "llvm-objdump-" + v;
            }
        }
        if (!exists("llvm-objdump")) {
            return null;
        }
        Process p = new ProcessBuilder("llvm-objdump", "--version").start();
        Matcher m = Pattern.compile("version (\\d+)\\.").matcher(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        p.waitFor();
        return m.find() && Integer.parseInt(m.group(1)) >= oldest ? "llvm-objdump" : null;
    }

    private static boolean exists(String tool) {
        for (String d : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(d, tool))) {
                return true;
            }
        }
        return false;
    }
}
