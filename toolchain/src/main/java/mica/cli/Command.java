// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.ArrayList;
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
        List<String> all = new ArrayList<>(fromEnvironment(context, flags));
        all.addAll(args);
        try {
            flags.parse(all);
        } catch (Flags.Misuse e) {
            if (!e.getMessage().isEmpty()) {
                context.err.println(e.getMessage());
            }
            return misused(context);
        }
        return run(context, flags);
    }

    /** The flags of $GOFLAGS that this command has; those that no command has are refused. */
    private static List<String> fromEnvironment(Context context, Flags flags) throws BuildException {
        String goflags = context.env.getOrDefault("GOFLAGS", "");
        if (goflags.isBlank()) {
            return List.of();
        }
        Flags build = new Flags();
        BuildFlags.declare(build);
        List<String> out = new ArrayList<>();
        for (String w : BuildFlags.words(" " + goflags, "GOFLAGS")) {
            if (w.length() < 2 || w.charAt(0) != '-') {
                throw new BuildException("go: parsing $GOFLAGS: non-flag \"" + w + "\"");
            }
            if (!build.knows(w)) {
                throw new BuildException("go: parsing $GOFLAGS: unknown flag " + w);
            }
            // The tools below mica tool have flags of their own that only look alike.
            if (flags.knows(w) && flags.knows("-trimpath") && flags.knows("-buildmode")) {
                out.add(w);
            }
        }
        return out;
    }

    /** Says how the command is used; status 2. */
    final int misused(Context context) {
        context.err.println("usage: mica " + usage);
        context.err.println("Run 'mica help " + name + "' for details.");
        return 2;
    }
}
