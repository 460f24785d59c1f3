// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.Map;
import java.util.TreeMap;

/** What {@code go version -m} shows of an executable: its package, modules, and the settings it was built with. */
final class ModInfo {
    private ModInfo() {}

    /** @param godebug default settings, "" = none */
    static String of(Package main, Iterable<Package> all, BuildOptions options, Environment env, String godebug) {
        StringBuilder sb = new StringBuilder();
        sb.append("path\t").append(main.importPath).append('\n');
        if (main.modulePath != null && !main.importPath.equals("command-line-arguments")) {
            sb.append("mod\t").append(main.modulePath).append("\t(devel)\t\n");
        }
        TreeMap<String, String> dependencies = new TreeMap<>();
        for (Package p : all) {
            if (p.dependency != null) {
                dependencies.put(p.dependency, p.dependency);
            }
        }
        for (String d : dependencies.keySet()) {
            sb.append("dep\t").append(d).append('\n');
        }
        setting(sb, "-buildmode", "exe");
        setting(sb, "-compiler", "mica");
        for (Map.Entry<String, String> e : options.recorded.entrySet()) {
            boolean hidden = options.trimPath && e.getKey().equals("-ldflags");
            if (!e.getValue().isEmpty() && !hidden) {
                setting(sb, e.getKey(), e.getValue());
            }
        }
        if (options.trimPath) {
            setting(sb, "-trimpath", "true");
        }
        if (!godebug.isEmpty()) {
            setting(sb, "DefaultGODEBUG", godebug);
        }
        setting(sb, "CGO_ENABLED", "0");
        setting(sb, "GOARCH", env.target.arch);
        if (!env.get("GOEXPERIMENT").isEmpty()) {
            setting(sb, "GOEXPERIMENT", env.get("GOEXPERIMENT"));
        }
        setting(sb, "GOOS", env.target.os);
        setting(sb, "GOAMD64", "v1");
        return sb.toString();
    }

    private static void setting(StringBuilder sb, String key, String value) {
        boolean quoted = value.indexOf(' ') >= 0 || value.indexOf('"') >= 0 || value.indexOf('\t') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('`') >= 0;
        String shown = quoted ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + '"' : value;
        sb.append("build\t").append(key).append('=').append(shown).append('\n');
    }
}
