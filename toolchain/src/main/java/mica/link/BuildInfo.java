// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import mica.obj.Bytes;
import mica.obj.SymKind;
import mica.obj.Symbol;

/** The build information that {@code go version -m} and debug/buildinfo read, and the notes with the build id. */
final class BuildInfo {
    /** Bit 1: the strings stand in the section itself. */
    private static final int INLINE_STRINGS = 2;

    private static final byte[] START = {
        0x30, 0x77, (byte) 0xaf, 0x0c, (byte) 0x92, 0x74, 0x08, 0x02, 0x41, (byte) 0xe1, (byte) 0xc1, 0x07, (byte) 0xe6,
        (byte) 0xd6, 0x18, (byte) 0xe6
    };
    private static final byte[] END = {
        (byte) 0xf9, 0x32, 0x43, 0x31, (byte) 0x86, 0x18, 0x20, 0x72, 0x00, (byte) 0x82, 0x42, 0x10, 0x41, 0x16, (byte) 0xd8,
        (byte) 0xf2
    };

    /** Bytes of a note before its descriptor, for a name of up to four bytes. */
    static final int NOTE_HEADER = 16;
    /** Bytes of the hash in .note.gnu.build-id. */
    static final int HASH_SIZE = 20;
    /** Characters of the hash in .note.go.buildid: base 64. */
    private static final int HASH_TEXT_SIZE = 27;

    private static final int NT_GO_BUILD_ID = 4;
    private static final int NT_GNU_BUILD_ID = 3;

    /** Contents of .go.buildinfo. */
    final Symbol symbol = new Symbol("go:buildinfo", 0);
    /** Where the module information with its markers lies in it. */
    long modInfoOffset;
    long modInfoSize;

    BuildInfo(LinkOptions o) {
        Bytes b = new Bytes(256);
        b.put8(0xff);
        b.put(" Go buildinf:");
        b.put8(8);
        b.put8(INLINE_STRINGS);
        b.align(32);
        byte[] version = o.goVersion.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        b.putVarint(version.length);
        b.put(version);
        if (!o.modInfo.isEmpty()) {
            byte[] info = o.modInfo.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            modInfoSize = START.length + info.length + END.length;
            b.putVarint(modInfoSize);
            modInfoOffset = b.size();
            b.put(START);
            b.put(info);
            b.put(END);
        } else {
            b.putVarint(0);
        }
        b.align(16);
        symbol.kind = SymKind.RODATA;
        symbol.align = 16;
        symbol.data = b.toArray();
        symbol.size = symbol.data.length;
    }

    /** The note that {@code go tool buildid} reads; without -buildid room for the hash. */
    static Symbol goNote(String buildId) {
        byte[] id = buildId == null
                ? new byte[HASH_TEXT_SIZE]
                : buildId.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return note("go:buildid", "Go", NT_GO_BUILD_ID, id);
    }

    static Symbol gnuNote(byte[] id) {
        return note("gnu:buildid", "GNU", NT_GNU_BUILD_ID, id == null ? new byte[HASH_SIZE] : id);
    }

    private static Symbol note(String symbol, String name, int type, byte[] contents) {
        Bytes b = new Bytes(64);
        b.put32(4);
        b.put32(contents.length);
        b.put32(type);
        b.put(name);
        b.align(4);
        b.put(contents);
        b.align(4);
        Symbol s = new Symbol(symbol, 0);
        s.kind = SymKind.RODATA;
        s.align = 4;
        s.data = b.toArray();
        s.size = s.data.length;
        return s;
    }

    /** A hash of 20 bytes: equal for equal contents, whatever machine; not meant to withstand an attacker. */
    static byte[] hash(byte[] b, int n) {
        long h0 = 0x243F6A8885A308D3L;
        long h1 = 0x13198A2E03707344L;
        long h2 = 0xA4093822299F31D0L;
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            long v = Bytes.load64(b, i);
            h0 = Long.rotateLeft((h0 ^ v) * 0x9E3779B97F4A7C15L, 31);
            h1 = Long.rotateLeft((h1 + v) * 0xC2B2AE3D27D4EB4FL, 29) ^ h0;
            h2 = (h2 ^ Long.rotateLeft(v, 32)) * 0xD6E8FEB86659FD93L + h1;
        }
        for (; i < n; i++) {
            h0 = (h0 ^ b[i]) * 0x9E3779B97F4A7C15L;
            h1 ^= h0 >>> 32;
        }
        byte[] out = new byte[24];
        Bytes.store64(out, 0, finish(h0 ^ n));
        Bytes.store64(out, 8, finish(h1 + h0));
        Bytes.store64(out, 16, finish(h2 ^ h1));
        return java.util.Arrays.copyOf(out, HASH_SIZE);
    }

    private static long finish(long h) {
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }

    static byte[] hashText(byte[] hash) {
        byte[] text = java.util.Base64.getUrlEncoder().withoutPadding().encode(hash);
        return java.util.Arrays.copyOf(text, HASH_TEXT_SIZE);
    }
}
