// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.List;
import mica.obj.Symbol;
import mica.ssa.Block;
import mica.ssa.CallInfo;
import mica.ssa.Func;
import mica.ssa.Op;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.types.Pkg;

/** The functions of one package, reached or not, for diagnostics. */
public final class PackageFunctions {
    /** Wrappers of wrappers. */
    private static final int MAX_WRAPPERS = 3;

    private PackageFunctions() {}

    /** Declared functions and methods that are not generic, in the order of the source, and initializers of variables. */
    public static List<Fn> declared(ProgramBuilder c, Pkg p) {
        List<Fn> out = new ArrayList<>();
        for (mica.types.Func f : p.funcs) {
            boolean generic = f.signature().typeParams.length + f.signature().recvTypeParams.length > 0;
            if (!generic && !f.name.equals("_")) {
                out.add(c.functionOf(f));
            }
        }
        for (PackageInit.Step s : c.initSteps(p)) {
            if (s.function.origin instanceof Fn f && !out.contains(f)) {
                out.add(f);
            }
        }
        return out;
    }

    /** What f names of its package that no declaration names alone: function literals, instances of generic functions, method wrappers. */
    public static List<Fn> named(Func f, Pkg p) {
        List<Fn> out = new ArrayList<>();
        named(f, p, out, 0);
        return out;
    }

    /** Looks through functions that the compiler makes: wrappers of deferred calls and the like. */
    private static void named(Func f, Pkg p, List<Fn> out, int depth) {
        for (Block b : f.blocks) {
            for (int i = 0; i < b.count; i++) {
                Fn x = named(b.values[i]);
                if (x != null && x.pkg == p && x.node != null) {
                    out.add(x);
                } else if (x != null && x.maker != null && x.node == null && depth < MAX_WRAPPERS) {
                    named(x.build(), p, out, depth + 1);
                }
            }
        }
    }

    private static Fn named(Value v) {
        if (v.op == Op.CALL) {
            return ((CallInfo) v.aux).ref instanceof Fn f ? f : null;
        }
        if (v.op != Op.ADDR || !(v.aux instanceof Symbol s)) {
            return null;
        }
        if (s.origin instanceof Fn f) {
            return f;
        }
        boolean value = s.name.endsWith("\u00b7f") && s.relocCount == 1;
        return value && s.relocTarget[0].origin instanceof Fn f ? f : null;
    }

    /** The function as SSA; null, with a diagnostic, if there is something in it that cannot be compiled. */
    public static Func build(ProgramBuilder c, Fn f) {
        try {
            return f.build();
        } catch (Unsupported e) {
            c.program.diagnostics.error(e.pos, "not supported by mica yet: " + e.what);
            return null;
        }
    }

    public static boolean isLiteral(Fn f) {
        return f.node instanceof Expr.FuncLit;
    }

    /** Declared without a body: parameters are all that can be said something of. */
    public static boolean isExternal(Fn f) {
        return !f.hasBody();
    }

    /** A function without body keeps what it is given, unless it is marked go:noescape; one line per parameter with pointers. */
    public static List<String> externalParameters(Fn f) {
        List<String> out = new ArrayList<>();
        if (f.func == null || f.func.decl == null) {
            return out;
        }
        boolean stays = f.func.decl.hasDirective("go:noescape");
        Abi abi = f.abi();
        int skip = f.func.signature().recv == null ? 0 : 1;
        for (int i = skip; i < f.params.length; i++) {
            mica.types.Var v = f.func.signature().params.vars[i - skip];
            if (NoteTaker.pointers(abi.params[i]) && !v.name.isEmpty() && !v.name.equals("_")) {
                out.add(stays ? v.name + " does not escape" : "leaking param: " + v.name);
            }
        }
        return out;
    }
}
