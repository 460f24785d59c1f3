// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;

/** {@code mica tool}: the single tools of the chain. */
final class ToolCommand extends Command {
    ToolCommand() {
        super("tool", "tool [-n] command [args...]", "run specified mica tool", """
                Tool runs the tool identified by the arguments; without arguments it prints the list of
                known tools: addr2line, asm, compile, link, nm, objdump, pack.
                """);
    }

    private static final List<String> TOOLS = List.of("addr2line", "asm", "compile", "link", "nm", "objdump", "pack");

    @Override
    void declare(Flags flags) {
        flags.refused("n");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            for (String t : TOOLS) {
                context.out.println(t);
            }
            return 0;
        }
        Command tool = named(flags.rest.get(0));
        if (tool == null) {
            context.err.println("mica: no such tool \"" + flags.rest.get(0) + "\"");
            return 2;
        }
        return tool.start(context, flags.rest.subList(1, flags.rest.size()));
    }

    /** The tool of that name, or null. */
    static Command named(String name) {
        return switch (name) {
            case "compile" -> new ToolCompile();
            case "addr2line" -> new ToolAddr2line();
            case "pack" -> new ToolPack();
            case "asm" -> new ToolAsm();
            case "objdump" -> new ToolObjdump();
            case "link" -> new ToolLink();
            case "nm" -> new ToolNm();
            default -> null;
        };
    }
}
