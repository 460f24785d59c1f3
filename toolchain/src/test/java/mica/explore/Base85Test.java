// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base85Test {
    private static final String DIGITS = "#$%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}";

    /** As the page does it: groups of five digits, the last one filled up with the greatest digit. */
    private static byte[] decode(String text) {
        byte[] out = new byte[text.length() / 5 * 4 + Math.max(0, text.length() % 5 - 1)];
        for (int i = 0, at = 0; i < text.length(); i += 5) {
            long word = 0;
            for (int k = 0; k < 5; k++) {
                word = word * 85 + (i + k < text.length() ? DIGITS.indexOf(text.charAt(i + k)) : 84);
            }
            for (int k = 0; k < 4 && at < out.length; k++) {
                out[at++] = (byte) (word >> (24 - 8 * k));
            }
        }
        return out;
    }

    @Test
    void comesBack() {
        Random random = new Random(1);
        for (int n = 0; n < 50; n++) {
            byte[] bytes = new byte[n];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, decode(Base85.of(bytes)));
        }
        byte[] ones = new byte[64];
        Arrays.fill(ones, (byte) -1);
        assertArrayEquals(ones, decode(Base85.of(ones)));
    }

    @Test
    void meansNothingInHtml() {
        byte[] all = new byte[4096];
        new Random(2).nextBytes(all);
        assertTrue(Base85.of(all).chars().noneMatch(c -> c == '<' || c == '&' || c == '>' || c == '"' || c == '\'' || c == '\\'));
    }
}
