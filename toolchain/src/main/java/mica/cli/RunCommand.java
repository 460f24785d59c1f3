// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Builder;
import mica.build.Environment;

/** {@code mica run}: builds into a temporary folder, runs, and says how the program ended. */
final class RunCommand extends Command {
    RunCommand() {
        super("run", "run [build flags] [-exec xprog] package [arguments...]", "compile and run a Go program", """
                Run compiles and runs the main package that is named by an import path, a folder or
                .go files. What follows is passed to the program. If the program fails, run prints its
                exit status and ends with status 1.

                -exec xprog
                	run xprog with the program and its arguments as arguments
                The build flags are those of 'mica help build'.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.strings("exec");
        BuildFlags.declare(flags);
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        List<String> rest = flags.rest;
        int n = 0;
        while (n < rest.size() && rest.get(n).endsWith(".go")) {
            n++;
        }
        if (n == 0 && !rest.isEmpty() && !rest.get(0).startsWith("-")) {
            n = 1;
        }
        if (n == 0) {
            context.err.println("mica: no go files listed");
            return 1;
        }
        BuildOptions options = BuildFlags.options(flags);
        options.mustBeMain = true;
        options.cacheWords.addAll(rest.subList(0, n));
        Environment env = context.environment(BuildFlags.directory(context, flags), options.tags);
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("mica-run");
            if (options.work) {
                context.err.println("WORK=" + temporary);
            }
            Path exe = temporary.resolve(programName(rest.get(0), context.cwd));
            if (!new Builder(env, options, context.out, context.err).build(rest.subList(0, n), exe.toString())) {
                return 1;
            }
            List<String> command = new ArrayList<>();
            if (flags.given("exec")) {
                command.addAll(BuildFlags.words(flags.string("exec", ""), "exec"));
            }
            command.add(exe.toString());
            command.addAll(rest.subList(n, rest.size()));
            return execute(context, command);
        } catch (IOException e) {
            throw new BuildException("mica: " + e.getMessage());
        } finally {
            if (!options.work) {
                delete(temporary);
            }
        }
    }

    private static String programName(String first, Path cwd) {
        String name = first.endsWith(".go") ? first.substring(0, first.length() - 3) : first;
        Path last = cwd.resolve(name).normalize().getFileName();
        return last == null ? "main" : last.toString();
    }

    static void delete(Path dir) {
        if (dir == null) {
            return;
        }
        try (java.util.stream.Stream<Path> s = Files.walk(dir)) {
            for (Path p : s.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            // a temporary folder that cannot be removed harms nobody
        }
    }

    private static int execute(Context context, List<String> command) throws BuildException {
        context.out.flush();
        context.err.flush();
        ProcessBuilder pb = new ProcessBuilder(command).directory(context.cwd.toFile());
        if (context.ownTerminal) {
            pb.inheritIO();
        } else {
            pb.environment().clear();
            pb.environment().putAll(context.env);
        }
        try {
            Process p = pb.start();
            // A signal that ends this process is the program's business first: wait for how it ends.
            Thread waits = new Thread(() -> waitFor(p));
            if (context.ownTerminal) {
                Runtime.getRuntime().addShutdownHook(waits);
            } else {
                p.getOutputStream().close();
                Thread errors = Thread.ofPlatform().start(() -> copy(p.getErrorStream(), context.err));
                copy(p.getInputStream(), context.out);
                errors.join();
            }
            int status = p.waitFor();
            if (status == 0) {
                return 0;
            }
            context.err.println(ending(status));
            return 1;
        } catch (IOException e) {
            throw new BuildException("mica: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** How a program ended that did not end well. */
    static String ending(int status) {
        return status > 128 && signal(status - 128) != null ? "signal: " + signal(status - 128) : "exit status " + status;
    }

    private static void waitFor(Process p) {
        try {
            p.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try {
            from.transferTo(to);
        } catch (IOException e) {
            // the program closed its end, or ours is gone: nothing more to copy
        }
    }

    private static String signal(int n) {
        return switch (n) {
            case 1 -> "hangup";
            case 2 -> "interrupt";
            case 3 -> "quit";
            case 4 -> "illegal instruction";
            case 5 -> "trace/breakpoint trap";
            case 6 -> "aborted";
            case 7 -> "bus error";
            case 8 -> "floating point exception";
            case 9 -> "killed";
            case 10 -> "user defined signal 1";
            case 11 -> "segmentation fault";
            case 12 -> "user defined signal 2";
            case 13 -> "broken pipe";
            case 14 -> "alarm clock";
            case 15 -> "terminated";
            default -> null;
        };
    }
}
