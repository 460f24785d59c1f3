// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import mica.base.SourceFile;

/** One source file; position: {@code package}. */
public final class File extends Node {
    public final SourceFile source;
    /** Name {@code _} with an error reported if there is no package clause. */
    public final Expr.Name packageName;
    /** Import declarations, in order; also part of {@link #decls}. */
    public final Decl.Import[] imports;
    public final Decl[] decls;
    /** Every directive of the file, in order. */
    public final Directive[] directives;
    /** Directives before the package clause's line end ({@code //go:debug}, ...) and those that follow the last declaration. */
    public final Directive[] fileDirectives;
    /** The minimal Go version that a {@code //go:build} line demands, for example {@code go1.22}, or null. */
    public final String goVersion;
    /** Position of the end of the text. */
    public final int eof;
    /** How many types are declared inside functions ({@link Decl.Type#localNumber}). */
    public final int localTypes;
    /** Whether syntax errors were reported. */
    public final boolean bad;

    public File(
            int pos,
            SourceFile source,
            Expr.Name packageName,
            Decl.Import[] imports,
            Decl[] decls,
            Directive[] directives,
            Directive[] fileDirectives,
            String goVersion,
            int eof,
            int localTypes,
            boolean bad) {
        super(pos);
        this.source = source;
        this.packageName = packageName;
        this.imports = imports;
        this.decls = decls;
        this.directives = directives;
        this.fileDirectives = fileDirectives;
        this.goVersion = goVersion;
        this.eof = eof;
        this.localTypes = localTypes;
        this.bad = bad;
    }

    @Override
    public int start() {
        return pos;
    }
}
