// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A table of flags and their values, parsed as Go's package flag does: {@code -name}, {@code --name}, {@code -name=value},
 * {@code -name value}; the first argument that is no flag, or {@code --}, ends them.
 */
final class Flags {
    /** Why parsing failed, in package flag's words; an empty message means that help was asked for. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    private enum Kind {
        BOOL,
        /** A truth value or the word auto. */
        AUTO,
        STRING,
        INT,
        /** Counts how often it is given; a value sets the count. */
        COUNT,
        /** May be given several times. */
        LIST,
        /** Ends the flags. */
        REST,
        /** Known to the go command, but not to Mica. */
        REFUSED
    }

    private static final class Flag {
        final Kind kind;
        final List<String> values = new ArrayList<>();

        Flag(Kind kind) {
            this.kind = kind;
        }
    }

    private final TreeMap<String, Flag> flags = new TreeMap<>();
    /** What follows the flags. */
    List<String> rest = List.of();

    Flags bools(String... names) {
        return declare(Kind.BOOL, names);
    }

    Flags autos(String... names) {
        return declare(Kind.AUTO, names);
    }

    Flags strings(String... names) {
        return declare(Kind.STRING, names);
    }

    Flags ints(String... names) {
        return declare(Kind.INT, names);
    }

    Flags lists(String... names) {
        return declare(Kind.LIST, names);
    }

    Flags counts(String... names) {
        return declare(Kind.COUNT, names);
    }

    /** Flags behind which everything is left in {@link #rest}. */
    Flags rests(String... names) {
        return declare(Kind.REST, names);
    }

    Flags refused(String... names) {
        return declare(Kind.REFUSED, names);
    }

    private Flags declare(Kind kind, String... names) {
        for (String n : names) {
            flags.put(n, new Flag(kind));
        }
        return this;
    }

    /** Whether the table has a flag that is written {@code word} (with one or two dashes, perhaps with a value). */
    boolean knows(String word) {
        return flags.containsKey(nameOf(word));
    }

    private static String nameOf(String word) {
        String name = word.substring(word.startsWith("--") ? 2 : 1);
        int eq = name.indexOf('=');
        return eq < 0 ? name : name.substring(0, eq);
    }

    void parse(List<String> args) throws Misuse {
        parse(args, Integer.MAX_VALUE);
    }

    /** Parses the one flag that {@code args} begin with; how many arguments are left behind it. */
    int parseOne(List<String> args) throws Misuse {
        parse(args, 1);
        return rest.size();
    }

    private void parse(List<String> args, int limit) throws Misuse {
        int i = 0;
        while (i < args.size() && limit-- > 0) {
            String a = args.get(i);
            if (a.length() < 2 || a.charAt(0) != '-') {
                break;
            }
            i++;
            if (a.equals("--")) {
                break;
            }
            String name = a.substring(a.charAt(1) == '-' ? 2 : 1);
            if (name.isEmpty() || name.charAt(0) == '-' || name.charAt(0) == '=') {
                throw new Misuse("bad flag syntax: " + a);
            }
            String value = null;
            int eq = name.indexOf('=');
            if (eq >= 0) {
                value = name.substring(eq + 1);
                name = name.substring(0, eq);
            }
            Flag f = flags.get(name);
            if (f == null) {
                throw new Misuse(name.equals("h") || name.equals("help") ? "" : "flag provided but not defined: -" + name);
            }
            if (f.kind == Kind.REST) {
                f.values.add("");
                break;
            }
            if (f.kind == Kind.REFUSED) {
                throw new Misuse("flag -" + name + " is not supported by mica");
            }
            if (f.kind == Kind.AUTO && "auto".equals(value)) {
                f.values.add(value);
                continue;
            }
            if (f.kind == Kind.BOOL || f.kind == Kind.AUTO) {
                f.values.add(value == null ? "true" : bool(name, value));
                continue;
            }
            if (f.kind == Kind.COUNT) {
                f.values.add(value == null || value.equals("true") ? Integer.toString(count(name) + 1) : number(name, value));
                continue;
            }
            if (value == null) {
                if (i == args.size()) {
                    throw new Misuse("flag needs an argument: -" + name);
                }
                value = args.get(i++);
            }
            if (f.kind == Kind.INT) {
                number(name, value);
            }
            f.values.add(value);
        }
        rest = List.copyOf(args.subList(i, args.size()));
    }

    private static String bool(String name, String value) throws Misuse {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> "true";
            case "0", "f", "F", "false", "FALSE", "False" -> "false";
            default -> throw new Misuse("invalid boolean value \"" + value + "\" for -" + name + ": parse error");
        };
    }

    private static String number(String name, String value) throws Misuse {
        try {
            Integer.parseInt(value);
            return value;
        } catch (NumberFormatException e) {
            throw new Misuse("invalid value \"" + value + "\" for flag -" + name + ": parse error");
        }
    }

    /** Whether the flag was given at all. */
    boolean given(String name) {
        return !flags.get(name).values.isEmpty();
    }

    boolean bool(String name) {
        return string(name, "false").equals("true");
    }

    /** The last value given, else {@code otherwise}. */
    String string(String name, String otherwise) {
        List<String> v = flags.get(name).values;
        return v.isEmpty() ? otherwise : v.get(v.size() - 1);
    }

    int integer(String name, int otherwise) {
        return given(name) ? Integer.parseInt(string(name, "")) : otherwise;
    }

    int count(String name) {
        return integer(name, 0);
    }

    /** Every flag that was given, but these, with its values: in a fixed order. */
    List<String> words(String... without) {
        List<String> out = new ArrayList<>();
        for (java.util.Map.Entry<String, Flag> e : flags.entrySet()) {
            if (!e.getValue().values.isEmpty() && !List.of(without).contains(e.getKey())) {
                out.add("-" + e.getKey());
                out.addAll(e.getValue().values);
            }
        }
        return out;
    }

    List<String> list(String name) {
        return flags.get(name).values;
    }
}
