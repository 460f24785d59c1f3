// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import mica.syntax.TestGoroot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the training run do what they are to do: one that fails would load fewer classes. */
class TrainingTest {
    @TempDir
    Path dir;

    @Test
    void everyCommandSucceeds() throws IOException {
        TestGoroot.find();
        assertEquals(0, Training.run(dir, Path.of("..").toAbsolutePath().normalize()));
    }
}
