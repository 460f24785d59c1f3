// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import mica.types.Basic;
import mica.types.Const;
import mica.types.Constant;
import mica.types.Obj;
import mica.types.Pkg;
import mica.types.Sizes;
import mica.types.Struct;
import mica.types.TypeName;

/** go_asm.h: a package's integer constants, struct sizes and field offsets as macros for its assembly files. */
final class AsmHeader {
    private AsmHeader() {}

    static String of(Pkg pkg) {
        StringBuilder sb = new StringBuilder();
        for (Obj o : pkg.scope.all()) {
            if (o instanceof Const k) {
                constant(sb, k);
            } else if (o instanceof TypeName t && t.type != null && !(t.type instanceof mica.types.Alias)
                    && t.type instanceof mica.types.Named n && n.typeParams.length == 0 && n.underlying() instanceof Struct s) {
                struct(sb, t.name, s);
            }
        }
        return sb.toString();
    }

    private static void constant(StringBuilder sb, Const k) {
        boolean integer = k.value != null && k.value.kind() == Constant.Kind.INT && k.type.underlying() instanceof Basic b
                && (b.info & Basic.INTEGER) != 0;
        if (integer) {
            sb.append("#define const_").append(k.name).append(' ').append(k.value.bigValue()).append('\n');
        }
    }

    private static void struct(StringBuilder sb, String name, Struct s) {
        sb.append("#define ").append(name).append("__size ").append(Sizes.sizeof(s)).append('\n');
        long[] offsets = Sizes.offsets(s);
        for (int i = 0; i < s.fields.length; i++) {
            if (!s.fields[i].name.equals("_")) {
                sb.append("#define ").append(name).append('_').append(s.fields[i].name).append(' ').append(offsets[i]).append('\n');
            }
        }
    }
}
