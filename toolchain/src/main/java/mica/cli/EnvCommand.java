// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.base.JsonWriter;
import mica.build.BuildException;
import mica.build.Builder;
import mica.build.Environment;
import mica.build.Goroot;
import mica.build.Version;

/** {@code mica env}. */
final class EnvCommand extends Command {
    /** Shown as the environment has them. */
    private static final List<String> PASSED = List.of("GO111MODULE", "GODEBUG", "GOEXPERIMENT", "GOFLAGS", "GOINSECURE", "GONOPROXY", "GONOSUMDB",
            "GOPRIVATE", "GOPROXY", "GOSUMDB", "GOTMPDIR", "GOVCS", "GOWORK");

    EnvCommand() {
        super("env", "env [-json] [var ...]", "print Mica's environment", """
                Env prints the settings that builds use: as assignments of a shell, or with -json as
                a JSON object. With names of variables as arguments it prints the value of each on
                a line of its own.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json").refused("w", "u", "changed", "n", "x");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        List<String> names = flags.rest;
        Map<String, String> all = values(context, names.isEmpty() || names.contains("GOROOT") || names.contains("GOVERSION"));
        if (flags.bool("json")) {
            json(context, all, names);
        } else if (names.isEmpty()) {
            for (Map.Entry<String, String> e : all.entrySet()) {
                context.out.println(e.getKey() + "='" + e.getValue().replace("'", "'\\''") + "'");
            }
        } else {
            for (String n : names) {
                context.out.println(all.getOrDefault(n, ""));
            }
        }
        return 0;
    }

    private static Map<String, String> values(Context context, boolean withGoroot) throws BuildException {
        Environment e = context.environment(context.cwd, List.of());
        TreeMap<String, String> m = new TreeMap<>();
        for (String name : PASSED) {
            m.put(name, e.get(name));
        }
        String home = e.get("HOME");
        String gopath = e.get("GOPATH").isEmpty() ? home + "/go" : e.get("GOPATH");
        m.put("CGO_ENABLED", "0");
        m.put("GOAMD64", e.get("GOAMD64").isEmpty() ? "v1" : e.get("GOAMD64"));
        m.put("GOARCH", e.target.arch);
        m.put("GOBIN", e.get("GOBIN"));
        m.put("GOCACHE", Builder.cacheFolder(e).toString());
        m.put("GOENV", "off");
        m.put("GOEXE", "");
        m.put("GOHOSTARCH", "amd64");
        m.put("GOHOSTOS", "linux");
        m.put("GOMOD", moduleFile(context.cwd));
        m.put("GOMODCACHE", e.get("GOMODCACHE").isEmpty() ? gopath + "/pkg/mod" : e.get("GOMODCACHE"));
        m.put("GOOS", e.target.os);
        m.put("GOPATH", gopath);
        m.put("GOTELEMETRY", "off");
        m.put("GOTOOLCHAIN", "local");
        m.put("MICACACHE", e.cacheDir().toString());
        m.put("MICAHOME", e.home.toString());
        m.put("MICAVERSION", Version.MICA);
        if (withGoroot) {
            Path goroot = Goroot.find(e);
            m.put("GOROOT", goroot.toString());
            m.put("GOVERSION", Goroot.version(goroot));
        }
        return m;
    }

    private static String moduleFile(Path cwd) {
        for (Path d = cwd; d != null; d = d.getParent()) {
            if (Files.isRegularFile(d.resolve("go.mod"))) {
                return d.resolve("go.mod").toString();
            }
        }
        return "/dev/null";
    }

    private static void json(Context context, Map<String, String> all, List<String> names) {
        StringBuilder sb = new StringBuilder("{\n");
        String separator = "";
        for (String n : names.isEmpty() ? all.keySet() : names) {
            sb.append(separator).append('\t').append(JsonWriter.quote(n)).append(": ").append(JsonWriter.quote(all.getOrDefault(n, "")));
            separator = ",\n";
        }
        context.out.println(sb.append("\n}"));
    }
}
