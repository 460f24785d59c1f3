// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.concurrent.ConcurrentHashMap;

/** All named symbols of a link, one per name and ABI. Safe for concurrent use; iteration order is never used. */
public final class SymbolTable {
    private final ConcurrentHashMap<String, Symbol> abi0 = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Symbol> abiInternal = new ConcurrentHashMap<>();

    /** The data symbol or ABI0 function of that name, made undefined if new. */
    public Symbol lookup(String name) {
        return lookup(name, 0);
    }

    public Symbol lookup(String name, int abi) {
        ConcurrentHashMap<String, Symbol> m = abi == 0 ? abi0 : abiInternal;
        Symbol s = m.get(name);
        if (s == null) {
            Symbol fresh = new Symbol(name, abi);
            s = m.putIfAbsent(name, fresh);
            if (s == null) {
                s = fresh;
            }
        }
        return s;
    }

    /** The symbol if it exists, else null. */
    public Symbol find(String name, int abi) {
        return (abi == 0 ? abi0 : abiInternal).get(name);
    }
}
