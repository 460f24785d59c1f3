// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.nio.charset.StandardCharsets;
import mica.obj.Bytes;
import mica.obj.Elf;
import mica.obj.ElfFile;
import mica.obj.FormatException;

/** What an executable says about its making: toolchain version and module information. */
public final class BuildInfo {
    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER = 32;
    private static final int INLINE_STRINGS = 2;
    private static final int MARKER = 16;

    public final String version;
    /** Lines "path", "mod", "dep", "build" with tabs, as runtime/debug prints them; "" = none. */
    public final String modInfo;

    private BuildInfo(String version, String modInfo) {
        this.version = version;
        this.modInfo = modInfo;
    }

    /** Reads it from section .go.buildinfo; null if the file has none or in a form older than Go 1.18. */
    public static BuildInfo read(ElfFile elf) throws FormatException {
        ElfFile.Section s = elf.find(".go.buildinfo");
        if (s == null || s.type == Elf.SHT_NOBITS || s.size < HEADER) {
            return null;
        }
        int at = (int) s.offset;
        for (int i = 0; i < MAGIC.length; i++) {
            if (elf.bytes[at + i] != MAGIC[i]) {
                throw elf.bad(at, "not a Go build information");
            }
        }
        if ((elf.bytes[at + 15] & INLINE_STRINGS) == 0) {
            return null;
        }
        long[] p = {s.offset + HEADER};
        byte[] version = string(elf, p, s.offset + s.size);
        byte[] mod = string(elf, p, s.offset + s.size);
        String text = "";
        if (mod.length >= 2 * MARKER + 1 && mod[mod.length - MARKER - 1] == '\n') {
            text = new String(mod, MARKER, mod.length - 2 * MARKER, StandardCharsets.UTF_8);
        }
        return new BuildInfo(new String(version, StandardCharsets.UTF_8), text);
    }

    private static byte[] string(ElfFile elf, long[] p, long end) throws FormatException {
        long n = 0;
        for (int shift = 0; ; shift += 7) {
            if (p[0] >= end || shift > 28) {
                throw elf.bad(p[0], "string length in the build information");
            }
            byte b = elf.bytes[(int) p[0]++];
            n |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        if (n > end - p[0]) {
            throw elf.bad(p[0], "string of " + n + " bytes in the build information");
        }
        byte[] s = java.util.Arrays.copyOfRange(elf.bytes, (int) p[0], (int) (p[0] + n));
        p[0] += n;
        return s;
    }

    /** The id in note .note.go.buildid; null if there is none. */
    public static String buildId(ElfFile elf) throws FormatException {
        ElfFile.Section s = elf.find(".note.go.buildid");
        if (s == null || s.size < 16) {
            return null;
        }
        int at = (int) s.offset;
        int n = Bytes.load32(elf.bytes, at + 4);
        if (n < 0 || n > s.size - 16) {
            throw elf.bad(at, "build id of " + n + " bytes");
        }
        return new String(elf.bytes, at + 16, n, StandardCharsets.UTF_8);
    }
}
