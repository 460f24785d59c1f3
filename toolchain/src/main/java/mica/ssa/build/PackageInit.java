// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import mica.obj.Symbol;
import mica.syntax.Expr;
import mica.types.Func;
import mica.types.Initializer;
import mica.types.Pkg;
import mica.types.Type;
import mica.types.Var;

/** How a package's variables get their values: as data, or by a function of their own each, in the specification's order. */
public final class PackageInit {
    /** One function that runs at start. */
    public static final class Step {
        public final Symbol function;
        /** The function has no other effect than on these variables; null: it always runs. */
        public final Symbol[] onlyIf;

        Step(Symbol function, Symbol[] onlyIf) {
            this.function = function;
            this.onlyIf = onlyIf;
        }
    }

    private final ProgramBuilder c;
    private final Pkg pkg;
    private final List<Initializer> order;
    private final IdentityHashMap<Var, Initializer> ofVar = new IdentityHashMap<>();
    private final IdentityHashMap<Initializer, FuncFacts> facts = new IdentityHashMap<>();
    private final IdentityHashMap<Initializer, Integer> numbers = new IdentityHashMap<>();
    private boolean scanned;
    /** Number of the first initializer that runs code with effects. */
    private int firstCode;
    private final IdentityHashMap<Initializer, Fn> functions = new IdentityHashMap<>();

    PackageInit(ProgramBuilder c, Pkg pkg) {
        this.c = c;
        this.pkg = pkg;
        this.order = c.program.initOrder(pkg);
        int literals = 0;
        int n = 0;
        for (Initializer i : order) {
            FuncFacts f = FactsWalker.of(i.rhs, literals);
            literals = f.literals;
            facts.put(i, f);
            for (Var v : i.lhs) {
                ofVar.put(v, i);
            }
            functions.put(i, function(i, n++));
        }
    }

    Pkg pkg() {
        return pkg;
    }

    /** Finds out in order which initializers are static. */
    synchronized void scan() {
        if (scanned) {
            return;
        }
        scanned = true;
        firstCode = order.size();
        for (int k = 0; k < order.size(); k++) {
            Initializer i = order.get(k);
            numbers.put(i, k);
        }
        for (int k = 0; k < order.size(); k++) {
            Initializer i = order.get(k);
            if (!c.statics.scan(this, i) && firstCode == order.size() && !Purity.isPure(i.rhs)) {
                firstCode = k;
            }
        }
    }

    /** Whether no code with effects runs before this initializer: variables still have the values that they start with. */
    boolean beforeCode(Initializer i) {
        Integer k = numbers.get(i);
        return k != null && k <= firstCode;
    }

    /** The initializer of a variable; null if it starts as zero. */
    Initializer of(Var v) {
        return ofVar.get(v);
    }

    /** The context in which an initializer's function literals live. */
    Fn functionOf(Initializer i) {
        return functions.get(i);
    }

    private Fn function(Initializer i, int n) {
        String link = Names.prefix(pkg) + ".init.var." + n;
        // Function literals are counted through all of the package's initializers, in the order in which these run: pkg.init.func1.
        Fn f = new Fn(c, link, Names.prefix(pkg) + ".init", pkg, TypeEnv.EMPTY, new Type[0], new Type[0]);
        f.facts = facts.get(i);
        f.pos = i.rhs.start();
        f.maker = b -> assign(b, i);
        f.literalPrefix = Names.prefix(pkg) + ".init";
        return c.fn(link, () -> f);
    }

    private void assign(FuncBuilder b, Initializer i) {
        Expr rhs = i.rhs;
        if (i.lhs.length == 1) {
            b.order.ahead(rhs);
            Var v = i.lhs[0];
            Operand x = b.exprs.expr(rhs, v.type);
            if (!v.name.equals("_")) {
                b.places.store(b.places.variable(v), x);
            }
        } else {
            Expr u = rhs.unparen();
            b.order.aheadOfSeveral(Expr.NONE, u);
            Operand[] values = u instanceof Expr.Call ? b.exprs.multi(u) : b.exprs.commaOk(u);
            for (int k = 0; k < values.length; k++) {
                Var v = i.lhs[k];
                if (!v.name.equals("_")) {
                    b.places.store(b.places.variable(v), b.conv.implicit(values[k], v.type));
                }
            }
        }
        b.emitReturn(new Operand[0]);
    }

    /** What must run, in order: initializers that are not data, then the init functions. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Initializer i : order) {
            if (c.statics.isStatic(this, i)) {
                continue;
            }
            Symbol[] onlyIf = null;
            if (Purity.isPure(i.rhs)) {
                onlyIf = new Symbol[i.lhs.length];
                for (int k = 0; k < onlyIf.length; k++) {
                    onlyIf[k] = c.varSymbol(i.lhs[k]);
                }
            }
            steps.add(new Step(functions.get(i).symbol, onlyIf));
        }
        for (Func f : pkg.funcs) {
            if (f.name.equals("init") && f.decl.recv == null) {
                steps.add(new Step(c.function(f, new Type[0]).symbol, null));
            }
        }
        return steps;
    }
}
