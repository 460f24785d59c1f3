// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import mica.build.BuildException;

/** Texts that a command leaves behind: complete, or not there. */
final class TextFile {
    private TextFile() {}

    /** Writes beside the place and renames; mode 0644. */
    static void write(Path file, String text) throws BuildException {
        Path temp = null;
        try {
            temp = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp");
            Files.writeString(temp, text);
            Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(temp);
            throw new BuildException("mica: writing " + file.getFileName() + ": " + (Files.isDirectory(file) ? "is a directory"
                    : Files.isWritable(file.toAbsolutePath().getParent()) ? e.getMessage() : "permission denied"));
        }
    }

    private static void delete(Path temp) {
        try {
            if (temp != null) {
                Files.deleteIfExists(temp);
            }
        } catch (IOException e) {
            // the message is about the first failure
        }
    }
}
