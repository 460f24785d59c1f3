// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.build;

import mica.types.Alias;
import mica.types.Func;
import mica.types.Named;
import mica.types.Pkg;
import mica.types.Pointer;
import mica.types.Type;

/** Link names (contract/layouts.md section 10) and the names that tracebacks show. */
final class Names {
    private Names() {}

    /** Prefix of a package's symbols. */
    static String prefix(Pkg p) {
        return p.linkPath;
    }

    /** A declared function or method of a generic or ordinary type, with closed type arguments. */
    static String function(Func f, Type[] recvArgs, Type[] args, boolean shown) {
        f = f.origin;
        StringBuilder sb = new StringBuilder();
        sb.append(prefix(f.pkg)).append('.');
        if (f.signature().recv != null) {
            Type t = Alias.strip(f.signature().recv.type);
            boolean pointer = t instanceof Pointer;
            if (pointer) {
                t = Alias.strip(((Pointer) t).elem);
            }
            Named n = (Named) t;
            sb.append(pointer ? "(*" : "").append(n.obj.name);
            if (n.localIndex > 0) {
                sb.append('·').append(n.localIndex);
            }
            arguments(sb, recvArgs, shown);
            sb.append(pointer ? ")." : ".");
        }
        sb.append(f.name);
        arguments(sb, args, shown);
        return sb.toString();
    }

    private static void arguments(StringBuilder sb, Type[] args, boolean shown) {
        if (args.length == 0) {
            return;
        }
        if (shown) {
            sb.append("[...]");
            return;
        }
        sb.append('[');
        for (int i = 0; i < args.length; i++) {
            if (i > 0) {
                sb.append(',');
            }
            sb.append(args[i].linkString());
        }
        sb.append(']');
    }

    /** The method of a method set, as a wrapper for it is called: T.M or (*T).M with full type. */
    static String method(Type recv, Func m, Type[] args, boolean shown) {
        StringBuilder sb = new StringBuilder();
        Type t = Alias.strip(recv);
        boolean pointer = t instanceof Pointer;
        Type base = pointer ? Alias.strip(((Pointer) t).elem) : t;
        if (base instanceof Named n && n.obj.pkg != null) {
            sb.append(prefix(n.obj.pkg)).append('.').append(pointer ? "(*" : "").append(n.obj.name);
            if (n.localIndex > 0) {
                sb.append('·').append(n.localIndex);
            }
            arguments(sb, n.typeArgs, shown);
            sb.append(pointer ? ")" : "");
        } else {
            sb.append(pointer ? "(*" : "").append(base.linkString()).append(pointer ? ")" : "");
        }
        sb.append('.');
        if (!m.exported() && !(base instanceof Named n && mica.types.Names.samePackage(n.obj.pkg, m.pkg)) && m.pkg != null) {
            sb.append(prefix(m.pkg)).append('.');
        }
        sb.append(m.name);
        arguments(sb, args, shown);
        return sb.toString();
    }
}
