// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.PrintStream;
import java.util.List;

/** {@code mica help [command]}. */
final class Help {
    private Help() {}

    static int run(Context context, List<String> args) {
        if (args.isEmpty()) {
            overview(context.out);
            return 0;
        }
        for (Command c : Main.commands()) {
            if (args.size() == 1 && c.name.equals(args.get(0))) {
                context.out.println("usage: mica " + c.usage);
                context.out.println();
                context.out.print(c.help);
                return 0;
            }
        }
        for (String[] t : HelpTopics.ALL) {
            if (args.size() == 1 && t[0].equals(args.get(0))) {
                context.out.print(t[2]);
                return 0;
            }
        }
        if (args.size() == 2 && args.get(0).equals("tool")) {
            Command tool = ToolCommand.named(args.get(1));
            if (tool != null) {
                context.out.println("usage: mica " + tool.usage);
                context.out.println();
                context.out.print(tool.help);
                return 0;
            }
        }
        context.err.println("mica help " + String.join(" ", args) + ": unknown help topic. Run 'mica help'.");
        return 2;
    }

    static void overview(PrintStream out) {
        out.println("Mica is a Go toolchain whose every layer can be looked into.");
        out.println();
        out.println("Usage:");
        out.println();
        out.println("\tmica <command> [arguments]");
        out.println();
        out.println("The commands are:");
        out.println();
        for (Command c : Main.commands()) {
            out.println("\t" + c.name + " ".repeat(Math.max(1, 12 - c.name.length())) + c.summary);
        }
        out.println();
        out.println("Use \"mica help <command>\" for more information about a command.");
        out.println();
        out.println("Additional help topics:");
        out.println();
        for (String[] t : HelpTopics.ALL) {
            out.println("\t" + t[0] + " ".repeat(Math.max(1, 16 - t[0].length())) + t[1]);
        }
        out.println();
        out.println("Use \"mica help <topic>\" for more information about that topic.");
        out.println();
    }
}
