// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.base.Target;

/** What a build takes from outside: target, build tags, folders, environment variables. Immutable. */
public final class Environment {
    /** Experiments that Go 1.27 has on by default; each is also a build tag goexperiment.NAME. */
    private static final String[] EXPERIMENTS = {
        "regabiwrappers", "regabiargs", "dwarf5", "jsonv2", "greenteagc", "randomizedheapbase64", "sizespecializedmalloc"
    };

    /** Of these, what only the library's source asks for. */
    private static final List<String> SWITCHABLE = List.of("jsonv2", "greenteagc", "randomizedheapbase64", "sizespecializedmalloc", "dwarf5");
    /** Experiments of Go 1.27 that are off by default. */
    private static final List<String> OTHER_EXPERIMENTS = List.of("arenas", "boringcrypto", "cgocheck2", "fieldtrack", "heapminimum512kib",
            "loopvar", "mapsplitgroup", "newinliner", "preemptibleloops", "regabi", "runtimefreegc", "runtimesecret", "simd", "staticlockranking");

    private static final List<String> KNOWN_SYSTEMS = List.of("aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux",
            "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows");
    private static final List<String> KNOWN_ARCHITECTURES = List.of("386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle",
            "ppc64", "ppc64le", "riscv64", "s390x", "wasm");

    public final Target target;
    /** Current directory of the command. */
    public final Path cwd;
    public final Map<String, String> env;
    /** Where Mica's own files are: the folder that holds {@code runtime/}. */
    public final Path home;
    private final Set<String> tags = new HashSet<>();

    /** @param extraTags from -tags */
    public Environment(Path cwd, Map<String, String> env, Path home, List<String> extraTags) {
        this(cwd, env, home, extraTags, Target.linuxAmd64());
    }

    /** The same for reading packages as they are on another processor. */
    public Environment(Path cwd, Map<String, String> env, Path home, List<String> extraTags, Target target) {
        this.target = target;
        this.cwd = cwd;
        this.env = env;
        this.home = home;
        tags.add(target.os);
        tags.add(target.arch);
        if (target.arch.equals("amd64")) {
            tags.add("amd64.v1");
        }
        tags.add("unix");
        tags.add("gc");
        for (int i = 1; i <= 27; i++) {
            tags.add("go1." + i);
        }
        List<String> off = List.of(get("GOEXPERIMENT").split(","));
        for (String e : EXPERIMENTS) {
            if (!off.contains("no" + e)) {
                tags.add("goexperiment." + e);
            }
        }
        tags.addAll(extraTags);
    }

    public boolean tag(String name) {
        return tags.contains(name);
    }

    public String get(String name) {
        String v = env.get(name);
        return v == null ? "" : v;
    }

    /**
     * Refuses settings that Mica does not have, by name: GOOS, GOARCH, GOEXPERIMENT, GOAMD64.
     *
     * @throws BuildException with one line
     */
    public void check() throws BuildException {
        require("GOOS", "linux");
        require("GOARCH", target.arch);
        String amd64 = get("GOAMD64");
        if (!amd64.isEmpty() && !amd64.matches("v[1-4]")) {
            throw new BuildException("go: invalid GOAMD64: must be v1, v2, v3, v4", 2);
        }
        for (String e : get("GOEXPERIMENT").split(",")) {
            checkExperiment(e);
        }
    }

    /** Experiments that are on may be named, and switched off where that is the library's affair alone. */
    private static void checkExperiment(String e) throws BuildException {
        List<String> on = List.of(EXPERIMENTS);
        if (e.isEmpty() || e.equals("none") || on.contains(e) || e.startsWith("no") && SWITCHABLE.contains(e.substring(2))) {
            return;
        }
        String plain = e.startsWith("no") && !OTHER_EXPERIMENTS.contains(e) ? e.substring(2) : e;
        if (on.contains(plain) || OTHER_EXPERIMENTS.contains(plain)) {
            if (OTHER_EXPERIMENTS.contains(plain) && e.startsWith("no")) {
                return;
            }
            throw new BuildException("mica: GOEXPERIMENT " + e + " is not supported", 2);
        }
        throw new BuildException("mica: unknown GOEXPERIMENT " + plain, 2);
    }

    private void require(String name, String value) throws BuildException {
        String v = get(name);
        if (!v.isEmpty() && !v.equals(value)) {
            if (!name.equals("GOOS") && !KNOWN_ARCHITECTURES.contains(v) || name.equals("GOOS") && !KNOWN_SYSTEMS.contains(v)) {
                throw new BuildException("mica: unsupported GOOS/GOARCH pair " + (name.equals("GOOS") ? v + "/" + target.arch : target.os + "/" + v), 2);
            }
            throw new BuildException("mica: " + name + "=" + v + " is not supported yet (this Mica compiles for " + target + ")", 2);
        }
    }

    /** The user's cache folder of Mica. */
    public Path cacheDir() {
        String own = get("MICA_CACHE");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String xdg = get("XDG_CACHE_HOME");
        if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "mica");
        }
        String home = get("HOME");
        return home.isEmpty() ? Path.of(System.getProperty("java.io.tmpdir"), "mica-cache") : Path.of(home, ".cache", "mica");
    }
}
