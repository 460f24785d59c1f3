// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.FileDescriptor;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mica.base.Fault;
import mica.build.BuildException;

/** The command {@code mica}: finds the command that the first argument names and runs it. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        StandardStream stdout = new StandardStream(FileDescriptor.out);
        PrintStream err = new StandardStream(FileDescriptor.err).print;
        Path cwd = Path.of("").toAbsolutePath();
        int status = run(args, new Context(cwd, System.getenv(), stdout.print, err, true));
        status = stdout.end(status, "/dev/stdout", err);
        err.flush();
        Runtime.getRuntime().halt(status);
    }

    /** Runs a command inside this process; the exit status. Programs that it starts write to {@code out} and {@code err}. */
    public static int run(String[] args, Path cwd, Map<String, String> env, PrintStream out, PrintStream err) {
        return run(args, new Context(cwd, env, out, err, false));
    }

    private static int run(String[] args, Context context) {
        try {
            return dispatch(args, context);
        } catch (BuildException e) {
            context.err.println(e.getMessage());
            return e.status;
        } catch (Fault e) {
            context.err.println("mica: internal fault: " + e.getMessage());
            return fault(context, e);
        } catch (StackOverflowError e) {
            context.err.println("mica: internal fault: the input nests too deeply");
            return fault(context, e);
        } catch (OutOfMemoryError e) {
            context.err.println("mica: out of memory (a larger heap: MICA_JAVA_FLAGS=-Xmx4g)");
            return fault(context, e);
        } catch (RuntimeException e) {
            context.err.println("mica: internal fault: " + e);
            return fault(context, e);
        }
    }

    /** Our own mistake: one line for the user; the rest on request. */
    private static int fault(Context context, Throwable e) {
        if (context.env.containsKey("MICA_DEBUG")) {
            e.printStackTrace(context.err);
        } else {
            context.err.println("\t(this is a mistake in mica; MICA_DEBUG=1 shows where)");
        }
        return 1;
    }

    /** The commands in the order of their names. */
    static List<Command> commands() {
        return List.of(
                new BuildCommand(),
                new CleanCommand(),
                new EnvCommand(),
                new ExplainCommand(),
                new ExploreCommand(),
                new InspectCommand(),
                new MapCommand(),
                new RunCommand(),
                new SizeCommand(),
                new TestCommand(),
                new ToolCommand(),
                new TraceCommand(),
                new VersionCommand(),
                new WhyCommand());
    }

    private static int dispatch(String[] args, Context context) throws BuildException {
        if (args.length == 0) {
            Help.overview(context.err);
            return 2;
        }
        List<String> all = new ArrayList<>(Arrays.asList(args));
        Context here = context.in(ChangeDirectory.take(all));
        if (all.isEmpty()) {
            Help.overview(context.err);
            return 2;
        }
        return dispatch(all.get(0), all.subList(1, all.size()), here);
    }

    private static int dispatch(String name, List<String> rest, Context context) throws BuildException {
        if (List.of("help", "-h", "-help", "--help").contains(name)) {
            return Help.run(context, rest);
        }
        for (Command c : commands()) {
            if (c.name.equals(name)) {
                return c.start(context, rest);
            }
        }
        if (name.startsWith("-")) {
            context.err.println("flag provided but not defined: " + (name.startsWith("--") ? name.substring(1) : name));
            Help.overview(context.err);
        } else {
            context.err.println("mica " + name + ": unknown command");
            context.err.println("Run 'mica help' for usage.");
        }
        return 2;
    }
}
