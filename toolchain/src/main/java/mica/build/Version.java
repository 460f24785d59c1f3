// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

/** What Mica calls itself, and the Go release that it follows. */
public final class Version {
    public static final String MICA = "mica0.1";
    /** The release whose language and library Mica follows; which point release, the library says (Goroot.version). */
    public static final String GO = "go1.27";

    private Version() {}
}
