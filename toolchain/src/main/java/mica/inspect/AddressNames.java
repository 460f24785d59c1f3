// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mica.obj.FormatException;

/** Names for addresses of a linked file: the symbol that holds them. Immutable. */
final class AddressNames {
    private final Executable.Sym[] byAddress;
    private final long[] addresses;
    private final boolean starts;

    /** The names of an executable; if it is stripped, those of its functions. */
    static AddressNames of(Executable exe) throws FormatException {
        AddressNames names = new AddressNames(exe.symbols(), false);
        return names.byAddress.length > 0 ? names : new AddressNames(exe.functions(), false);
    }

    /** @param starts whether only a symbol's first address has a name */
    AddressNames(List<Executable.Sym> symbols, boolean starts) {
        this.starts = starts;
        List<Executable.Sym> all = new ArrayList<>();
        for (Executable.Sym s : symbols) {
            if (s.type != 'U' && s.type != 'u' && s.address != 0) {
                all.add(s);
            }
        }
        all.sort((a, b) -> a.address != b.address ? Long.compare(a.address, b.address) : Long.compare(b.size, a.size));
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
        return off < s.size && !starts ? s.name + "+" + off : null;
    }
}
