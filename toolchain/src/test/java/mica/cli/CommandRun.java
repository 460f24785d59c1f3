// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A command as a shell would run it: its exit status, and what it printed to both outputs. */
record CommandRun(int status, String text) {
    static CommandRun of(Path dir, Map<String, String> env, String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        int status = Main.run(args, dir, env, out, out);
        out.flush();
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains("internal fault"), text);
        assertFalse(text.contains("\tat mica."), text);
        return new CommandRun(status, text);
    }

    /** The status, then a line end, then what was printed. */
    @Override
    public String toString() {
        return status + "\n" + text;
    }
}
