// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The standard assembler ({@code go tool asm}) run on a text of one function: what it says of each line, and the bytes that it makes of
 * the lines, read from its {@code -S} listing.
 */
final class AsmOracle {
    private final Path go;
    private final Path dir;
    private final List<String> flags;

    /** Complaints by line (from 1); of one line the first. */
    final Map<Integer, String> errors = new HashMap<>();
    /** Bytes by line, as hex. */
    final Map<Integer, String> bytes = new HashMap<>();
    /** {@code offset+size t=TYPE name+addend} of all functions, in their order. */
    final List<String> relocations = new ArrayList<>();

    AsmOracle(Path go, Path dir, List<String> flags) {
        this.go = go;
        this.dir = dir;
        this.flags = flags;
    }

    /** Assembles; false if there were errors, then {@link #bytes} is empty. */
    boolean run(String text, int lines) throws IOException {
        errors.clear();
        bytes.clear();
        relocations.clear();
        Path file = dir.resolve("f.s");
        Files.writeString(file, text);
        List<String> command = new ArrayList<>(List.of(go.resolve("bin/go").toString(), "tool", "asm", "-e", "-S", "-p", "p"));
        command.addAll(flags);
        command.addAll(List.of("-o", dir.resolve("f.o").toString(), "f.s"));
        ProcessBuilder b = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        b.environment().put("GOARCH", "amd64");
        b.environment().remove("GOROOT");
        java.lang.Process p = b.start();
        int[] pc = new int[lines + 2];
        int[] line = new int[lines + 2];
        int n = 0;
        StringBuilder hex = new StringBuilder();
        boolean text1 = false;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8), 1 << 16)) {
            for (String s = in.readLine(); s != null; s = in.readLine()) {
                // An instruction: offset in hexadecimal and decimal, place, text; else a line of bytes.
                if (s.startsWith("\t0x") && s.indexOf("(f.s:") == s.indexOf(' ', s.indexOf(' ') + 1) + 1) {
                    int at = number(s, s.indexOf(' ') + 1);
                    if (n == pc.length) {
                        pc = java.util.Arrays.copyOf(pc, n * 2);
                        line = java.util.Arrays.copyOf(line, n * 2);
                    }
                    pc[n] = at;
                    line[n++] = number(s, s.indexOf(':') + 1);
                } else if (text1 && s.startsWith("\t0x")) {
                    int from = s.indexOf(' ') + 1;
                    for (int i = from; i + 1 < s.length() && s.charAt(i) != ' '; i += 3) {
                        hex.append(s, i, i + 2);
                    }
                } else if (s.startsWith("\trel ")) {
                    if (text1) {
                        relocations.add(s.substring(5));
                    }
                } else if (!s.startsWith("\t")) {
                    if (s.contains(" STEXT ")) {
                        text1 = true;
                    } else {
                        text1 = false;
                        error(s);
                    }
                }
            }
            p.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        for (int i = 0; i < n; i++) {
            int end = i + 1 < n ? pc[i + 1] : hex.length() / 2;
            if (2 * end <= hex.length() && end >= pc[i]) {
                bytes.merge(line[i], hex.substring(2 * pc[i], 2 * end), String::concat);
            }
        }
        return p.exitValue() == 0;
    }

    private static int number(String s, int at) {
        int v = 0;
        for (; at < s.length() && s.charAt(at) >= '0' && s.charAt(at) <= '9'; at++) {
            v = v * 10 + s.charAt(at) - '0';
        }
        return v;
    }

    /** Lines {@code f.s:3: text}, and {@code asm: p.f: text: 00008 (f.s:3)	MOVQ ...}. */
    private void error(String s) {
        if (s.startsWith("f.s:")) {
            errors.putIfAbsent(number(s, 4), s.substring(s.indexOf(' ') + 1));
            return;
        }
        int at = s.indexOf("(f.s:");
        if (at >= 0) {
            errors.putIfAbsent(number(s, at + 5), s.substring(0, at));
        } else if (!s.startsWith("asm: assembly ")) {
            errors.merge(0, s, (a, b) -> a.length() > 500 ? a : a + "\n" + b);
        }
    }
}
