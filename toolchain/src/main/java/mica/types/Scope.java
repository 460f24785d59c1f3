// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.Collection;
import java.util.LinkedHashMap;

/** Names declared in a block; inserted order is kept. */
public final class Scope {
    public final Scope parent;
    /** The function scope that begins a body. */
    public boolean isFunc;
    private LinkedHashMap<String, Obj> objs;

    public Scope(Scope parent) {
        this.parent = parent;
    }

    /** The object declared in this very scope, or null. */
    public Obj here(String name) {
        return objs == null ? null : objs.get(name);
    }

    /** Declares; returns the object that already has the name, else null. "_" is never entered. */
    public Obj insert(Obj o) {
        if (o.name.equals("_")) {
            return null;
        }
        if (objs == null) {
            objs = new LinkedHashMap<>();
        }
        Obj old = objs.putIfAbsent(o.name, o);
        if (old == null && o.parent == null) {
            o.parent = this;
        }
        return old;
    }

    public Collection<Obj> all() {
        return objs == null ? java.util.List.of() : objs.values();
    }
}
