// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Fetches the standard library as Debian's package golang-1.27-src into Mica's cache and completes it.
 */
public final class GorootFetch {
    private GorootFetch() {}

    /** Where a fetched library lies in the cache. */
    static Path location(Environment env) {
        return env.cacheDir().resolve("goroot-1.27");
    }

    static Path fetch(Environment env) throws BuildException {
        Path dest = location(env);
        System.err.println("mica: fetching the Go 1.27 standard library (Debian package golang-1.27-src, 25 MB) into " + dest);
        try {
            Path work = env.cacheDir().resolve("fetch-" + ProcessHandle.current().pid());
            try {
                Path root = DebianPackage.unpack(work, "golang-1.27-src");
                Path lib = root.resolve("usr/share/go-1.27");
                Files.writeString(lib.resolve("VERSION"), release(DebianPackage.downloaded(work)) + "\n");
                if (!Goroot.isRelease(lib)) {
                    throw new IOException("the package holds no Go 1.27 library");
                }
                Files.move(lib, dest, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                DebianPackage.deleteTree(work);
            }
        } catch (IOException e) {
            if (Goroot.isRelease(dest)) {
                return dest;
            }
            throw new BuildException("mica: no Go 1.27 standard library found, and fetching it failed: " + e.getMessage()
                    + "\n\tThree ways out: set GOROOT to a Go 1.27; install Debian's package golang-1.27-src;"
                    + "\n\tor make Debian's package mirror reachable, so that mica can fetch it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildException("mica: interrupted");
        }
        return complete(dest);
    }

    /** Adds to a fetched library what building a Go distribution generates and the source package leaves out. */
    static Path complete(Path goroot) {
        Path config = goroot.resolve("src/internal/buildcfg/zbootstrap.go");
        Path zones = goroot.resolve("src/time/tzdata/zzipdata.go");
        Path version = goroot.resolve("src/internal/runtime/sys/zversion.go");
        Path compilers = goroot.resolve("src/cmd/go/internal/cfg/zdefaultcc.go");
        try {
            if (!Files.exists(config)) {
                StringBuilder sb = new StringBuilder("package buildcfg\n\nimport \"runtime\"\n\nconst (\n");
                for (String[] d : DEFAULTS) {
                    sb.append('\t').append(d[0]).append(" = \"").append(d[1]).append("\"\n");
                }
                sb.append("\tversion = \"").append(Goroot.version(goroot)).append("\"\n\tdefaultGOOS = runtime.GOOS\n\tdefaultGOARCH = runtime.GOARCH\n)\n");
                Files.writeString(config, sb);
            }
            if (!Files.exists(compilers) && Files.isDirectory(compilers.getParent())) {
                Files.writeString(compilers, "package cfg\n\nconst DefaultPkgConfig = \"pkg-config\"\n\n"
                        + "func DefaultCC(goos, goarch string) string { return \"gcc\" }\n\n"
                        + "func DefaultCXX(goos, goarch string) string { return \"g++\" }\n");
            }
            if (!Files.exists(version)) {
                Files.writeString(version, "package sys\n\nconst StackGuardMultiplierDefault = 1\n");
            }
            writeMissing(goroot.resolve("src/cmd/cgo/zdefaultcc.go"), "package main\n\n" + compilers("default"));
            writeMissing(goroot.resolve("src/cmd/go/internal/cfg/zdefaultcc.go"), "package cfg\n\n" + compilers("Default"));
            if (!Files.exists(zones) && Files.exists(goroot.resolve("lib/time/zoneinfo.zip"))) {
                Files.writeString(zones, zoneData(Files.readAllBytes(goroot.resolve("lib/time/zoneinfo.zip"))));
            }
        } catch (IOException e) {
            // Only programs that import these packages miss the constants; they are told so.
            return goroot;
        }
        return goroot;
    }

    private static void writeMissing(Path file, String text) throws IOException {
        if (!Files.exists(file) && Files.isDirectory(file.getParent())) {
            Files.writeString(file, text);
        }
    }

    /** What the go command and cgo take for C compilers when nobody names one. */
    private static String compilers(String prefix) {
        return "const " + prefix + "PkgConfig = \"pkg-config\"\n\nfunc " + prefix + "CC(goos, goarch string) string { return \"gcc\" }\n\nfunc " + prefix
                + "CXX(goos, goarch string) string { return \"g++\" }\n";
    }

    /** The time zones as package time/tzdata embeds them: the archive's bytes as a string constant. */
    private static String zoneData(byte[] zip) {
        StringBuilder sb = new StringBuilder("package tzdata\n\nconst zipdata = \"");
        for (byte b : zip) {
            sb.append("\\x").append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return sb.append("\"\n").toString();
    }

    /** Constants of internal/buildcfg with the values of a plain distribution. */
    private static final String[][] DEFAULTS = {
        {"DefaultGO386", "softfloat"}, {"DefaultGOAMD64", "v1"}, {"DefaultGOARM", "7"}, {"DefaultGOARM64", "v8.0"},
        {"DefaultGOMIPS", "hardfloat"}, {"DefaultGOMIPS64", "hardfloat"}, {"DefaultGOPPC64", "power8"},
        {"DefaultGORISCV64", "rva20u64"}, {"defaultGOEXPERIMENT", ""}, {"defaultGO_EXTLINK_ENABLED", ""}, {"defaultGO_LDSO", ""},
        {"DefaultGOFIPS140", "off"}, {"DefaultCGO_ENABLED", ""}
    };

    /** "go1.27.3" for golang-1.27-src_1.27.3-1_all.deb. */
    private static String release(Path deb) {
        String[] parts = deb.getFileName().toString().split("[_~-]");
        for (String p : parts) {
            if (p.matches("1\\.27(\\.\\d+)?") && p.length() > 4) {
                return "go" + p;
            }
        }
        return Goroot.RELEASE;
    }
}
