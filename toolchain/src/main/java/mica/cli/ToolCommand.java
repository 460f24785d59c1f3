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
        List<String> args = flags.rest.subList(1, flags.rest.size());
        return switch (flags.rest.get(0)) {
            case "compile" -> new ToolCompile().start(context, args);
            case "addr2line" -> new ToolAddr2line().start(context, args);
            case "pack" -> new ToolPack().start(context, args);
            case "asm" -> new ToolAsm().start(context, args);
            case "objdump" -> new ToolObjdump().start(context, args);
            case "link" -> new ToolLink().start(context, args);
            case "nm" -> new ToolNm().start(context, args);
            default -> {
                String t = flags.rest.get(0);
                context.err.println(TOOLS.contains(t)
                        ? "mica: tool " + t + " is not part of this version"
                        : "mica: no such tool \"" + t + "\"");
                yield 2;
            }
        };
    }
}
