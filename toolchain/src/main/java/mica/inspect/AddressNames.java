// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import mica.obj.FormatException;

/** Names for addresses of a linked file: the symbol that holds them. Immutable. */
final class AddressNames {
    private final Executable.Sym[] byAddress;
    private final long[] addresses;

    AddressNames(Executable exe) throws FormatException {
        List<Executable.Sym> all = new ArrayList<>();
        for (Executable.Sym s : exe.symbols()) {
            if (s.type != 'U' && s.type != 'u' && s.address != 0) {
                all.add(s);
            }
        }
        if (all.isEmpty()) {
            all = exe.functions();
        }
        all.sort(Comparator.comparingLong((Executable.Sym s) -> s.address).thenComparingLong(s -> -s.size));
        byAddress = all.toArray(new Executable.Sym[0]);
        addresses = new long[byAddress.length];
        for (int i = 0; i < byAddress.length; i++) {
            addresses[i] = byAddress[i].address;
        }
    }

    /** {@code name} or {@code name+16}; null where no symbol reaches. */
    String at(long address) {
        int k = Arrays.binarySearch(addresses, address);
        if (k < 0) {
            k = -k - 2;
        }
        while (k > 0 && addresses[k - 1] == addresses[k]) {
            k--;
        }
        if (k < 0) {
            return null;
        }
        Executable.Sym s = byAddress[k];
        long off = address - s.address;
        if (off == 0) {
            return s.name;
        }
        return off < s.size ? s.name + "+" + off : null;
    }
}
