// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** What surrounds the expression, statement or declaration at work. Replaced as a whole when checking turns to another declaration. */
final class Env {
    Scope scope;
    /** The package-level declaration whose references are being noted for the initialization order, or null. */
    DeclInfo decl;
    /** Value of iota inside a constant specification, else null. */
    Constant iota;
    /** Inherited constant expressions report their errors here, if not 0. */
    int errorPos;
    /** The function whose body it is; null outside. */
    Signature sig;
    BodyInfo body;
    /** Minor number of the language version, and the version of the file's build constraint (null if none). */
    int version = Versions.LATEST;
    String fileVersion;
    /** A call or receive operation was seen (len and cap of arrays aren't constant then). */
    boolean hasCallOrRecv;
    /** How many interface types are written around what is at work. */
    int interfaces;
    /** Inside a type parameter list. */
    boolean inTypeParams;
    /** Label scope and flags of the function are in the tree: the parser checks labels. */
    boolean inFunc;
    /** Variables declared in the function at work, for "declared and not used"; null outside functions. */
    java.util.ArrayList<Var> locals;

    /** A copy for work elsewhere at package level: same file, no function. */
    static Env at(DeclInfo d) {
        Env e = new Env();
        e.scope = d.fileScope;
        e.decl = d;
        e.version = d.version;
        e.fileVersion = d.fileVersion;
        return e;
    }

    Env copy() {
        Env e = new Env();
        e.scope = scope;
        e.decl = decl;
        e.iota = iota;
        e.errorPos = errorPos;
        e.sig = sig;
        e.body = body;
        e.version = version;
        e.fileVersion = fileVersion;
        e.hasCallOrRecv = hasCallOrRecv;
        e.interfaces = interfaces;
        e.inTypeParams = inTypeParams;
        e.inFunc = inFunc;
        e.locals = locals;
        return e;
    }
}
