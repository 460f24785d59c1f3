// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import mica.build.BuildException;
import mica.trace.Trace;
import mica.trace.TraceException;
import mica.trace.TraceJson;
import mica.trace.TraceOptions;
import mica.trace.TraceText;
import mica.trace.Tracer;

/** {@code mica trace}: runs a program and reports how the kernel and the runtime bring it to life. */
final class TraceCommand extends Command {
    TraceCommand() {
        super("trace", "trace [-json] [-maps] [-boot] [-syscalls] [-faults] [-memory] [-seconds n] [-o file] program [arguments...]",
                "run a program and report its boot, system calls, faults and threads", """
                Trace runs an executable under ptrace, with its own input and output, and then reports:

                	-maps        what the kernel has mapped for each segment and section, at the entry
                	-boot        the time line from execve to main.main: the runtime's stations and the
                	             initialization of each package
                	-syscalls    system calls with arguments, results and times, of children too
                	-faults      page faults, and resident pages by section at the entry, at main.main and at
                	             the end
                	-memory      who owns each resident byte at the last moment before the end (see "mica help map")
                	-seconds n   end the program with its children after n seconds: a server, for instance
                	-json        JSON (docs/json.md) instead of text
                	-o file      write the report there instead of to standard error

                Without a choice all parts are shown; threads, signals and the end always are. Times leave
                out what watching costs, which is measured before the program runs. The program may be one of
                Mica's, of the standard compiler's or of any other; what it does not show is said. The exit
                status is the program's, or 128 and the number of the signal that ended it.

                MICA_BOOTTRACE=1 in the environment has any program that Mica built print its own boot.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json", "maps", "boot", "syscalls", "faults", "memory").strings("o").ints("seconds");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.isEmpty()) {
            return misused(context);
        }
        TraceOptions o = new TraceOptions();
        o.file = executable(context, flags.rest.get(0));
        o.args = flags.rest;
        o.env = context.env;
        o.cwd = context.cwd;
        o.seconds = Math.max(0, flags.integer("seconds", 0));
        if (flags.given("maps") || flags.given("boot") || flags.given("syscalls") || flags.given("faults") || flags.given("memory")) {
            o.maps = flags.bool("maps");
            o.boot = flags.bool("boot");
            o.syscalls = flags.bool("syscalls");
            o.faults = flags.bool("faults");
            o.memory = flags.bool("memory");
        }
        context.out.flush();
        context.err.flush();
        try {
            Trace t = context.ownTerminal ? Tracer.run(o) : apart(context, o);
            report(context, flags, t);
            return t.signal != 0 ? 128 + t.signal : t.status;
        } catch (TraceException e) {
            throw new BuildException(e.getMessage());
        } catch (IOException e) {
            throw new BuildException("mica trace: " + e.getMessage());
        }
    }

    /** Finds a program as a shell does; says what is wrong with it in go's words. */
    static Path executable(Context context, String name) throws BuildException {
        Path file = name.contains("/") ? context.cwd.resolve(name) : onPath(context, name);
        if (file == null) {
            throw new BuildException("exec: \"" + name + "\": executable file not found in $PATH");
        }
        if (!Files.exists(file)) {
            throw new BuildException("fork/exec " + name + ": no such file or directory");
        }
        if (Files.isDirectory(file) || !Files.isExecutable(file)) {
            throw new BuildException("fork/exec " + name + ": permission denied");
        }
        return file;
    }

    private static Path onPath(Context context, String name) {
        for (String dir : context.env.getOrDefault("PATH", "").split(":")) {
            Path p = context.cwd.resolve(dir).resolve(name);
            if (!dir.isEmpty() && Files.isRegularFile(p) && Files.isExecutable(p)) {
                return p;
            }
        }
        return null;
    }

    /** For callers that are not a terminal: the program's output goes through files. */
    private static Trace apart(Context context, TraceOptions o) throws IOException, TraceException {
        Path out = Files.createTempFile("mica-trace", ".out");
        Path err = Files.createTempFile("mica-trace", ".err");
        try {
            o.stdin = Path.of("/dev/null");
            o.stdout = out;
            o.stderr = err;
            Trace t = Tracer.run(o);
            context.out.write(Files.readAllBytes(out));
            context.err.write(Files.readAllBytes(err));
            return t;
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static void report(Context context, Flags flags, Trace t) throws BuildException {
        StringWriter text = new StringWriter();
        if (flags.bool("json")) {
            TraceJson.write(t, text);
        } else {
            text.write(TraceText.of(t));
        }
        if (!flags.given("o")) {
            context.err.print(text);
            return;
        }
        TextFile.write(context.cwd, flags.string("o", ""), text.toString());
    }
}
