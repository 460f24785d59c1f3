// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

/**
 * Bytes as text that may stand in a script element or an attribute: four bytes, the first one the highest, are five digits to the base 85, the highest
 * first; the last one to three bytes are one digit more than they are bytes. A quarter longer than the bytes, where base 64 is a third longer.
 * {@code web/src/client.ts} reads it.
 */
final class Base85 {
    /** The printable characters of ASCII but for those that mean something in HTML. */
    private static final String DIGITS = "#$%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}";

    private Base85() {}

    static String of(byte[] bytes) {
        StringBuilder b = new StringBuilder(bytes.length / 4 * 5 + 5);
        char[] group = new char[5];
        for (int i = 0; i < bytes.length; i += 4) {
            int n = Math.min(4, bytes.length - i);
            long word = 0;
            for (int k = 0; k < 4; k++) {
                word = word << 8 | (k < n ? bytes[i + k] & 0xff : 0);
            }
            for (int k = 4; k >= 0; k--) {
                group[k] = DIGITS.charAt((int) (word % 85));
                word /= 85;
            }
            b.append(group, 0, n + 1);
        }
        return b.toString();
    }
}
