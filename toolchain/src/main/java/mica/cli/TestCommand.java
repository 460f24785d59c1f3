// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Environment;
import mica.build.TestBuild;

/** {@code mica test}: builds test binaries, runs each in its package's folder, and reports as the go command does. */
final class TestCommand extends Command {
    /** Flags of the test binary without and with a value; it knows them as -test.NAME. */
    private static final String[] SWITCHES = {"short", "failfast", "benchmem", "fullpath", "artifacts"};
    private static final String[] VALUES = {"run", "skip", "bench", "benchtime", "count", "timeout", "list", "parallel", "cpu", "shuffle",
        "outputdir", "cpuprofile", "memprofile", "memprofilerate", "blockprofile", "blockprofilerate", "mutexprofile",
        "mutexprofilefraction", "trace"};

    TestCommand() {
        super("test", "test [build/test flags] [packages] [build/test flags & test binary flags]", "test packages", """
                Test builds the tests of the packages that the arguments name (import paths, folders or
                patterns; none: the one in the current folder) into test binaries and runs each in the
                folder of its package: functions TestX, examples with a comment "Output:", seeds of fuzz
                targets, and benchmarks where -bench asks for them. For each package it prints a line that
                begins with ok, FAIL, or ? where there are no test files. Results are not cached.

                -v
                	print the names and the output of all tests as they run
                -run regexp, -skip regexp
                	which tests, examples and fuzz targets are run
                -bench regexp, -benchtime t, -benchmem
                	which benchmarks are run, how long, and whether allocations are shown
                -list regexp
                	print the names that match instead of running anything
                -count n, -short, -failfast, -parallel n, -cpu 1,2,4, -shuffle off|on|N
                	see package testing
                -timeout d
                	stop a test binary that runs longer (10m); 0 for never
                -c
                	write the test binary into the current folder, as x.test, and do not run it
                -o file
                	where the test binary goes; without -c it is run, too
                -exec xprog
                	run xprog with the test binary and its arguments as arguments
                -args
                	pass what follows to the test binary
                The build flags are those of 'mica help build'.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("c").bools(SWITCHES).strings("o", "exec").strings(VALUES).rests("args").refused("fuzz", "fuzztime", "vet");
        BuildFlags.declare(flags);
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        List<String> packages = new ArrayList<>();
        List<String> binaryArgs = new ArrayList<>();
        if (!split(context, flags, packages, binaryArgs) || !areNumbers(context, flags)) {
            return misused(context);
        }
        BuildOptions options = BuildFlags.options(flags);
        options.verbose = false;
        Path dir = BuildFlags.directory(context, flags);
        Environment env = context.environment(dir, options.tags);
        List<TestBuild> builds = TestBuild.of(env, options, packages, context.err);
        if (builds.isEmpty()) {
            context.err.println("no packages to test");
            return 1;
        }
        boolean keep = flags.bool("c") || flags.given("o");
        String output = flags.string("o", "");
        if (keep && builds.size() > 1 && !output.endsWith("/") && !Files.isDirectory(dir.resolve(output)) ) {
            throw new BuildException("cannot write test binary " + output + " for multiple packages");
        }
        TestRun runs = new TestRun(context, flags, packages.isEmpty(), builds.size(), arguments(flags, binaryArgs));
        Path temporary = null;
        boolean ok = true;
        try {
            temporary = Files.createTempDirectory("mica-test");
            if (options.work) {
                context.err.println("WORK=" + temporary);
            }
            for (TestBuild b : builds) {
                Path exe = keep ? kept(dir, output, b) : temporary.resolve("b" + builds.indexOf(b)).resolve(b.binaryName());
                ok &= one(b, exe, runs, flags.bool("c"));
                if (!keep && !options.work) {
                    Files.deleteIfExists(exe);
                }
            }
        } catch (IOException e) {
            throw new BuildException("mica: " + e.getMessage());
        } finally {
            if (!options.work) {
                RunCommand.delete(temporary);
            }
        }
        if (!ok && !packages.isEmpty()) {
            context.out.println("FAIL");
        }
        return ok ? 0 : 1;
    }

    /** Flags of the test binary that it would refuse are refused before it is built. */
    private static boolean areNumbers(Context context, Flags flags) {
        for (String name : List.of("count", "parallel")) {
            String value = flags.string(name, "1");
            if (!value.matches("[-+]?[0-9]+")) {
                context.err.println("invalid value \"" + value + "\" for flag -" + name + ": parse error");
                return false;
            }
        }
        return true;
    }

    /**
     * What stands behind the build flags: packages, then further flags, of which those that are not known (and all behind -args) are for
     * the test binary. False if a flag was misused.
     */
    private static boolean split(Context context, Flags flags, List<String> packages, List<String> binaryArgs) {
        List<String> rest = flags.rest;
        if (flags.given("args")) {
            binaryArgs.addAll(rest);
            return true;
        }
        int n = 0;
        while (n < rest.size() && !rest.get(n).startsWith("-")) {
            packages.add(rest.get(n++));
        }
        while (n < rest.size()) {
            String word = rest.get(n);
            if (!word.startsWith("-") || !flags.knows(word)) {
                binaryArgs.add(word);
                n++;
                continue;
            }
            try {
                n = rest.size() - flags.parseOne(rest.subList(n, rest.size()));
            } catch (Flags.Misuse e) {
                context.err.println(e.getMessage());
                return false;
            }
            if (flags.given("args")) {
                binaryArgs.addAll(rest.subList(n, rest.size()));
                return true;
            }
        }
        return true;
    }

    private static List<String> arguments(Flags flags, List<String> binaryArgs) {
        List<String> out = new ArrayList<>();
        out.add("-test.paniconexit0");
        if (!flags.given("timeout")) {
            out.add("-test.timeout=10m0s");
        }
        if (flags.bool("v")) {
            out.add("-test.v=true");
        }
        for (String s : SWITCHES) {
            if (flags.given(s)) {
                out.add("-test." + s + "=" + flags.bool(s));
            }
        }
        for (String s : VALUES) {
            if (flags.given(s)) {
                out.add("-test." + s + "=" + flags.string(s, ""));
            }
        }
        out.addAll(binaryArgs);
        return out;
    }

    private static Path kept(Path dir, String output, TestBuild b) {
        Path p = dir.resolve(output);
        return output.isEmpty() || output.endsWith("/") || Files.isDirectory(p) ? p.resolve(b.binaryName()) : p;
    }

    private static boolean one(TestBuild b, Path exe, TestRun runs, boolean buildOnly) {
        TestBuild.Outcome built;
        try {
            built = b.build(exe);
        } catch (BuildException e) {
            return runs.failed(b, "[setup failed]", "# " + b.importPath() + "\n" + e.getMessage());
        }
        return switch (built) {
            case FAILED -> runs.failed(b, "[build failed]", null);
            case NO_TEST_FILES -> runs.nothing(b);
            case BUILT -> buildOnly || runs.run(b, exe);
        };
    }
}
