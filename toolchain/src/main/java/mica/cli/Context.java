// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mica.base.Target;
import mica.build.BuildException;
import mica.build.Environment;

/** What a command sees of the world. */
final class Context {
    final Path cwd;
    final Map<String, String> env;
    final PrintStream out;
    final PrintStream err;
    /** Whether programs that a command starts get this process's own input and output. */
    final boolean ownTerminal;

    Context(Path cwd, Map<String, String> env, PrintStream out, PrintStream err, boolean ownTerminal) {
        this.cwd = cwd;
        this.env = env;
        this.out = out;
        this.err = err;
        this.ownTerminal = ownTerminal;
    }

    /** The same in another folder (null: this one). @throws BuildException if it is none */
    Context in(String folder) throws BuildException {
        if (folder == null) {
            return this;
        }
        Path dir = cwd.resolve(folder).normalize();
        if (!Files.isDirectory(dir)) {
            throw new BuildException("mica: chdir " + folder + ": " + (Files.exists(dir) ? "not a directory" : "no such file or directory"));
        }
        return new Context(dir, env, out, err, ownTerminal);
    }

    Environment environment(Path dir, List<String> tags) throws BuildException {
        return environment(dir, tags, Target.linuxAmd64());
    }

    Environment environment(Path dir, List<String> tags, Target target) throws BuildException {
        Environment e = new Environment(dir, env, home(), tags, target);
        e.check();
        return e;
    }

    /** The folder that holds {@code runtime/}: named by the launcher, else found from where the classes are. */
    static Path home() throws BuildException {
        String named = System.getProperty("mica.home");
        if (named != null) {
            return Path.of(named);
        }
        try {
            Path p = Path.of(Context.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (Path d = p.getParent(); d != null; d = d.getParent()) {
                if (Files.isDirectory(d.resolve("runtime"))) {
                    return d;
                }
            }
        } catch (java.net.URISyntaxException e) {
            // falls through: the message below names the way out
        }
        throw new BuildException("mica: cannot find mica's own folder runtime; start mica with the launcher of its checkout");
    }
}
