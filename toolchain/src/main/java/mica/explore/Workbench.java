// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import mica.base.Fault;
import mica.base.JsonWriter;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.build.Environment;
import mica.build.Package;
import mica.build.Session;
import mica.inspect.Executable;
import mica.inspect.SizeReport;
import mica.inspect.Why;
import mica.obj.FormatException;
import mica.obj.Symbol;

/**
 * The program that is explored: the last build, what was typed since it was saved, and the facts that pages ask for. Facts come as
 * JSON texts, one event a line. Safe for concurrent use; a new build ends the one under way.
 */
public final class Workbench {
    private final Environment env;
    private final Session session;
    /** Edited texts by absolute path. */
    private final Map<Path, byte[]> edits = new HashMap<>();
    private volatile Session.Build building;
    /** The last build that was linked, else the last one. */
    private volatile Session.Build last;
    /** The executable of {@link #last} once somebody asks about it, and why its symbols are there. */
    private Executable read;
    private Why why;

    /** @param args as for {@code mica build}: one package or the files of one */
    public Workbench(Environment env, BuildOptions options, List<String> args) throws BuildException {
        this.env = env;
        this.session = new Session(env, options, args);
    }

    /** A text that leads through the program, in Markdown; null = none. Set before anything is asked. */
    public String tour;

    /** The text of the tour: {@code {"text":…}}, null if there is none. */
    String tour() {
        StringBuilder b = new StringBuilder();
        new JsonWriter(b).beginObject().field("text", tour).endObject();
        return b.toString();
    }

    /** Puts a text in the place of a file of the program. @throws BuildException if it is none that may be edited */
    public void edit(String path, String text) throws BuildException {
        Path file = fileOf(path);
        if (file == null) {
            throw new BuildException("mica: " + path + " is not a file of the program");
        }
        synchronized (edits) {
            edits.put(file, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The file of a package of the user's that a page names; null = it is none. */
    private Path fileOf(String path) {
        try {
            Path file = env.cwd.resolve(path).toAbsolutePath().normalize();
            Session.Build b = last;
            for (Package p : b == null ? List.<Package>of() : b.packages) {
                if (!p.standard && p.dir.toAbsolutePath().normalize().equals(file.getParent()) && p.goFiles.contains(file.getFileName().toString())) {
                    return file;
                }
            }
        } catch (InvalidPathException e) {
            // names no file at all
        }
        return null;
    }

    /**
     * Builds what is there now. Events, as far as they come: {@code checked}; {@code function} for the function that is looked at;
     * {@code linked}; or {@code failed}. A build that another one ends gives no more events.
     *
     * @param function link name of the function that is shown, or ""
     * @param fresh whether the page has nothing yet: if there are errors it then gets the last good build as well
     */
    public void build(String function, boolean fresh, Consumer<String> events) {
        Session.Build before = building;
        if (before != null) {
            before.cancel();
        }
        try {
            Map<Path, byte[]> texts;
            synchronized (edits) {
                texts = new HashMap<>(edits);
            }
            Session.Build b = session.check(texts);
            building = b;
            if (last == null || last.image == null) {
                last = b;
            }
            ProgramView view = new ProgramView(b);
            events.accept(view.checked());
            if (!b.compiles()) {
                if (fresh && last.image != null) {
                    whole(last, function, events);
                }
                return;
            }
            if (!function.isEmpty()) {
                events.accept(function(b, function));
            }
            b.link();
            if (b.image != null) {
                last = b;
            }
            events.accept(view.linked());
            if (b.image != null) {
                events.accept(DecisionEvent.json(b));
            }
        } catch (CancellationException e) {
            // A newer build answers.
        } catch (BuildException e) {
            events.accept(ProgramView.failed(e.getMessage()));
        } catch (FormatException e) {
            events.accept(ProgramView.failed(e.getMessage()));
        } catch (Fault e) {
            events.accept(ProgramView.failed("mica: internal fault: " + e.getMessage()));
        }
    }

    private static void whole(Session.Build b, String function, Consumer<String> events) throws BuildException, FormatException {
        if (!function.isEmpty()) {
            events.accept(function(b, function));
        }
        events.accept(new ProgramView(b).linked());
    }

    /** The view {@code ssa} of a function of the last build. */
    public String function(String linkName) {
        Session.Build b = last;
        try {
            return b == null || !b.compiles() ? ProgramView.failed("nothing is built") : function(b, linkName);
        } catch (BuildException | CancellationException e) {
            return ProgramView.failed(e.getMessage());
        }
    }

    /** A function's bytes as they are in the executable, patched by the linker: {@code {"name","address","bytes"}}, bytes null if it is not linked. */
    public String code(String linkName) {
        Session.Build b = last;
        return b == null || b.image == null ? ProgramView.failed("nothing is linked") : LinkedCode.json(b.image, b.find(linkName), linkName);
    }

    /** A view that cannot be made keeps nobody from the others. */
    private static String function(Session.Build b, String linkName) throws BuildException {
        try {
            return functionEvent(b, linkName);
        } catch (Fault e) {
            return ProgramView.failed("mica: internal fault: " + e.getMessage());
        }
    }

    private static String functionEvent(Session.Build b, String linkName) throws BuildException {
        SsaRecorder recorder = new SsaRecorder(linkName);
        Symbol made = b.function(linkName, recorder);
        String facts;
        if (made != null && recorder.record() != null) {
            facts = SsaView.json(recorder.record(), b.sources);
        } else {
            Symbol s = b.image == null ? null : b.find(linkName);
            if (s == null) {
                return "{\"event\":\"function\",\"name\":" + JsonWriter.quote(linkName) + ",\"facts\":null}";
            }
            facts = SsaView.json(SsaRecord.assembled(s), b.sources);
        }
        // A line break in JSON is never part of a string.
        return "{\"event\":\"function\",\"name\":" + JsonWriter.quote(linkName) + ",\"facts\":" + facts.replace('\n', ' ') + "}";
    }

    /** The view {@code size} of the last executable. */
    public String size() {
        try {
            Executable exe = executable();
            return exe == null ? ProgramView.failed("nothing is linked") : new SizeReport(exe).json();
        } catch (FormatException e) {
            throw new Fault("explore", "the linked executable: " + e.getMessage());
        }
    }

    /** The view {@code why} of the symbols of a name in the last executable. */
    public String why(String name) {
        try {
            Executable exe = executable();
            Why why = exe == null ? null : reasons(exe);
            return why == null ? ProgramView.failed("nothing is linked") : why.json(why.ask(name));
        } catch (FormatException e) {
            throw new Fault("explore", "the linked executable: " + e.getMessage());
        }
    }

    /** The last executable, read as a file; null if there is none. */
    private synchronized Executable executable() throws FormatException {
        Session.Build b = last;
        if (b == null || b.image == null) {
            return null;
        }
        if (read == null || read.elf.bytes != b.image.bytes) {
            String file = b.main.importPath.equals("command-line-arguments") ? b.main.goFiles.get(0).replaceAll("\\.go$", "") : b.main.importPath;
            read = new Executable(file.substring(file.lastIndexOf('/') + 1), b.image.bytes);
            why = null;
        }
        return read;
    }

    private synchronized Why reasons(Executable exe) throws FormatException {
        if (exe != read) {
            return Why.of(exe);
        }
        if (why == null) {
            why = Why.of(exe);
        }
        return why;
    }

    /**
     * Builds once, and writes all facts into one page.
     *
     * @param run whether to run the program once, for its boot and its memory
     * @param err takes the errors, as {@code mica build} prints them
     * @return null if there were errors
     */
    public String page(boolean run, PrintStream err) throws BuildException {
        Session.Build b = session.check(Map.of());
        if (b.compiles()) {
            b.link();
        }
        if (b.image == null) {
            if (b.report(err)) {
                throw new BuildException("package " + b.main.importPath + " is not a main package");
            }
            return null;
        }
        last = b;
        Map<String, String> more = new TreeMap<>(Map.of("decisions", DecisionEvent.json(b)));
        if (tour != null) {
            more.put("tour", tour());
        }
        if (run) {
            more.put("trace", run(List.of()));
        }
        try {
            return OfflinePage.of(b, b.main.importPath, size(), more);
        } catch (FormatException e) {
            throw new Fault("explore", "the linked executable: " + e.getMessage());
        }
    }

    /** Runs the last executable under the tracer, see {@link ProgramRun}. */
    public String run(List<String> args) {
        Session.Build b = last;
        return b == null || b.image == null ? ProgramView.failed("nothing is linked") : new ProgramRun(env).run(b.image.bytes, args);
    }
}
