// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import java.util.concurrent.ConcurrentHashMap;
import mica.types.Subst;
import mica.types.Type;
import mica.types.TypeParam;

/** What the type parameters of a function stand for in one of its instances. */
final class TypeEnv {
    static final TypeEnv EMPTY = new TypeEnv(new TypeParam[0], new Type[0]);

    final TypeParam[] params;
    final Type[] args;
    private final ConcurrentHashMap<Type, Type> cache = new ConcurrentHashMap<>();

    TypeEnv(TypeParam[] params, Type[] args) {
        this.params = params;
        this.args = args;
    }

    boolean isEmpty() {
        return params.length == 0;
    }

    Type apply(Type t) {
        if (params.length == 0 || t == null) {
            return t;
        }
        Type r = cache.get(t);
        if (r == null) {
            r = Subst.apply(t, params, args);
            cache.put(t, r);
        }
        return r;
    }

    Type[] apply(Type[] ts) {
        if (params.length == 0) {
            return ts;
        }
        Type[] r = new Type[ts.length];
        for (int i = 0; i < ts.length; i++) {
            r[i] = apply(ts[i]);
        }
        return r;
    }
}
