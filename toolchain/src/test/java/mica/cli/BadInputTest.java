// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input from a file of cases: text and exit status are the go command's, which was asked when the file was made. */
class BadInputTest {
    @TempDir
    Path dir;

    @Test
    void saysWhatTheGoCommandSays() throws IOException {
        String goroot = TestGoroot.find().toString();
        Map<String, String> env = new HashMap<>(Map.of("GOROOT", goroot, "MICA_CACHE", dir.resolve("cache").toString()));
        String all = Files.readString(Path.of("testdata/cli/bad-input.txt"));
        List<String> wrong = new ArrayList<>();
        int n = 0;
        for (String one : all.substring(all.indexOf("=== ") + 4).split("\n=== ")) {
            String name = one.substring(0, one.indexOf('\n'));
            Path folder = Files.createDirectory(dir.resolve("case" + n++));
            int result = one.indexOf("\n>>> ");
            String[] parts = one.substring(0, result + 1).split("(?m)^--- ");
            for (int i = 1; i < parts.length; i++) {
                int end = parts[i].indexOf('\n');
                Path file = folder.resolve(parts[i].substring(0, end));
                Files.createDirectories(file.getParent());
                Files.writeString(file, parts[i].substring(end + 1));
            }
            String command = parts[0].substring(parts[0].indexOf("$ ") + 2).strip();
            String want = one.substring(result + 5).strip();
            String got = CommandRun.of(folder, env, command.split(" ")).toString().replace(folder.toString(), "W").replace(goroot, "GOROOT").replace("usage: mica", "usage: go")
                    .replace("'mica help", "'go help").replaceAll("(?m)^mica: ", "go: ").strip();
            if (!got.equals(want)) {
                wrong.add(name + "\n-- want --\n" + want + "\n-- got --\n" + got + "\n");
            }
        }
        assertTrue(n > 50, n + " cases");
        assertEquals("", String.join("\n", wrong));
    }
}
