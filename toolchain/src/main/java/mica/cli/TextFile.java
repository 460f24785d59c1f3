// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import mica.base.FileErrors;
import mica.base.OutputFile;
import mica.build.BuildException;

/** Texts that a command leaves behind: complete, or not there. */
final class TextFile {
    private TextFile() {}

    /** Writes the file that is called {@code name} from the folder {@code dir}. */
    static void write(Path dir, String name, String text) throws BuildException {
        try {
            OutputFile.write(dir.resolve(name), text.getBytes(StandardCharsets.UTF_8), false);
        } catch (IOException e) {
            throw new BuildException("mica: writing " + name + ": " + FileErrors.reason(e));
        }
    }
}
