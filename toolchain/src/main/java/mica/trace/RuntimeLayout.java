// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Bytes;
import mica.obj.ElfFile;

/**
 * Where Mica's runtime keeps its structures: read from the record {@code runtime.inspect} of the executable (runtime/inspect.go), which
 * is found by its first bytes, so that a stripped file has it too. No offset of a field is known here otherwise.
 */
final class RuntimeLayout {
    private static final String MAGIC = "\u007fmica inspect";
    private static final int VERSION = 1;
    /** MAGIC, the version, the number of words and of 16-bit numbers: a byte each. */
    private static final int HEAD = MAGIC.length() + 3;

    /** Words behind the magic bytes: addresses of variables. */
    private static final List<String> VARIABLES = List.of("moduledata", "mheap", "allgs", "allm", "allp", "persistent");
    /** Then 16-bit numbers: offsets of fields, and constants. */
    private static final List<String> NUMBERS = List.of(
            "moduledata.inittasks", "moduledata.ninittasks",
            "mheap.base", "mheap.reserved", "mheap.spans", "mheap.npages", "mheap.spansMapped",
            "mspan.size", "mspan.base", "mspan.npages", "mspan.elemsize", "mspan.nelems", "mspan.allocCount", "mspan.state", "mspan.class",
            "mspan.nwords", "mspan.allocBits", "mspan.markBits", "mspan.types",
            "g.size", "g.stack", "g.goid", "g.startpc", "g.status",
            "m.size", "m.g0", "m.gsignal", "m.id", "m.tid", "m.alllink",
            "p.gcw", "m.helperWork", "gcWork.vars", "gcWork.pointers", "stackVar.size",
            "pageShift", "mSpanFree", "mSpanInUse", "mSpanManual", "_Gdead");

    final long moduledata;
    private final Map<String, Long> variables = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private RuntimeLayout(byte[] b, int at) {
        int p = at + HEAD;
        for (String v : VARIABLES) {
            variables.put(v, Bytes.load64(b, p));
            p += 8;
        }
        for (String n : NUMBERS) {
            numbers.put(n, Bytes.load16(b, p));
            p += 2;
        }
        moduledata = variables.get("moduledata");
    }

    /** The layout that an executable describes; null = it is not Mica's. */
    static RuntimeLayout find(Image image) {
        byte[] b = image.elf.bytes;
        int need = HEAD + 8 * VARIABLES.size() + 2 * NUMBERS.size();
        for (ElfFile.Section s : image.sections()) {
            if (s.type != 1) {
                continue;
            }
            for (long at = s.offset; at + need <= s.offset + s.size; at += 8) {
                if (is(b, (int) at)) {
                    return new RuntimeLayout(b, (int) at);
                }
            }
        }
        return null;
    }

    private static boolean is(byte[] b, int at) {
        for (int i = 0; i < MAGIC.length(); i++) {
            if (b[at + i] != MAGIC.charAt(i)) {
                return false;
            }
        }
        return b[at + HEAD - 3] == VERSION && b[at + HEAD - 2] == VARIABLES.size() && b[at + HEAD - 1] == NUMBERS.size();
    }

    /** A variable's address in the file. */
    long variable(String name) {
        return variables.get(name);
    }

    int offset(String name) {
        return numbers.get(name);
    }
}
