// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.Fault;

/** Names of the numbers that system calls take: the sets of {@code constants-linux.txt}. */
final class Constants {
    /** Names and values in the order of the text. */
    private static final class Set {
        long mask;
        final List<String> names = new ArrayList<>();
        final List<Long> values = new ArrayList<>();
    }

    private final Map<String, Set> sets = new HashMap<>();

    Constants() {
        for (String line : resource("constants-linux.txt")) {
            String[] w = line.split(" ");
            Set s = new Set();
            for (int i = 1; i < w.length; i++) {
                if (w[i].startsWith("&")) {
                    s.mask = Long.decode(w[i].substring(1));
                    continue;
                }
                int eq = w[i].indexOf('=');
                s.names.add(w[i].substring(0, eq));
                s.values.add(Long.decode(w[i].substring(eq + 1)));
            }
            sets.put(w[0], s);
        }
    }

    /** Lines of a text of this room, without comments. */
    static List<String> resource(String name) {
        try (InputStream in = Constants.class.getResourceAsStream("/mica/trace/" + name)) {
            if (in == null) {
                throw new Fault("trace", "resource " + name + " is missing");
            }
            List<String> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
            return lines;
        } catch (IOException e) {
            throw new Fault("trace", "resource " + name, e);
        }
    }

    private Set set(String name) {
        Set s = sets.get(name);
        if (s == null) {
            throw new Fault("trace", "no set of constants " + name);
        }
        return s;
    }

    /** The name of one number; null = it has none. */
    String name(String set, long value) {
        Set s = set(set);
        int i = s.values.indexOf(value);
        return i < 0 ? null : s.names.get(i);
    }

    /** The value of a name; -1 = there is none. */
    long value(String set, String name) {
        Set s = set(set);
        int i = s.names.indexOf(name);
        return i < 0 ? -1 : s.values.get(i);
    }

    /** One number by name, else in decimal. */
    String one(String set, long value) {
        String n = name(set, value);
        return n == null ? Long.toString(value) : n;
    }

    /** Bits by name, {@code A|B|0x40}. */
    String flags(String set, long value) {
        Set s = set(set);
        StringBuilder b = new StringBuilder();
        long left = value & 0xffffffffL;
        if (s.mask != 0 || left == 0) {
            String n = name(set, left & s.mask);
            if (n != null && (!n.equals("0") || left == 0)) {
                b.append(n);
                left &= ~s.mask;
            }
        }
        for (int i = 0; i < s.names.size(); i++) {
            long v = s.values.get(i);
            if (v != 0 && (v & s.mask) == 0 && (left & v) == v) {
                b.append(b.isEmpty() ? "" : "|").append(s.names.get(i));
                left &= ~v;
            }
        }
        if (left != 0) {
            b.append(b.isEmpty() ? "0x" : "|0x").append(Long.toHexString(left));
        }
        return b.isEmpty() ? "0" : b.toString();
    }
}
