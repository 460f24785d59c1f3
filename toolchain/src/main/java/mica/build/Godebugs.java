// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mica.base.Diagnostics;
import mica.syntax.Directive;
import mica.syntax.File;

/**
 * Settings of GODEBUG that a program starts with: those that an older language version stands for, then go.mod's, then the
 * {@code //go:debug} lines of the main package. Which settings there are is read from the library's own table.
 */
final class Godebugs {
    private static final Pattern ENTRY = Pattern.compile("\\{Name: \"([a-z0-9A-Z]+)\"[^}]*\\}");
    private static final Pattern CHANGED = Pattern.compile("Changed: ([0-9]+)");
    private static final Pattern OLD = Pattern.compile("Old: \"([^\"]*)\"");

    /** One row of the table. */
    private static final class Setting {
        int changed;
        String old = "";
    }

    private final TreeMap<String, Setting> known = new TreeMap<>();

    /** Reads internal/godebugs of the library; without it nothing is known. {@code inputs} (may be null) learns of it. */
    Godebugs(Path goroot, BuildInputs inputs) {
        try {
            Path table = goroot.resolve("src/internal/godebugs/table.go");
            byte[] text = inputs == null ? Files.readAllBytes(table) : inputs.read(table);
            Matcher m = ENTRY.matcher(new String(text, java.nio.charset.StandardCharsets.UTF_8));
            while (m.find()) {
                Setting s = new Setting();
                Matcher changed = CHANGED.matcher(m.group());
                Matcher old = OLD.matcher(m.group());
                if (changed.find() && old.find()) {
                    s.changed = Integer.parseInt(changed.group(1));
                    s.old = old.group(1);
                }
                known.put(m.group(1), s);
            }
        } catch (IOException e) {
            known.clear();
        }
    }

    Map<String, ?> known() {
        return known;
    }

    /** What is wrong with the text behind {@code //go:debug}; null = nothing. */
    String problem(String argument) {
        String a = argument.strip();
        int eq = a.indexOf('=');
        if (eq < 0) {
            return "missing key=value";
        }
        String key = a.substring(0, eq);
        if (key.indexOf(' ') >= 0 || key.indexOf('\t') >= 0) {
            return "key contains space";
        }
        if (a.indexOf(' ', eq) >= 0 || a.indexOf('\t', eq) >= 0) {
            return "value contains space";
        }
        if (key.contains(",") || a.substring(eq).contains(",")) {
            return key.contains(",") ? "key contains comma" : "value contains comma";
        }
        if (!key.equals("default") && !known.isEmpty() && !known.containsKey(key)) {
            return "unknown //go:debug setting \"" + key + "\"";
        }
        return null;
    }

    /**
     * The value of runtime.godebugDefault for a program: by its language version, go.mod and the lines //go:debug of files.
     *
     * @param module null = none
     */
    String defaults(Package p, Module module, Iterable<File> files, Diagnostics diagnostics) {
        TreeMap<String, String> set = new TreeMap<>();
        if (p.modulePath != null && module != null) {
            set.putAll(module.mod.godebug);
        }
        read(files, diagnostics, set);
        return p.standard ? "" : defaults(p.goVersion, set);
    }

    /** Adds what the lines //go:debug before the files' package clauses set. */
    private void read(Iterable<File> files, Diagnostics diagnostics, Map<String, String> set) {
        for (File f : files) {
            for (Directive d : f.directives) {
                if (!d.is("go:debug")) {
                    continue;
                }
                String problem = problem(d.arguments());
                if (problem != null) {
                    diagnostics.error(d.pos, "invalid //go:debug: " + problem);
                } else if (f.packageName != null && d.pos < f.packageName.pos) {
                    String[] kv = d.arguments().split("=", 2);
                    set.put(kv[0], kv[1]);
                }
            }
        }
    }

    /**
     * The value of runtime.godebugDefault.
     *
     * @param goVersion of the main module, such as "go1.20"
     * @param set go.mod's settings and those of the source, the later ones winning
     */
    private String defaults(String goVersion, Map<String, String> set) {
        TreeMap<String, String> all = new TreeMap<>();
        int minor = minor(set.getOrDefault("default", goVersion));
        for (Map.Entry<String, Setting> e : known.entrySet()) {
            if (e.getValue().changed > minor) {
                all.put(e.getKey(), e.getValue().old);
            }
        }
        all.putAll(set);
        all.remove("default");
        StringBuilder sb = new StringBuilder();
        for (Map.Entry<String, String> e : all.entrySet()) {
            sb.append(sb.isEmpty() ? "" : ",").append(e.getKey()).append('=').append(e.getValue());
        }
        return sb.toString();
    }

    private static int minor(String goVersion) {
        Matcher m = Pattern.compile("go1\\.([0-9]+).*").matcher(goVersion);
        // Before Go 1.20 the settings of 1.20 are meant.
        return m.matches() ? Math.max(20, Integer.parseInt(m.group(1))) : Integer.MAX_VALUE;
    }
}
