// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Language versions: only the minor number of go1.N matters. */
final class Versions {
    static final int LATEST = 27;

    private Versions() {}

    /** N of "go1.N", "go1.N.M", "1.N", "go1.Nrc1"; the latest version for anything else. */
    static int minor(String v) {
        if (v == null) {
            return LATEST;
        }
        int i = v.startsWith("go") ? 2 : 0;
        if (!v.startsWith("1.", i)) {
            return v.equals("go1") || v.equals("1") ? 0 : LATEST;
        }
        int n = 0;
        int k = i + 2;
        while (k < v.length() && v.charAt(k) >= '0' && v.charAt(k) <= '9') {
            n = n * 10 + v.charAt(k++) - '0';
        }
        return k == i + 2 ? LATEST : n;
    }

    /** The version of a file: its build constraint's where it has one (never below 1.21 then), else the package's. */
    static int ofFile(String pkgVersion, String fileVersion) {
        if (fileVersion == null || fileVersion.isEmpty()) {
            return minor(pkgVersion);
        }
        return Math.max(minor(fileVersion), 21);
    }
}
