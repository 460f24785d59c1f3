// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.nio.file.Files;
import java.nio.file.Path;

/** The GOROOT that tests read from: MICA_TEST_GOROOT or GOROOT; null if neither is set and valid. */
final class GoRoot {
    private GoRoot() {}

    static Path find() {
        for (String name : new String[] {"MICA_TEST_GOROOT", "GOROOT"}) {
            String v = System.getenv(name);
            if (v != null && Files.isDirectory(Path.of(v, "src", "cmd", "asm"))) {
                return Path.of(v);
            }
        }
        return null;
    }

    static Path testdata() {
        Path root = find();
        return root == null ? null : root.resolve("src/cmd/asm/internal/asm/testdata");
    }
}
