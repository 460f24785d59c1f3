// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;

/** One command. */
abstract class Command {
    /** The word that selects it. */
    final String name;
    /** What follows {@code usage: mica}. */
    final String usage;
    /** One line for {@code mica help}. */
    final String summary;
    /** The text of {@code mica help NAME}, below the usage line. */
    final String help;

    Command(String name, String usage, String summary, String help) {
        this.name = name;
        this.usage = usage;
        this.summary = summary;
        this.help = help;
    }

    /** Adds the command's flags. */
    abstract void declare(Flags flags);

    /** Does the work; the exit status. */
    abstract int run(Context context, Flags flags) throws BuildException;

    /** Parses the flags (a misuse ends with status 2), then runs. */
    final int start(Context context, List<String> args) throws BuildException {
        Flags flags = new Flags();
        declare(flags);
        try {
            flags.parse(args);
        } catch (Flags.Misuse e) {
            if (!e.getMessage().isEmpty()) {
                context.err.println(e.getMessage());
            }
            return misused(context);
        }
        return run(context, flags);
    }

    /** Says how the command is used; status 2. */
    final int misused(Context context) {
        context.err.println("usage: mica " + usage);
        context.err.println("Run 'mica help " + name + "' for details.");
        return 2;
    }
}
