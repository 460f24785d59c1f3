// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.Map;
import java.util.TreeMap;

/** Addresses to owners; what is said later holds. */
final class OwnerMap {
    /** Beginnings of ranges; null = from here on nobody. */
    private final TreeMap<Long, ProcessMap.Owner> from = new TreeMap<>();

    void set(long start, long end, ProcessMap.Owner owner) {
        if (start < 0 || end <= start) {
            return; // what a damaged process says
        }
        ProcessMap.Owner behind = at(end);
        from.subMap(start, end).clear();
        from.put(start, owner);
        from.put(end, behind);
    }

    ProcessMap.Owner at(long address) {
        Map.Entry<Long, ProcessMap.Owner> e = from.floorEntry(address);
        return e == null ? null : e.getValue();
    }

    /** Where the range that an address is in ends; at most {@code limit}. */
    long end(long address, long limit) {
        Long next = from.higherKey(address);
        return next == null || next > limit ? limit : next;
    }
}
