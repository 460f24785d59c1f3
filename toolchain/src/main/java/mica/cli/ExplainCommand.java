// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Probe;
import mica.explore.DecisionRecorder;
import mica.explore.DecisionView;
import mica.explore.LineText;
import mica.explore.Page;
import mica.explore.SsaRecorder;
import mica.explore.SsaText;
import mica.explore.SsaView;

/** {@code mica explain}: what the compiler did, and why. */
final class ExplainCommand extends Command {
    private static final Pattern LINE = Pattern.compile("(.+\\.go):([0-9]{1,9})");

    ExplainCommand() {
        super("explain", "explain [-json] [build flags] [ssa function | file:line] [package | files]", "explain what the compiler did, and why",
                """
                Explain file:line prints what was decided for a line of the source: which calls were inlined or why
                not, what is on the stack or the heap and through which assignments, which checks were proved
                away or what is missing, which interface calls became direct; then the SSA values and the machine
                instructions that came of the line, also where they were inlined into other functions.

                Explain -json prints the same for the whole build, and which generic instances it has, who asked
                for them and how large they are. docs/json.md describes it.

                Explain ssa shows one function on its way through the compiler: its SSA after each pass, what
                each pass changed, and the machine code with the value or the reason behind each instruction.
                It writes a page that needs nothing else, ssa.html, into the current directory; so does
                GOSSAFUNC=function mica build.
                The function is named as mica tool nm prints it: main.main, fmt.(*pp).doPrintf,
                main.Map[int,string], main.main.func1. The path of its package may be shortened to the last
                element or left out, type arguments written as [...] or left out. Functions that were inlined
                everywhere are compiled for this. If several fit, or none, similar names are listed.

                A package that is no program is compiled as a whole, with the instances that it asks for.

                	-json   print the facts as JSON
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
        String word = flags.rest.isEmpty() ? "" : flags.rest.get(0);
        Matcher m = LINE.matcher(word);
        boolean ssa = word.equals("ssa");
        if (ssa || m.matches()) {
            try {
                // flags may stand before and behind the word
                flags.parse(flags.rest.subList(1, flags.rest.size()));
            } catch (Flags.Misuse e) {
                context.err.println(e.getMessage());
                return misused(context);
            }
        }
        if (ssa) {
            return flags.rest.isEmpty() ? misused(context) : ssa(context, flags);
        }
        if (m.matches()) {
            return line(context, flags, m.group(1), Integer.parseInt(m.group(2)));
        }
        if (!flags.bool("json")) {
            return misused(context);
        }
        DecisionRecorder recorder = new DecisionRecorder();
        if (!build(context, flags, recorder, flags.rest)) {
            return 1;
        }
        DecisionView.json(recorder, context.out);
        context.out.println();
        return 0;
    }

    private int line(Context context, Flags flags, String file, int line) throws BuildException {
        DecisionRecorder recorder = new DecisionRecorder(file, line);
        List<String> packages = flags.rest.isEmpty() ? List.of(packageOf(BuildFlags.directory(context, flags), file)) : flags.rest;
        if (!build(context, flags, recorder, packages)) {
            return 1;
        }
        String text = LineText.of(recorder);
        if (text == null) {
            throw new BuildException("mica: nothing in the program comes from " + file + ":" + line);
        }
        context.out.print(text);
        return 0;
    }

    /** What a file belongs to: in a module the package in its folder, unless several programs lie there side by side; else the file alone. */
    private static String packageOf(Path cwd, String file) {
        Path folder = cwd.resolve(file).normalize().getParent();
        boolean module = false;
        for (Path p = folder; p != null && !module; p = p.getParent()) {
            module = Files.exists(p.resolve("go.mod"));
        }
        if (!module || mains(folder) > 1) {
            return file;
        }
        Path there = cwd.relativize(folder);
        return there.toString().isEmpty() ? "." : there.startsWith("..") ? there.toString() : "./" + there;
    }

    private static int mains(Path folder) {
        int n = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.go")) {
            for (Path f : files) {
                n += !f.toString().endsWith("_test.go") && Files.readString(f).contains("\nfunc main()") ? 1 : 0;
            }
        } catch (IOException e) {
            // the build says what is wrong
        }
        return n;
    }

    private static boolean build(Context context, Flags flags, Probe probe, List<String> packages) throws BuildException {
        BuildOptions o = BuildFlags.options(flags);
        o.probe = probe;
        o.noOutput = true;
        Environment env = context.environment(BuildFlags.directory(context, flags), o.tags);
        return new Builder(env, o, context.out, context.err).build(packages, "");
    }

    private int ssa(Context context, Flags flags) throws BuildException {
        String name = flags.rest.get(0);
        SsaRecorder recorder = new SsaRecorder(name);
        if (!build(context, flags, recorder, flags.rest.subList(1, flags.rest.size()))) {
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
        TextFile.write(context.cwd, "ssa.html", Page.of("ssa", name, SsaView.json(recorder.record(), recorder.sources())));
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
