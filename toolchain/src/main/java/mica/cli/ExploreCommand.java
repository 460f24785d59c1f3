// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Environment;
import mica.explore.Explorer;
import mica.explore.Workbench;

/** {@code mica explore}. */
final class ExploreCommand extends Command {
    ExploreCommand() {
        super("explore", "explore [-addr host:port] [-open] [-tour] [-o page.html [-run]] [build flags] [package | files]",
                "look into every layer of a program in a browser", """
                Explore shows a program from its source to its process: syntax tree, SSA pass by pass with its
                graph, assembly, bytes and relocations, sections and segments, sizes, boot and memory map, all
                linked with each other. It compiles again as one types; nothing is written to the files.

                It serves the page to this machine only and prints its address, which holds a secret: who
                does not know it gets nothing. Interrupt ends it.

                	-addr host:port
                		listen there; the host must be a loopback address (default 127.0.0.1:0, a free port)
                	-open
                		open the page with the desktop's browser (xdg-open)
                	-tour
                		lead through a small program step by step (docs/tour.md)
                	-o page.html
                		write the page with all facts as one file that needs no server, and end
                	-run
                		with -o: run the program once, for at most ten seconds and without input, and put
                		its boot and its memory into the page
                """);
    }

    @Override
    void declare(Flags flags) {
        BuildFlags.declare(flags);
        flags.strings("addr", "o").bools("open", "run", "tour");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        BuildOptions options = BuildFlags.options(flags);
        Environment env = context.environment(BuildFlags.directory(context, flags), options.tags);
        Workbench bench = bench(env, options, flags);
        String output = flags.string("o", "");
        if (!output.isEmpty()) {
            return page(context, bench, flags.bool("run"), env.cwd, output);
        }
        Explorer explorer = new Explorer(bench, address(flags.string("addr", "127.0.0.1:0")));
        String url = explorer.start();
        context.out.println(url);
        if (context.out.checkError()) {
            explorer.stop();
            return 1; // nobody knows the address
        }
        if (flags.bool("open")) {
            open(context, url);
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            explorer.stop();
        }
        return 0;
    }

    /** The program to explore; with -tour the one that the tour leads through. */
    private static Workbench bench(Environment env, BuildOptions options, Flags flags) throws BuildException {
        if (!flags.bool("tour")) {
            return new Workbench(env, options, flags.rest);
        }
        Environment there = new Environment(env.home.resolve("examples/tour"), env.env, env.home, options.tags);
        try {
            String text = Files.readString(env.home.resolve("docs/tour.md"));
            Workbench bench = new Workbench(there, options, List.of("."));
            bench.tour = text;
            return bench;
        } catch (IOException e) {
            throw new BuildException("mica: the tour is not there: " + env.home.resolve("docs/tour.md") + ": no such file");
        }
    }

    private static int page(Context context, Workbench bench, boolean run, Path dir, String output) throws BuildException {
        String html = bench.page(run, context.err);
        if (html == null) {
            return 1;
        }
        TextFile.write(dir, output, html);
        return 0;
    }

    private static InetSocketAddress address(String text) throws BuildException {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = colon <= 0 ? "127.0.0.1" : text.substring(0, colon).replaceAll("^\\[(.*)\\]$", "$1");
            return new InetSocketAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw new BuildException("mica: invalid value \"" + text + "\" for flag -addr: host:port is expected", 2);
        }
    }

    private static void open(Context context, String url) {
        try {
            new ProcessBuilder("xdg-open", url).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            context.err.println("mica: cannot start xdg-open: open the address by hand");
        }
    }
}
