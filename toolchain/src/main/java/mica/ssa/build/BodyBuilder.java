// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.ssa.Func;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Stmt;
import mica.types.Signature;
import mica.types.Var;

/** The frame of a function's body: parameters, results, statements, and where recovery resumes. */
final class BodyBuilder {
    private final Fn fn;

    BodyBuilder(Fn fn) {
        this.fn = fn;
    }

    Func build() {
        if (fn.node instanceof Decl.Func) {
            fn.c.prepare(fn);
        }
        FuncBuilder b = new FuncBuilder(fn);
        try {
            if (fn.maker != null) {
                b.begin();
                fn.maker.make(b);
                return b.end();
            }
            return source(b);
        } catch (Unsupported | mica.base.Fault e) {
            throw e;
        } catch (RuntimeException e) {
            throw new mica.base.Fault("ssa build of " + fn.linkName + " at " + fn.c.sources().format(b.pos), String.valueOf(e), e);
        }
    }

    private Func source(FuncBuilder b) {
        Stmt.Block body;
        if (fn.node instanceof Decl.Func d) {
            body = d.body;
        } else if (fn.node instanceof Expr.FuncLit l) {
            body = l.body;
        } else {
            return rangeBody(b, (Stmt.Range) fn.node);
        }
        b.func.endPos = body.rbrace;
        b.begin();
        b.closures.declareCaptured();
        Signature sig = fn.declaredSignature();
        int at = 0;
        if (sig.recv != null && fn.node instanceof Decl.Func) {
            parameter(b, sig.recv, b.params[at++]);
        }
        for (Var v : sig.params.vars) {
            parameter(b, v, b.params[at++]);
        }
        b.hasDefer = fn.facts.hasDefer;
        b.declareResults(sig.results.vars);
        hidden(b);
        b.stmts.block(body);
        b.pos = body.rbrace;
        b.returnResults();
        b.stmts.sealLabels();
        if (b.hasDefer) {
            b.recoverBlock();
        }
        return b.end();
    }

    /** Variables of the range-over-func loops inside. */
    private void hidden(FuncBuilder b) {
        if (fn.facts.next != null) {
            b.declare(fn.facts.next, null);
        }
        if (fn.facts.deferToken != null) {
            b.declare(fn.facts.deferToken, Operand.of(fn.facts.deferToken.type, b.rt("deferrangefunc")));
        }
    }

    private static void parameter(FuncBuilder b, Var v, Operand x) {
        if (v.name.isEmpty() || v.name.equals("_")) {
            return;
        }
        if (x.isMemory() && !v.addrTaken && !(v.captured && !b.c.capturedByValue(v, b.layout(x.type)))) {
            b.declareAt(v, x.addr);
        } else {
            b.declare(v, x);
        }
    }

    private Func rangeBody(FuncBuilder b, Stmt.Range s) {
        b.func.endPos = s.body.rbrace;
        b.begin();
        b.closures.declareCaptured();
        b.ranges.over.enterBody(fn.facts);
        if (b.params.length == 1) {
            b.ranges.bind(s, 0, b.params[0]);
        } else if (b.params.length == 2) {
            b.ranges.bindBoth(s, b.params[0], b.params[1]);
        }
        b.stmts.block(s.body);
        b.pos = s.body.rbrace;
        b.ranges.over.continueLoop();
        b.stmts.sealLabels();
        return b.end();
    }
}
