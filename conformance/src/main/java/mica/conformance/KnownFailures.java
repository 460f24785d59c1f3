// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A file of lines {@code name: reason}, sorted; lines that begin with # are comments. A reason that begins with "flaky" lets a
 * case pass or fail. */
final class KnownFailures {
    private KnownFailures() {}

    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> out = new TreeMap<>();
        if (!Files.exists(file)) {
            return out;
        }
        for (String line : Files.readAllLines(file)) {
            int k = line.indexOf(": ");
            if (!line.startsWith("#") && k > 0) {
                out.put(line.substring(0, k), line.substring(k + 2));
            }
        }
        return out;
    }

    /** Writes the failures; a reason that stood in the old list is kept. */
    static void write(Path file, Map<String, String> failures, Map<String, String> old) throws IOException {
        StringBuilder sb = new StringBuilder("# Cases that fail today, each with a reason. The list can only shrink.\n");
        for (Map.Entry<String, String> e : failures.entrySet()) {
            sb.append(e.getKey()).append(": ").append(old.getOrDefault(e.getKey(), oneLine(e.getValue()))).append('\n');
        }
        Files.writeString(file, sb.toString());
    }

    private static String oneLine(String s) {
        String one = s.strip().replaceAll("\\s*\n\\s*", " | ").replaceAll("/[^ ]*/(runtime|test|lib)/", "");
        return one.length() > 140 ? one.substring(0, 140) : one;
    }
}
