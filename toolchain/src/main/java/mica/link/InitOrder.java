// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The order in which packages are initialized: imported packages first; of the packages that are ready, the one with the
 * smallest import path. The runtime and what lies below it come before everything else.
 */
final class InitOrder {
    private InitOrder() {}

    static List<InitTask> sort(List<InitTask> tasks) {
        Map<String, InitTask> byPath = new HashMap<>();
        for (InitTask t : tasks) {
            byPath.put(t.pkg, t);
        }
        Set<String> early = new HashSet<>();
        closure("runtime", byPath, early);
        List<InitTask> result = new ArrayList<>();
        List<InitTask> first = new ArrayList<>();
        List<InitTask> rest = new ArrayList<>();
        for (InitTask t : tasks) {
            (early.contains(t.pkg) ? first : rest).add(t);
        }
        order(first, result);
        order(rest, result);
        return result;
    }

    private static void closure(String path, Map<String, InitTask> byPath, Set<String> seen) {
        InitTask t = byPath.get(path);
        if (t == null || !seen.add(path)) {
            return;
        }
        for (String p : t.imports) {
            closure(p, byPath, seen);
        }
    }

    private static void order(List<InitTask> tasks, List<InitTask> result) {
        Map<String, List<InitTask>> importers = new HashMap<>();
        Map<String, Integer> missing = new HashMap<>();
        Set<String> here = new HashSet<>();
        for (InitTask t : tasks) {
            here.add(t.pkg);
        }
        PriorityQueue<InitTask> ready = new PriorityQueue<>(Comparator.comparing((InitTask t) -> t.pkg));
        for (InitTask t : tasks) {
            int n = 0;
            for (String p : new HashSet<>(t.imports)) {
                if (here.contains(p)) {
                    importers.computeIfAbsent(p, k -> new ArrayList<>()).add(t);
                    n++;
                }
            }
            missing.put(t.pkg, n);
            if (n == 0) {
                ready.add(t);
            }
        }
        while (!ready.isEmpty()) {
            InitTask t = ready.poll();
            result.add(t);
            for (InitTask i : importers.getOrDefault(t.pkg, List.of())) {
                int n = missing.merge(i.pkg, -1, Integer::sum);
                if (n == 0) {
                    ready.add(i);
                }
            }
        }
    }
}
