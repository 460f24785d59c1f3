// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import mica.base.FileErrors;
import mica.build.BuildException;

/** Files named on the command line: read whole, or refused in one line. */
final class InputFile {
    private static final long MAX_FILE = 1L << 30;
    /** Of what has no size: pipes, devices. */
    private static final int MAX_STREAM = 1 << 26;

    private InputFile() {}

    /** The bytes of a file; what prevents reading becomes the command's message, {@code tool: open FILE: reason}. @param tool empty = no name in front */
    static byte[] read(Context context, String tool, String file) throws BuildException {
        String prefix = (tool.isEmpty() ? "" : tool + ": ") + "open " + file + ": ";
        if (file.isEmpty()) {
            throw new BuildException(prefix + "no such file or directory");
        }
        try {
            Path p = context.cwd.resolve(file);
            if (Files.isDirectory(p)) {
                throw new BuildException(prefix + "is a directory");
            }
            if (Files.isRegularFile(p)) {
                if (Files.size(p) > MAX_FILE) {
                    throw new BuildException(prefix + "file too large");
                }
                return Files.readAllBytes(p);
            }
            try (InputStream in = Files.newInputStream(p)) {
                byte[] all = in.readNBytes(MAX_STREAM);
                if (all.length == MAX_STREAM) {
                    throw new BuildException(prefix + "file too large");
                }
                return all;
            }
        } catch (IOException e) {
            throw new BuildException(prefix + FileErrors.reason(e));
        } catch (InvalidPathException e) {
            throw new BuildException(prefix + "invalid argument");
        }
    }
}
