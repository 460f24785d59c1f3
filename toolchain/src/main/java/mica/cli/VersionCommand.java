// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.Version;
import mica.inspect.BuildInfo;
import mica.inspect.Executable;
import mica.obj.FormatException;

/** {@code mica version}. */
final class VersionCommand extends Command {
    VersionCommand() {
        super("version", "version [-m] [file ...]", "print Mica's version, or that of executables", """
                Version prints Mica's version, the Go release whose language and library it follows,
                and the target that it compiles for. With files it prints the version of Go with which
                each was built, with -m also its module and build information.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("m").refused("v", "json");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (!flags.rest.isEmpty()) {
            for (String f : flags.rest) {
                report(context, f, flags.bool("m"));
            }
            return 0;
        }
        if (flags.bool("m")) {
            context.err.println("mica: flag -m requires a file");
            return misused(context);
        }
        context.out.println("mica version " + Version.MICA + " (" + Version.GO + ") " + Target.linuxAmd64());
        return 0;
    }

    /** A file that is named must be an executable of Go; below a folder those that are none are passed over. */
    private static void report(Context context, String file, boolean modules) throws BuildException {
        Path path = context.cwd.resolve(file);
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                throw new BuildException("stat " + file + ": no such file or directory");
            }
            executable(context, file, modules);
            return;
        }
        List<Path> found;
        try (Stream<Path> s = Files.walk(path)) {
            found = s.filter(Files::isRegularFile).filter(Files::isExecutable).sorted().toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new BuildException(file + ": cannot be read");
        }
        for (Path p : found) {
            String shown = Path.of(file).resolve(path.relativize(p)).normalize().toString();
            try {
                if (BuildInfo.read(Executable.open(p).elf) != null) {
                    executable(context, shown, modules);
                }
            } catch (IOException | FormatException e) {
                continue;
            }
        }
    }

    private static void executable(Context context, String file, boolean modules) throws BuildException {
        BuildInfo info;
        try {
            info = BuildInfo.read(ToolNm.open(context, file).elf);
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        }
        if (info == null) {
            throw new BuildException(file + ": could not read Go build info: not a Go executable");
        }
        context.out.println(file + ": " + info.version);
        if (modules) {
            for (String line : info.modInfo.isEmpty() ? new String[0] : info.modInfo.split("\n")) {
                context.out.println("\t" + line);
            }
        }
    }
}
