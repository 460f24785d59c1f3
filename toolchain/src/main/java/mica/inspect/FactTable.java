// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.inspect;

import java.util.ArrayList;
import java.util.List;
import mica.base.JsonWriter;

/** One part of what a file says, as rows of named values; printed as a table, as lines of name and value, or as JSON. */
public final class FactTable {
    /** How long rows may get before their last column moves out of line. */
    private static final int MAX_WIDTH = 40;

    public final String name;
    /** One row, shown as lines of name and value, in JSON an object. */
    public final boolean single;
    private final String[] columns;
    private final List<Object[]> rows = new ArrayList<>();

    /** A number that people read in hexadecimal. */
    record Hex(long value) {
        @Override
        public String toString() {
            return "0x" + Long.toHexString(value);
        }
    }

    FactTable(String name, String... columns) {
        this.name = name;
        this.single = false;
        this.columns = columns;
    }

    private FactTable(String name, List<String> columns) {
        this.name = name;
        this.single = true;
        this.columns = columns.toArray(new String[0]);
    }

    /** A table of one row: names and values in turn. */
    static FactTable of(String name, Object... pairs) {
        List<String> columns = new ArrayList<>();
        Object[] row = new Object[pairs.length / 2];
        for (int i = 0; i < row.length; i++) {
            columns.add((String) pairs[2 * i]);
            row[i] = pairs[2 * i + 1];
        }
        FactTable t = new FactTable(name, columns);
        t.rows.add(row);
        return t;
    }

    static Hex hex(long v) {
        return new Hex(v);
    }

    FactTable row(Object... values) {
        rows.add(values);
        return this;
    }

    public int size() {
        return rows.size();
    }

    /** A value by row and column; null if there is no such column. */
    public Object get(int row, String column) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].equals(column)) {
                Object v = rows.get(row)[i];
                return v instanceof Hex h ? Long.valueOf(h.value) : v instanceof Integer n ? Long.valueOf(n) : v;
            }
        }
        return null;
    }

    /** As text, with its name above. */
    public String text() {
        StringBuilder sb = new StringBuilder(name).append(single ? ":\n" : " (" + rows.size() + "):\n");
        if (single) {
            for (int i = 0; i < columns.length; i++) {
                sb.append(String.format("  %-16s %s%n", columns[i], rows.get(0)[i]));
            }
            return sb.toString();
        }
        int[] width = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            width[i] = columns[i].length();
            for (Object[] r : rows) {
                width[i] = Math.min(MAX_WIDTH, Math.max(width[i], String.valueOf(r[i]).length()));
            }
        }
        line(sb, columns, width);
        for (Object[] r : rows) {
            line(sb, r, width);
        }
        return sb.toString();
    }

    private static void line(StringBuilder sb, Object[] values, int[] width) {
        sb.append(' ');
        for (int i = 0; i < values.length; i++) {
            String s = String.valueOf(values[i]);
            String pad = " ".repeat(Math.max(0, width[i] - s.length()));
            boolean number = values[i] instanceof Number || values[i] instanceof Hex;
            sb.append(' ').append(number ? pad + s : i + 1 == values.length ? s : s + pad);
        }
        sb.append('\n');
    }

    void json(JsonWriter w) {
        w.line().name(name);
        if (single) {
            object(w, rows.get(0));
            return;
        }
        w.beginArray();
        for (Object[] r : rows) {
            w.line();
            object(w, r);
        }
        w.endArray();
    }

    private void object(JsonWriter w, Object[] row) {
        w.beginObject();
        for (int i = 0; i < columns.length; i++) {
            w.name(columns[i]);
            Object v = row[i];
            if (v instanceof Hex h) {
                w.value(h.value);
            } else if (v instanceof Number n) {
                w.value(n.longValue());
            } else if (v instanceof Boolean b) {
                w.value(b.booleanValue());
            } else {
                w.value((String) v);
            }
        }
        w.endObject();
    }
}
