// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.HashMap;
import java.util.Map;
import mica.syntax.Expr;

/**
 * Interface types without a name that contain themselves through the methods of what they embed. The language allows them; gc does not
 * (https://go.dev/issue/56103), as their descriptors would have no end.
 */
final class CyclicInterfaces extends Part {
    private enum State { ACTIVE, FREE, CYCLIC }

    private final Map<Interface, State> seen = new HashMap<>();
    /** The interface types that the source writes, outermost ones only, in order. */
    private final Map<Expr.InterfaceType, Interface> written = new java.util.LinkedHashMap<>();

    CyclicInterfaces(Checker c) {
        super(c);
    }

    /** Around the checking of a written interface type: only those that stand in no other are looked at. */
    void enter() {
        c.env.interfaces++;
    }

    void leave(Expr.InterfaceType e, Interface t) {
        if (--c.env.interfaces == 0 && c.pkg.checkAllBodies) {
            written.put(e, t);
        }
    }

    void check() {
        written.forEach((e, t) -> {
            if (hasCycle(t)) {
                error(e.pos, "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)");
                // Others that lead into the same cycle are not reported again.
                seen.replaceAll((k, s) -> s == State.CYCLIC ? State.FREE : s);
            }
        });
    }

    /** Whether an interface's methods mention, by embedding or in a signature, the very interface literal again. */
    private boolean hasCycle(Interface t) {
        if (TypeSets.of(t).methods.length == 0) {
            return false;
        }
        State known = seen.get(t);
        if (known == State.ACTIVE || known == State.CYCLIC) {
            seen.put(t, State.CYCLIC);
            return true;
        } else if (known == State.FREE) {
            return false;
        }
        seen.put(t, State.ACTIVE);
        for (Func m : TypeSets.of(t).methods) {
            if (visit(m.type)) {
                seen.put(t, State.CYCLIC);
                return true;
            }
        }
        seen.put(t, State.FREE);
        return false;
    }

    /** Types that are written where they stand: a declared type ends the walk. */
    private boolean visit(Type t) {
        t = Alias.strip(t);
        return switch (t.kind()) {
            case INTERFACE -> hasCycle((Interface) t);
            case POINTER -> visit(((Pointer) t).elem);
            case SLICE -> visit(((Slice) t).elem);
            case ARRAY -> visit(((Array) t).elem);
            case CHAN -> visit(((Chan) t).elem);
            case MAP -> visit(((MapType) t).key) || visit(((MapType) t).elem);
            case SIGNATURE -> any(Arguments.typesOf(((Signature) t).params.vars)) || any(Arguments.typesOf(((Signature) t).results.vars));
            case STRUCT -> any(Arguments.typesOf(((Struct) t).fields));
            default -> false;
        };
    }

    private boolean any(Type[] types) {
        for (Type t : types) {
            if (visit(t)) {
                return true;
            }
        }
        return false;
    }
}
