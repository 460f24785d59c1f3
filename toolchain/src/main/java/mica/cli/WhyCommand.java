// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.inspect.Executable;
import mica.inspect.Why;
import mica.obj.FormatException;

/** {@code mica why}: through which references a symbol got into an executable. */
final class WhyCommand extends Command {
    private static final int TOP = 12;

    WhyCommand() {
        super("why", "why [-json] [-top n] executable symbol", "explain why a symbol is linked", """
                Why prints why a symbol is in an executable that mica has linked: a chain from where the
                program starts, everything that refers to it (calls, calls through interfaces, reflection,
                initialization, data, types), what it is needed through alone, and what the file would lose
                without it. The symbol is named as mica tool nm or mica size -by symbol prints it.

                	-top N    list at most N referrers and lost symbols (12)
                	-json     print all of it as JSON

                The linker keeps the reasons in the section .mica.link, together with the symbols: an
                executable that was stripped (-ldflags=-s), or made by another linker, has none.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json").ints("top");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() != 2) {
            return misused(context);
        }
        String file = flags.rest.get(0);
        String symbol = flags.rest.get(1);
        Executable exe = ToolNm.open(context, file);
        try {
            Why why = Why.of(exe);
            if (why == null) {
                throw new BuildException("mica: " + file + " does not say why its symbols are linked: build it with mica, and without -ldflags=-s");
            }
            List<Why.Answer> answers = why.ask(symbol);
            if (answers.isEmpty()) {
                List<String> like = why.needs.like(symbol, 5);
                throw new BuildException("mica: " + file + ": no symbol " + symbol + (like.isEmpty() ? "" : "; there are " + String.join(", ", like)));
            }
            if (flags.bool("json")) {
                context.out.print(why.json(answers));
                return 0;
            }
            for (int i = 0; i < answers.size(); i++) {
                context.out.print((i > 0 ? "\n" : "") + why.text(answers.get(i), flags.integer("top", TOP)));
            }
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
        return 0;
    }
}
