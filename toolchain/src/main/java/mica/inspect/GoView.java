// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import static mica.inspect.FactTable.hex;

import mica.obj.Bytes;
import mica.obj.FormatException;

/** What a Go executable holds beside ELF: function table, module record, types, build information, each as a table. */
final class GoView {
    private final Executable exe;

    GoView(Executable exe) {
        this.exe = exe;
    }

    FactTable pclntab() throws FormatException {
        if (exe.pcln() == null) {
            return new FactTable("pclntab");
        }
        byte[] b = exe.elf.bytes;
        int at = (int) exe.pclnSection().offset;
        return FactTable.of("pclntab", "magic", hex(Bytes.load32(b, at) & 0xffffffffL), "quantum", b[at + 6] & 0xff, "pointerSize", b[at + 7] & 0xff, "functions",
                Bytes.load64(b, at + 8), "files", Bytes.load64(b, at + 16), "textStart", hex(Bytes.load64(b, at + 24)), "names", Bytes.load64(b, at + 32), "units",
                Bytes.load64(b, at + 40), "paths", Bytes.load64(b, at + 48), "pcValues", Bytes.load64(b, at + 56), "records", Bytes.load64(b, at + 64), "size",
                exe.pclnSection().size);
    }

    FactTable functab() throws FormatException {
        FactTable t = new FactTable("functab", "entry", "end", "args", "frame", "startLine", "funcID", "flags", "recordSize", "file", "name");
        Pcln p = exe.pcln();
        if (p == null) {
            return t;
        }
        for (int i = 0; i < p.count(); i++) {
            Pcln.Func f = p.functionAt(i);
            String file = p.file(f, f.entry);
            t.row(hex(f.entry), hex(f.end), f.args, frame(p, f), f.startLine, f.funcId, hex(f.flags), p.recordSize(f), file == null ? "" : file, f.name);
        }
        return t;
    }

    /** Largest depth of the stack that the function's own table knows. */
    private static int frame(Pcln p, Pcln.Func f) throws FormatException {
        long at = p.pcTables(f)[0];
        int max = 0;
        if (at != 0) {
            for (int v : p.values(at)) {
                max = Math.max(max, v);
            }
        }
        return max;
    }

    FactTable moduledata() throws FormatException {
        ModuleTable m = exe.module();
        if (m == null) {
            return new FactTable("moduledata");
        }
        Object[] pairs = new Object[4 + 2 * m.fields.size()];
        pairs[0] = "layout";
        pairs[1] = m.layout;
        pairs[2] = "address";
        pairs[3] = hex(m.address);
        int n = 4;
        for (var e : m.fields.entrySet()) {
            pairs[n++] = e.getKey();
            pairs[n++] = hex(e.getValue());
        }
        return FactTable.of("moduledata", pairs);
    }

    FactTable types(boolean itabs) throws FormatException {
        FactTable t = itabs ? new FactTable("itabs", "address", "size", "methods", "name")
                : new FactTable("types", "address", "size", "kind", "valueSize", "methods", "parts", "package", "name");
        TypeTable types = exe.typeTable();
        if (types == null) {
            return t;
        }
        for (TypeTable.Item i : types.items()) {
            if (i.kind.equals("itab") == itabs) {
                if (itabs) {
                    t.row(hex(i.address), i.size, i.methods, i.name);
                } else {
                    t.row(hex(i.address), i.size, i.kind, i.valueSize, i.methods, i.parts, i.pkg, i.name);
                }
            }
        }
        return t;
    }

    FactTable buildinfo() throws FormatException {
        FactTable t = new FactTable("buildinfo", "key", "value");
        BuildInfo info = BuildInfo.read(exe.elf);
        String id = BuildInfo.buildId(exe.elf);
        if (info != null) {
            t.row("version", info.version);
            for (String line : info.modInfo.split("\n")) {
                int tab = line.indexOf('\t');
                if (tab > 0) {
                    t.row(line.substring(0, tab), line.substring(tab + 1).replace('\t', ' ').strip());
                }
            }
        }
        if (id != null) {
            t.row("buildid", id);
        }
        return t;
    }
}
