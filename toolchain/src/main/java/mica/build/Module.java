// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The main module: the go.mod in the current directory or above it. Dependencies come from {@code vendor/} only. */
final class Module {
    private static final int RELEASE = 27;

    final Path dir;
    /** go.mod as messages call it. */
    final String shown;
    final ModFile mod;
    final String path;
    /** "go1.27" from the go directive; go 1.16 where there is none, as the go command assumes. */
    final String goVersion;
    boolean vendored;
    /** go.sum: by "module version". */
    private final Map<String, String> checksums = new HashMap<>();
    /** -mod says so. */
    private boolean byMode;
    /** Null unless {@link #vendored}. */
    VendorList vendorList;

    private Module(Path dir, String shown, ModFile mod) {
        this.dir = dir;
        this.shown = shown;
        this.mod = mod;
        this.path = mod.module;
        this.goVersion = mod.go == null ? "go1.16" : "go" + mod.go;
    }

    /**
     * Null where there is no go.mod.
     *
     * @param inputs learns what is read; may be null
     * @param mode -mod; "" = not given
     */
    static Module find(Path cwd, BuildInputs inputs, String mode) throws BuildException {
        for (Path d = cwd; d != null; d = d.getParent()) {
            Path file = d.resolve("go.mod");
            if (inputs == null ? Files.isRegularFile(file) : inputs.isFile(file)) {
                return parse(d, file, cwd.relativize(file).toString(), inputs, mode);
            }
        }
        return null;
    }

    private static Module parse(Path dir, Path file, String shown, BuildInputs inputs, String mode) throws BuildException {
        try {
            ModFile mod = new ModFile(shown, file.toString(), new String(inputs == null ? Files.readAllBytes(file) : inputs.read(file), StandardCharsets.UTF_8));
            if (!mod.errors.isEmpty()) {
                throw new BuildException("go: errors parsing " + shown + ":\n" + String.join("\n", mod.errors));
            }
            if (mod.module == null) {
                throw new BuildException("go: error reading go.mod: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod");
            }
            Module m = new Module(dir, shown, mod);
            if (m.minor() > RELEASE) {
                throw new BuildException("go: " + shown + " requires go >= " + mod.go + " (running " + Version.GO.replace("go", "go ") + "; GOTOOLCHAIN=local)");
            }
            m.vendor(inputs, mode);
            return m;
        } catch (IOException e) {
            throw new BuildException("go: " + file + ": cannot be read");
        }
    }

    private int minor() {
        Matcher v = Pattern.compile("go1\\.([0-9]+).*").matcher(goVersion);
        return v.matches() ? Integer.parseInt(v.group(1)) : goVersion.startsWith("go1") ? 0 : Integer.MAX_VALUE;
    }

    /** Decides whether dependencies come from vendor/, and checks that it is what go.mod asks for. */
    private void vendor(BuildInputs inputs, String mode) throws BuildException, IOException {
        Path folder = dir.resolve("vendor");
        boolean there = inputs == null ? Files.isDirectory(folder) : inputs.isFolder(folder);
        if (mode.equals("mod") || mode.equals("readonly") || !there && !mode.equals("vendor") || mode.isEmpty() && minor() < 14) {
            return;
        }
        vendored = true;
        byMode = !mode.isEmpty();
        Path list = folder.resolve("modules.txt");
        boolean listed = inputs == null ? Files.isRegularFile(list) : inputs.isFile(list);
        vendorList = new VendorList(!listed ? "" : new String(inputs == null ? Files.readAllBytes(list) : inputs.read(list), StandardCharsets.UTF_8));
        Path sums = dir.resolve("go.sum");
        if (inputs == null ? Files.isRegularFile(sums) : inputs.isFile(sums)) {
            for (String line : new String(inputs == null ? Files.readAllBytes(sums) : inputs.read(sums), StandardCharsets.UTF_8).split("\n")) {
                String[] w = line.strip().split(" ");
                if (w.length == 3) {
                    checksums.put(w[0] + " " + w[1], w[2]);
                }
            }
        }
        String differences = minor() < 14 ? "" : vendorList.differences(mod);
        if (!differences.isEmpty()) {
            throw new BuildException("go: inconsistent vendoring in " + dir + ":\n" + differences
                    + "\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor");
        }
    }

    /** Module, version and checksum that a vendored package comes from, as build information shows them; null = unknown. */
    String dependency(String importPath) {
        String m = vendorList.module(importPath);
        return m == null ? null : m + "\t" + checksums.getOrDefault(m.replace('\t', ' '), "");
    }

    /** Why a package is not found when dependencies come from vendor/. */
    String lookupDisabled() {
        return "import lookup disabled by -mod=vendor" + (byMode ? "" : "\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)");
    }

    /** Folder of a package of this module, or null if the path is not below the module's. */
    Path dirOf(String importPath) {
        if (importPath.equals(path)) {
            return dir;
        }
        return importPath.startsWith(path + "/") ? dir.resolve(importPath.substring(path.length() + 1)) : null;
    }

    /** Import path of a folder inside the module. */
    String importPathOf(Path d) {
        String rel = dir.relativize(d).toString().replace('\\', '/');
        return rel.isEmpty() ? path : path + "/" + rel;
    }
}
