// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.build.BuildException;

/** The explorer of one program: served to a browser on this machine. */
public final class Explorer implements ExploreServer.Api {
    private static final Set<String> QUESTIONS = Set.of("build", "function", "size", "why", "run", "tour", "code");
    /** Checking recurses as deep as the source nests. */
    private static final long STACK = 64L << 20;

    private final Workbench bench;
    private final ExploreServer server;

    /** @throws BuildException if the address cannot be used */
    public Explorer(Workbench bench, InetSocketAddress address) throws BuildException {
        this.bench = bench;
        try {
            server = new ExploreServer(address, this);
        } catch (IOException e) {
            throw new BuildException("mica: explore: cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage());
        }
    }

    /** Begins to serve; the page's address, with its secret. */
    public String start() {
        server.start();
        // The first build reads and checks the library: nobody should have to wait for it twice.
        Thread t = new Thread(null, () -> bench.build("main.main", false, json -> {}), "explore-warm", STACK);
        t.setDaemon(true);
        t.start();
        return server.url();
    }

    public void stop() {
        server.stop();
    }

    @Override
    public boolean knows(String what) {
        return QUESTIONS.contains(what);
    }

    @Override
    public void answer(String what, Map<String, String> query, String body, ExploreServer.Lines out) throws IOException {
        IOException[] failed = new IOException[1];
        Thread t = new Thread(null, () -> {
            try {
                answerHere(what, query, body, out);
            } catch (IOException e) {
                failed[0] = e;
            } catch (RuntimeException | StackOverflowError e) {
                failed[0] = tell(out, "mica: internal fault: " + e);
            }
        }, "explore-" + what, STACK);
        t.start();
        try {
            t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failed[0] != null) {
            throw failed[0];
        }
    }

    private static IOException tell(ExploreServer.Lines out, String text) {
        try {
            out.line(ProgramView.failed(text));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void answerHere(String what, Map<String, String> query, String body, ExploreServer.Lines out) throws IOException {
        String name = query.getOrDefault("name", "");
        switch (what) {
            case "build" -> {
                String path = query.getOrDefault("path", "");
                try {
                    if (!path.isEmpty()) {
                        bench.edit(path, body);
                    }
                } catch (BuildException e) {
                    out.line(ProgramView.failed(e.getMessage()));
                    return;
                }
                IOException[] failed = new IOException[1];
                bench.build(name, query.containsKey("fresh"), json -> {
                    try {
                        if (failed[0] == null) {
                            out.line(json);
                        }
                    } catch (IOException e) {
                        failed[0] = e;
                    }
                });
                if (failed[0] != null) {
                    throw failed[0];
                }
            }
            case "function" -> out.line(bench.function(name));
            case "size" -> out.line(bench.size());
            case "run" -> out.line(bench.run(name.isBlank() ? List.of() : List.of(name.trim().split("\\s+"))));
            case "code" -> out.line(bench.code(name));
            case "tour" -> out.line(bench.tour());
            default -> out.line(bench.why(name));
        }
    }
}
