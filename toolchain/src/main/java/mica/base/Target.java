// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.base;

/** What is compiled for: operating system and processor, as GOOS and GOARCH name them. */
public final class Target {
    public final String os;
    public final String arch;

    public Target(String os, String arch) {
        this.os = os;
        this.arch = arch;
    }

    /** The one target whose code generator exists. */
    public static Target linuxAmd64() {
        return new Target("linux", "amd64");
    }

    public int pointerSize() {
        return 8;
    }

    @Override
    public String toString() {
        return os + "/" + arch;
    }
}
