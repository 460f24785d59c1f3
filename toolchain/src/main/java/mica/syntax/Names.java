// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Identifiers seen so far, so that each spelling becomes one String; keywords are among them. An instance belongs to
 * one thread and can serve many files.
 */
public final class Names {
    private int[] hashes = new int[1024];
    private byte[][] spellings = new byte[1024][];
    private String[] strings = new String[1024];
    private Token[] tokens = new Token[1024];
    private int count;
    /** The token of the last {@link #lookup}: a keyword or NAME. */
    Token token;

    public Names() {
        for (Token t : Token.values()) {
            if (t.isKeyword()) {
                byte[] b = t.text.getBytes(StandardCharsets.ISO_8859_1);
                int h = 0;
                for (byte c : b) {
                    h = h * 31 + c;
                }
                insert(b, 0, b.length, h, t);
            }
        }
    }

    /** The String of {@code text[from..to)}; {@code hash} is the polynomial hash of base 31 over its bytes. */
    String lookup(byte[] text, int from, int to, int hash) {
        int mask = hashes.length - 1;
        int i = mix(hash) & mask;
        while (spellings[i] != null) {
            if (hashes[i] == hash && Arrays.equals(spellings[i], 0, spellings[i].length, text, from, to)) {
                token = tokens[i];
                return strings[i];
            }
            i = i + 1 & mask;
        }
        token = Token.NAME;
        return insert(text, from, to, hash, Token.NAME);
    }

    private String insert(byte[] text, int from, int to, int hash, Token t) {
        if (count * 2 >= hashes.length) {
            grow();
        }
        int mask = hashes.length - 1;
        int i = mix(hash) & mask;
        while (spellings[i] != null) {
            i = i + 1 & mask;
        }
        hashes[i] = hash;
        spellings[i] = Arrays.copyOfRange(text, from, to);
        strings[i] = new String(text, from, to - from, StandardCharsets.UTF_8);
        tokens[i] = t;
        count++;
        return strings[i];
    }

    private void grow() {
        int[] oldHashes = hashes;
        byte[][] oldSpellings = spellings;
        String[] oldStrings = strings;
        Token[] oldTokens = tokens;
        int n = oldHashes.length * 2;
        hashes = new int[n];
        spellings = new byte[n][];
        strings = new String[n];
        tokens = new Token[n];
        for (int k = 0; k < oldHashes.length; k++) {
            if (oldSpellings[k] != null) {
                int i = mix(oldHashes[k]) & n - 1;
                while (spellings[i] != null) {
                    i = i + 1 & n - 1;
                }
                hashes[i] = oldHashes[k];
                spellings[i] = oldSpellings[k];
                strings[i] = oldStrings[k];
                tokens[i] = oldTokens[k];
            }
        }
    }

    private static int mix(int h) {
        h ^= h >>> 15;
        return h * 0x2c1b3c6d >>> 7 ^ h;
    }
}
