// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import mica.base.Target;
import mica.build.Version;

/** {@code mica version}. */
final class VersionCommand extends Command {
    VersionCommand() {
        super("version", "version", "print Mica's version", """
                Version prints Mica's version, the Go release whose language and library it follows,
                and the target that it compiles for.
                """);
    }

    @Override
    void declare(Flags flags) {}

    @Override
    int run(Context context, Flags flags) {
        if (!flags.rest.isEmpty()) {
            return misused(context);
        }
        context.out.println("mica version " + Version.MICA + " (" + Version.GO + ") " + Target.linuxAmd64());
        return 0;
    }
}
