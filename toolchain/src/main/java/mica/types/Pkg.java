// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.List;
import mica.syntax.File;

/** A package: its syntax, its scope, and what checking its declarations found. */
public final class Pkg {
    /** Import path; "main" programs keep the path they were loaded under (link names use "main"). */
    public final String path;
    public String name;
    /** Prefix of link symbols: "main" for the main package, else the escaped path. */
    public String linkPath;
    public final Scope scope;
    public List<File> files = List.of();
    /** Directly imported packages, sorted by path. */
    public List<Pkg> imports = new ArrayList<>();
    /** Functions and methods with bodies or without, in order of files and declarations (function literals not included). */
    public final List<Func> funcs = new ArrayList<>();
    /** Package-level variables in order of declaration. */
    public final List<Var> vars = new ArrayList<>();
    /** Declared types, methods attached. */
    public final List<TypeName> typeNames = new ArrayList<>();
    /** Variable initializations in the order that the specification demands; filled by the checker. */
    public List<Initializer> initOrder = List.of();
    /** Language version such as "go1.27". */
    public String goVersion = "";
    /** Compiled under the rules of package runtime (contract/packages.md section 5). */
    public boolean runtimeRules;
    /** One of the standard library. */
    public boolean standard;
    public boolean unsafePkg;
    /** The user named it: all bodies are checked, not only those that are reached. */
    public boolean checkAllBodies;
    /** No other files than Go files belong to it: functions need bodies. */
    public boolean complete;
    /** The checker that resolves its declarations; null before checking. */
    Checker checker;
    /** Stands for a package that could not be loaded: whatever is selected from it is invalid without further errors. */
    boolean fake;

    /** Gives an object of this package its type when something asks for it before its declaration was looked at. */
    @FunctionalInterface
    public interface Completer {
        /** A Func whose type is null, or a TypeName whose Named has no underlying type yet; does nothing if that is in progress. */
        void complete(Obj o);
    }

    /** Set by the checker while the package's declarations are checked; else null. */
    public volatile Completer completer;

    public Pkg(String path, String name) {
        this.path = path;
        this.name = name;
        this.linkPath = path;
        this.scope = new Scope(Universe.SCOPE);
    }
}
