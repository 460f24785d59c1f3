// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.explore.Page;
import mica.explore.SsaRecorder;
import mica.explore.SsaText;
import mica.explore.SsaView;

/** {@code mica explain}: what the compiler did, and why. */
final class ExplainCommand extends Command {
    ExplainCommand() {
        super("explain", "explain ssa [-json | -text] [build flags] function [package | files]", "explain what the compiler did", """
                Explain ssa shows one function on its way through the compiler: its SSA after each pass, what
                each pass changed, and the machine code with the value or the reason behind each instruction.
                It writes a page that needs nothing else, ssa.html, into the current directory; so does
                GOSSAFUNC=function mica build.
                The function is named as mica tool nm prints it: main.main, fmt.(*pp).doPrintf,
                main.Map[int,string], main.main.func1. The path of its package may be shortened to the last
                element, type arguments to [...], and main. may be left out. If nothing of that name was
                compiled, similar names are listed.

                	-json   print the facts as JSON (docs/json.md)
                	-text   print the passes as text
                """);
    }

    @Override
    void declare(Flags flags) {
        BuildFlags.declare(flags);
        flags.bools("json", "text");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty() || !flags.rest.get(0).equals("ssa")) {
            return misused(context);
        }
        try {
            // flags may stand before and behind the word
            flags.parse(flags.rest.subList(1, flags.rest.size()));
        } catch (Flags.Misuse e) {
            context.err.println(e.getMessage());
            return misused(context);
        }
        return flags.rest.isEmpty() ? misused(context) : ssa(context, flags);
    }

    private int ssa(Context context, Flags flags) throws BuildException {
        String name = flags.rest.get(0);
        SsaRecorder recorder = new SsaRecorder(name);
        BuildOptions o = BuildFlags.options(flags);
        o.probe = recorder;
        o.noOutput = true;
        Environment env = context.environment(BuildFlags.directory(context, flags), o.tags);
        if (!new Builder(env, o, context.out, context.err).build(flags.rest.subList(1, flags.rest.size()), "")) {
            return 1;
        }
        if (recorder.record() == null) {
            throw new BuildException(missing(name, recorder.candidates()));
        }
        if (flags.bool("json")) {
            context.out.println(SsaView.json(recorder.record(), recorder.sources()));
        } else if (flags.bool("text")) {
            context.out.print(SsaText.of(recorder.record(), recorder.sources()));
        } else {
            page(context, recorder);
        }
        return 0;
    }

    /** Writes the page into the current directory, and says so as gc does. */
    static void page(Context context, SsaRecorder recorder) throws BuildException {
        String name = recorder.record().name;
        TextFile.write(context.cwd.resolve("ssa.html"), Page.of("ssa", name, SsaView.json(recorder.record(), recorder.sources())));
        context.out.println("dumped SSA for " + name + " to ./ssa.html");
    }

    /** Why there is nothing to show. */
    static String missing(String name, List<String> candidates) {
        StringBuilder b = new StringBuilder("mica: no one function ").append(name).append(" was compiled");
        if (!candidates.isEmpty()) {
            b.append("; candidates:");
            for (String c : candidates) {
                b.append("\n\t").append(c);
            }
        }
        return b.toString();
    }
}
