// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.ArrayList;
import java.util.List;
import mica.ssa.Value;
import mica.syntax.Expr;
import mica.syntax.Operator;
import mica.types.Array;
import mica.types.Type;
import mica.types.Universe;

/** Concatenation of strings: a chain of + is one call. */
final class StringBuilders {
    private static final int MAX_DIRECT = 5;

    private final FuncBuilder b;

    StringBuilders(FuncBuilder b) {
        this.b = b;
    }

    Operand concat(Expr.Binary e, Type t) {
        List<Operand> parts = new ArrayList<>();
        collect(e, t, parts);
        b.pos = e.pos;
        return concat(t, parts.toArray(new Operand[0]));
    }

    /** []byte(x + y + ...), made at once. */
    Operand concatBytes(Expr.Binary e, Type t, Type bytes) {
        List<Operand> parts = new ArrayList<>();
        collect(e, t, parts);
        b.pos = e.pos;
        if (parts.size() < 2) {
            return b.conv.convert(concat(t, parts.toArray(new Operand[0])), bytes);
        }
        return make("concatbyte", bytes, parts.toArray(new Operand[0]));
    }

    private void collect(Expr e, Type t, List<Operand> out) {
        Expr u = e.unparen();
        if (u.constant == null && u instanceof Expr.Binary x && x.op == Operator.ADD) {
            collect(x.x, t, out);
            collect(x.y, t, out);
            return;
        }
        Operand x = b.exprs.expr(u, t);
        if (!x.parts[1].isConst(0)) {
            out.add(x);
        }
    }

    Operand concat(Type t, Operand... parts) {
        int n = parts.length;
        if (n == 0) {
            return b.zero(t);
        }
        if (n == 1) {
            return parts[0].as(t);
        }
        return make("concatstring", t, parts);
    }

    private Operand make(String service, Type t, Operand[] parts) {
        int n = parts.length;
        if (n <= MAX_DIRECT) {
            Value[] args = new Value[1 + 2 * n];
            args[0] = b.nil();
            for (int i = 0; i < n; i++) {
                args[1 + 2 * i] = parts[i].parts[0];
                args[2 + 2 * i] = parts[i].parts[1];
            }
            return Operand.of(t, b.rtMaking(service + n, ConvBuilder.room(Universe.BYTE), args));
        }
        Value p = b.temp(new Array(Universe.STRING, n));
        for (int i = 0; i < n; i++) {
            b.store(p, 16L * i, parts[i].parts[0]);
            b.store(p, 16L * i + 8, parts[i].parts[1]);
        }
        return Operand.of(t, b.rtMaking(service + "s", ConvBuilder.room(Universe.BYTE), b.nil(), p, b.i64(n), b.i64(n)));
    }
}
