// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** vendor/modules.txt: which module each folder below vendor/ comes from, and whether that is what go.mod asks for. */
final class VendorList {
    /** Version by module path. */
    private final Map<String, String> versions = new HashMap<>();
    private final Set<String> explicit = new HashSet<>();
    private final Set<String> replaced = new HashSet<>();
    /** Language version by module path. */
    private final Map<String, String> goVersions = new HashMap<>();
    private final Map<String, String> moduleOfPackage = new HashMap<>();

    VendorList(String text) {
        String module = null;
        for (String line : text.split("\n")) {
            String l = line.strip();
            if (l.startsWith("## ")) {
                annotations(module, l.substring(3));
            } else if (l.startsWith("# ")) {
                String[] w = l.substring(2).split("\\s+");
                module = w[0];
                if (w.length > 1 && w[1].startsWith("v")) {
                    versions.put(module, w[1]);
                }
                if (l.contains(" => ")) {
                    replaced.add(module);
                }
            } else if (!l.isEmpty() && module != null) {
                moduleOfPackage.put(l, module);
            }
        }
    }

    private void annotations(String module, String text) {
        for (String a : text.split(";")) {
            String word = a.strip();
            if (word.equals("explicit")) {
                explicit.add(module);
            } else if (word.startsWith("go ")) {
                goVersions.put(module, "go" + word.substring(3).strip());
            }
        }
    }

    /** Module and version of a vendored package, separated by a tab; null = unknown. */
    String module(String importPath) {
        String m = moduleOfPackage.get(importPath);
        return m == null ? null : m + "\t" + versions.getOrDefault(m, "");
    }

    /** Language version of a vendored package. */
    String goVersion(String importPath) {
        String module = moduleOfPackage.get(importPath);
        return module == null ? "go1.16" : goVersions.getOrDefault(module, "go1.16");
    }

    /** In what the list and go.mod disagree, a line each; empty = they agree. */
    String differences(ModFile mod) {
        StringBuilder sb = new StringBuilder();
        Set<String> required = new HashSet<>();
        for (ModFile.Requirement r : mod.require) {
            required.add(r.path);
            if (!explicit.contains(r.path) || !r.version.equals(versions.get(r.path))) {
                line(sb, r.path + "@" + r.version, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt");
            }
        }
        Set<String> replacedHere = new HashSet<>();
        for (ModFile.Requirement r : mod.replace) {
            replacedHere.add(r.path);
            if (versions.containsKey(r.path) && !replaced.contains(r.path)) {
                line(sb, r.path + (r.version.isEmpty() ? "" : "@" + r.version), "is replaced in go.mod, but not marked as replaced in vendor/modules.txt");
            }
        }
        for (String m : new java.util.TreeSet<>(explicit)) {
            boolean same = mod.require.stream().anyMatch(r -> r.path.equals(m) && r.version.equals(versions.get(m)));
            if (!same && versions.containsKey(m)) {
                line(sb, m + "@" + versions.get(m), "is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod");
            }
        }
        for (String m : new java.util.TreeSet<>(replaced)) {
            if (!replacedHere.contains(m)) {
                line(sb, m + (versions.containsKey(m) ? "@" + versions.get(m) : ""), "is marked as replaced in vendor/modules.txt, but not replaced in go.mod");
            }
        }
        return sb.toString();
    }

    private static void line(StringBuilder sb, String module, String text) {
        sb.append("\t").append(module).append(": ").append(text).append('\n');
    }
}
