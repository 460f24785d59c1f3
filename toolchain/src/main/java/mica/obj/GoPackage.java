// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.ArrayList;
import java.util.List;

/**
 * What the object file of a Go package says beyond its symbols: how to initialize it, and its source. The source is the export
 * data: who imports the package type-checks its declarations and may inline its bodies.
 */
public final class GoPackage {
    /** One source file. */
    public static final class Source {
        public final String name;
        /** Path that tables of the executable record. */
        public final String recordedPath;
        public final byte[] text;

        public Source(String name, String recordedPath, byte[] text) {
            this.name = name;
            this.recordedPath = recordedPath;
            this.text = text;
        }
    }

    /** A direct import. */
    public static final class Import {
        public final String path;
        /** {@link GoPackage#fingerprint} of the object that it was compiled against; "" = the standard library. */
        public final String fingerprint;

        public Import(String path, String fingerprint) {
            this.path = path;
            this.fingerprint = fingerprint;
        }
    }

    /** One function that runs at start; with {@code onlyIf} only if one of these variables is in the program. */
    public static final class Step {
        public final Symbol function;
        /** Null = always. */
        public final Symbol[] onlyIf;

        public Step(Symbol function, Symbol[] onlyIf) {
            this.function = function;
            this.onlyIf = onlyIf;
        }
    }

    /** Toolchain and library release: objects of others cannot be linked. */
    public String toolchain = "";
    public String path = "";
    public String name = "";
    /** Prefix of link symbols. */
    public String linkPath = "";
    /** Language version, such as "go1.27". */
    public String goVersion = "";
    /** Compiled as a part of the standard library. */
    public boolean standard;
    /** Hash of sources and imports, in hexadecimal digits. */
    public String fingerprint = "";
    public final List<Import> imports = new ArrayList<>();
    public final List<Source> sources = new ArrayList<>();
    /** In order; empty when only the package's facts were read. */
    public final List<Step> steps = new ArrayList<>();
}
