// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The Go 1.27 library that tests read; tests are skipped, saying so, where there is none. */
public final class TestGoroot {
    private TestGoroot() {}

    public static Path find() {
        String home = System.getProperty("user.home");
        String[] places = {
            System.getenv("GOROOT"), "/usr/share/go-1.27", "/usr/lib/go-1.27", "/usr/local/go", home + "/.cache/mica/goroot-1.27"
        };
        for (String p : places) {
            if (p != null && Files.isDirectory(Path.of(p, "src/cmd/compile/internal/types2"))) {
                return Path.of(p);
            }
        }
        Assumptions.abort("no Go 1.27 library found: set GOROOT");
        return null;
    }
}
