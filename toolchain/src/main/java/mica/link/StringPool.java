// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import mica.obj.Symbol;

/**
 * Lays out string contents so that a string that begins or ends another one shares its bytes (Go's strings carry their
 * length, so nothing marks their end). Equal strings have been folded before.
 */
final class StringPool {
    private static final Comparator<Symbol> BY_CONTENTS =
            (a, b) -> Arrays.compareUnsigned(a.data, 0, (int) a.size, b.data, 0, (int) b.size);
    private static final Comparator<Symbol> BY_CONTENTS_REVERSED = StringPool::compareReversed;

    private StringPool() {}

    /** Appends {@code strings} to {@code section}, in an order that depends on their contents only. */
    static void append(Section section, List<Symbol> strings) {
        Symbol[] sorted = strings.toArray(new Symbol[0]);
        Arrays.sort(sorted, BY_CONTENTS_REVERSED);
        // host[i]: the symbol whose bytes hold sorted[i]; offset[i]: where in it.
        Symbol[] suffixHost = new Symbol[sorted.length];
        for (int i = sorted.length - 2; i >= 0; i--) {
            if (endsWith(sorted[i + 1], sorted[i])) {
                suffixHost[i] = suffixHost[i + 1] != null ? suffixHost[i + 1] : sorted[i + 1];
            }
        }
        int n = 0;
        Symbol[] own = new Symbol[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            if (suffixHost[i] == null) {
                own[n++] = sorted[i];
            }
        }
        Arrays.sort(own, 0, n, BY_CONTENTS);
        for (int i = n - 1; i >= 0; i--) {
            if (i + 1 < n && startsWith(own[i + 1], own[i])) {
                section.alias(own[i], own[i + 1].address);
            } else {
                section.append(own[i], 1);
            }
        }
        for (int i = 0; i < sorted.length; i++) {
            Symbol host = suffixHost[i];
            if (host != null) {
                section.alias(sorted[i], host.address + host.size - sorted[i].size);
            }
        }
    }

    private static int compareReversed(Symbol a, Symbol b) {
        int i = (int) a.size;
        int j = (int) b.size;
        while (i > 0 && j > 0) {
            int c = (a.data[--i] & 0xff) - (b.data[--j] & 0xff);
            if (c != 0) {
                return c;
            }
        }
        return i - j;
    }

    private static boolean endsWith(Symbol s, Symbol end) {
        int n = (int) end.size;
        int at = (int) s.size - n;
        return at >= 0 && (n == 0 || Arrays.equals(s.data, at, at + n, end.data, 0, n));
    }

    private static boolean startsWith(Symbol s, Symbol start) {
        int n = (int) start.size;
        return s.size >= n && (n == 0 || Arrays.equals(s.data, 0, n, start.data, 0, n));
    }
}
