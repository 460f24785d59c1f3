// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import mica.build.BuildException;
import mica.build.TestBuild;

/**
 * Runs test binaries and reports. The output of a binary is passed on as it comes where only one package is tested in the current
 * folder, where benchmarks run, or with -v and one package; else it is shown when the binary has ended, and dropped if all went well.
 */
final class TestRun {
    /** Beyond its own timeout a test binary gets this long to end by itself. */
    private static final long GRACE_SECONDS = 60;

    private final Context context;
    private final List<String> exec;
    private final List<String> arguments;
    private final boolean stream;
    private final boolean showPassed;
    private final long limitSeconds;

    TestRun(Context context, Flags flags, boolean currentFolder, int packages, List<String> arguments) throws BuildException {
        this.context = context;
        this.arguments = arguments;
        this.exec = flags.given("exec") ? BuildFlags.words(flags.string("exec", ""), "exec") : List.of();
        showPassed = flags.bool("v") || flags.given("list");
        stream = currentFolder || flags.given("bench") || showPassed && packages == 1;
        limitSeconds = seconds(flags.string("timeout", "10m"));
    }

    /** A Go duration in whole seconds, rounded up; 0 = none, or not understood (the test binary reports it). */
    static long seconds(String s) {
        java.util.regex.Matcher m = java.util.regex.Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)").matcher(s);
        double sum = 0;
        while (m.find()) {
            double unit = switch (m.group(2)) {
                case "h" -> 3600;
                case "m" -> 60;
                case "s" -> 1;
                case "ms" -> 1e-3;
                default -> 1e-6;
            };
            sum += Double.parseDouble(m.group(1)) * unit;
        }
        return (long) Math.ceil(sum);
    }

    /** A package that could not be built. */
    boolean failed(TestBuild b, String why, String message) {
        if (message != null) {
            context.err.println(message);
        }
        context.err.flush();
        context.out.println("FAIL\t" + b.importPath() + " " + why);
        context.out.flush();
        return false;
    }

    /** A package without tests. */
    boolean nothing(TestBuild b) {
        context.out.println("?   \t" + b.importPath() + "\t[no test files]");
        context.out.flush();
        return true;
    }

    /** Runs one binary; whether all tests passed. */
    boolean run(TestBuild b, Path exe) {
        List<String> command = new ArrayList<>(exec);
        command.add(exe.toAbsolutePath().toString());
        command.addAll(arguments);
        ProcessBuilder pb = new ProcessBuilder(command).directory(b.dir().toFile()).redirectErrorStream(true);
        if (!context.ownTerminal) {
            pb.environment().clear();
            pb.environment().putAll(context.env);
        }
        pb.environment().put("PWD", b.dir().toString());
        context.out.flush();
        context.err.flush();
        long start = System.nanoTime();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        try {
            Process p = pb.start();
            p.getOutputStream().close();
            Thread reader = Thread.ofPlatform().daemon().start(() -> copy(p.getInputStream(), stream ? context.out : kept, kept));
            String killed = await(p, b.importPath());
            reader.join(1000);
            String time = String.format(Locale.ROOT, "%.3fs", (System.nanoTime() - start) / 1e9);
            return report(b, p.exitValue(), killed, kept, time);
        } catch (IOException e) {
            context.out.println("FAIL\t" + b.importPath() + "\t0.000s\n" + e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for the end; beyond the limit asks for a dump of all goroutines, then kills. What to say then; null = it ended. */
    private String await(Process p, String name) throws InterruptedException, IOException {
        if (limitSeconds == 0) {
            p.waitFor();
            return null;
        }
        if (p.waitFor(limitSeconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
            return null;
        }
        new ProcessBuilder("kill", "-QUIT", Long.toString(p.pid())).start().waitFor();
        if (!p.waitFor(5, TimeUnit.SECONDS)) {
            p.destroyForcibly().waitFor();
        }
        return "*** Test killed with quit: ran too long (" + (limitSeconds + GRACE_SECONDS) + "s).";
    }

    private boolean report(TestBuild b, int status, String killed, ByteArrayOutputStream kept, String time) throws IOException {
        boolean ok = status == 0 && killed == null;
        byte[] output = kept.toByteArray();
        if (!stream && (!ok || showPassed)) {
            context.out.write(output);
            if (output.length > 0 && output[output.length - 1] != '\n') {
                context.out.println();
            }
        }
        if (killed != null) {
            context.out.println(killed);
        }
        if (ok) {
            String text = kept.toString(java.nio.charset.StandardCharsets.UTF_8);
            String none = text.startsWith("testing: warning: no tests to run") || text.contains("\ntesting: warning: no tests to run") ? " [no tests to run]" : "";
            context.out.println("ok  \t" + b.importPath() + "\t" + time + none);
        } else {
            if (stream || output.length == 0) {
                context.out.println(RunCommand.ending(status));
            }
            context.out.println("FAIL\t" + b.importPath() + "\t" + time);
        }
        context.out.flush();
        return ok;
    }

    private static void copy(InputStream from, OutputStream to, OutputStream kept) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
                if (to != kept) {
                    kept.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // the binary is gone, or nobody reads what is printed
        }
    }
}
