// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;

/** Texts of {@code mica help} that are about no single command. */
final class HelpTopics {
    /** Name, line of the overview, text. */
    static final List<String[]> ALL = List.of(
            new String[] {"buildconstraint", "build constraints", """
                    A line //go:build EXPRESSION before the package clause says when a file belongs to its package.
                    Terms are combined with ||, && and !. For Mica these hold: linux, unix, amd64, amd64.v1, gc,
                    go1.1 to go1.27, goexperiment.X for the experiments of Go 1.27 that are on, and what -tags
                    adds. Files named *_GOOS.go, *_GOARCH.go and *_GOOS_GOARCH.go are constrained by their names.
                    Files that import "C" are left out, as with CGO_ENABLED=0.
                    """},
            new String[] {"cache", "the build cache", """
                    A build of one program is remembered: what it read, and the executable. A later build with the
                    same settings, folder and environment compares all of that (files by size and time, and by their
                    contents where these differ) and copies the executable if nothing has changed. Builds that fail
                    or print something are not remembered. What was compiled is kept apart from that, by package:
                    a build of other sources (mica run and mica test, too) compiles only functions of packages
                    that changed, or that import one that did, and those that no earlier program needed. The
                    cache is in the folder build below MICACACHE (see 'mica env'); damaged entries are made again,
                    and the least recently used are removed when there are more than 1 GiB of executables, or
                    512 MiB of functions.

                    mica build -a compiles everything anyway; mica clean -cache removes the cache.
                    """},
            new String[] {"environment", "environment variables", """
                    GOROOT        a Go 1.27 source tree; else it is looked for (go env GOROOT, usual folders, Mica's
                                  cache) and at last fetched as Debian's package golang-1.27-src
                    GOFLAGS       flags for build, run and what else takes build flags, separated by blanks
                    GOOS, GOARCH  must be linux and amd64 (or unset)
                    GOAMD64       v1 to v4; code is made for v1
                    GOEXPERIMENT  experiments of Go 1.27 that are on anyway, or switched off with the prefix no;
                                  others are refused by name
                    GODEBUG       settings of the programs that are run
                    CGO_ENABLED   counts as 0
                    MICA_CACHE    Mica's cache folder, by default $XDG_CACHE_HOME/mica or ~/.cache/mica
                    MICA_DEBUG    set: a fault of Mica's own shows where it happened
                    MICA_JAVA_FLAGS  further flags for the JVM, such as -Xmx4g
                    """},
            new String[] {"packages", "package lists and patterns", """
                    Packages are named by import paths (fmt, example.com/m/p), by folders that begin with ./, ../ or
                    /, or by .go files that are one package together. ... stands for any text: ./... is every package
                    below the current folder, without testdata, vendor, and folders that begin with . or _.
                    std is the standard library. Import paths mean the standard library, the main module (the go.mod
                    in this folder or above), and vendor/.
                    """});

    private HelpTopics() {}
}
