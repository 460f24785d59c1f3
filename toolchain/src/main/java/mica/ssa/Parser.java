// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import mica.base.Fault;
import mica.obj.Symbol;

/**
 * Reads what {@link Printer} writes, so that a pass can be tested from a file. Values without a result have no number in the
 * text and get new ones. Symbols are asked of the given table by name; the callee of a call is one too (its signature is not
 * part of the text). Bounds kinds and allocations are read back; other aux stays a string.
 */
public final class Parser {
    private final List<String> lines;
    private final Function<String, Symbol> symbols;
    private int at;
    private Func func;
    private final HashMap<String, Block> blocks = new HashMap<>();
    private final HashMap<String, Value> values = new HashMap<>();
    /** Values whose operands are names still. */
    private final ArrayList<Value> pending = new ArrayList<>();
    private final ArrayList<String[]> pendingArgs = new ArrayList<>();
    /** Predecessors in the order of the text, which phi operands follow. */
    private final ArrayList<String[]> predNames = new ArrayList<>();
    private final ArrayList<String> ends = new ArrayList<>();

    private Parser(List<String> lines, Function<String, Symbol> symbols) {
        this.lines = lines;
        this.symbols = symbols;
    }

    /** The function that the text describes. */
    public static Func parse(String text, Function<String, Symbol> symbols) {
        return new Parser(text.lines().map(String::strip).filter(s -> !s.isEmpty() && !s.startsWith("#")).toList(), symbols).function();
    }

    private Fault bad(String line) {
        return new Fault("ssa text", "cannot read: " + line);
    }

    private Func function() {
        String head = lines.get(at++);
        if (!head.startsWith("func ") || !head.endsWith("{")) {
            throw bad(head);
        }
        func = new Func(head.substring(5, head.length() - 1).strip(), null);
        reserveIds();
        ArrayList<Block> order = new ArrayList<>();
        Block cur = null;
        for (; at < lines.size() && !lines.get(at).equals("}"); at++) {
            String line = lines.get(at);
            if (line.startsWith("slot ")) {
                slot(line.split(" +"));
            } else if (line.matches("b\\d+:.*")) {
                cur = block(line.substring(0, line.indexOf(':')));
                order.add(cur);
                String rest = line.substring(line.indexOf(':') + 1).strip();
                if (rest.startsWith("recover")) {
                    func.recover = cur;
                    rest = rest.substring(7).strip();
                }
                predNames.add(rest.startsWith("<-") ? rest.substring(2).strip().split(" +") : new String[0]);
            } else if (isEnd(line)) {
                ends.add(line);
            } else {
                value(line, cur);
            }
        }
        for (int i = 0; i < order.size(); i++) {
            end(order.get(i), ends.get(i));
        }
        for (int i = 0; i < order.size(); i++) {
            orderPreds(order.get(i), predNames.get(i));
        }
        func.blocks.clear();
        func.blocks.addAll(order);
        func.entry = order.get(0);
        for (int i = 0; i < pending.size(); i++) {
            for (String a : pendingArgs.get(i)) {
                pending.get(i).addArg(named(a));
            }
        }
        return func;
    }

    /** Blocks are made in the order of their first mention: numbers must be those of the text. */
    private void reserveIds() {
        int maxBlock = -1;
        int maxValue = -1;
        for (String l : lines) {
            if (l.matches("b\\d+:.*")) {
                maxBlock = Math.max(maxBlock, Integer.parseInt(l.substring(1, l.indexOf(':'))));
            } else if (l.matches("v\\d+ = .*")) {
                maxValue = Math.max(maxValue, Integer.parseInt(l.substring(1, l.indexOf(' '))));
            }
        }
        Block[] made = new Block[maxBlock + 1];
        for (int i = 0; i <= maxBlock; i++) {
            made[i] = func.newBlock();
            blocks.put("b" + i, made[i]);
        }
        func.reserve(maxValue + 1, maxBlock + 1);
    }

    private Block block(String name) {
        Block b = blocks.get(name);
        if (b == null) {
            throw bad(name);
        }
        return b;
    }

    private Value named(String name) {
        Value v = values.get(name);
        if (v == null) {
            throw new Fault("ssa text", func.name + ": no value " + name);
        }
        return v;
    }

    private static boolean isEnd(String line) {
        String word = line.contains(" ") ? line.substring(0, line.indexOf(' ')) : line;
        return word.equals("GOTO") || word.equals("IF") || word.equals("TABLE") || word.equals("RET") || word.equals("UNREACHABLE");
    }

    private void slot(String[] w) {
        Slot s = func.newSlot(w[2], Long.parseLong(w[4]), Integer.parseInt(w[6]), mask(w[8]));
        if (!w[1].equals("s" + s.id)) {
            throw bad(String.join(" ", w));
        }
    }

    private static byte[] mask(String hex) {
        if (hex.equals("-")) {
            return null;
        }
        byte[] m = new byte[hex.length() / 2];
        for (int i = 0; i < m.length; i++) {
            m[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return m;
    }

    /** {@code v4 = ADD I64 v1 v3 #8 <aux>} or {@code STORE v1 v2}. */
    private void value(String line, Block b) {
        String text = line;
        String aux = null;
        if (text.endsWith(">") && text.contains(" <")) {
            aux = text.substring(text.indexOf(" <") + 2, text.length() - 1);
            text = text.substring(0, text.indexOf(" <"));
        }
        String[] w = text.split(" +");
        int i = 0;
        String name = null;
        if (w.length > 2 && w[1].equals("=")) {
            name = w[0];
            i = 2;
        }
        Op op;
        try {
            op = Op.valueOf(w[i++]);
        } catch (IllegalArgumentException e) {
            throw bad(line);
        }
        MType type = name == null ? MType.VOID : MType.valueOf(w[i++]);
        Value v = name == null ? func.newValue(op, type, b, 0) : func.valueWithId(Integer.parseInt(name.substring(1)), op, type, b);
        ArrayList<String> args = new ArrayList<>();
        for (; i < w.length; i++) {
            if (w[i].startsWith("#")) {
                v.auxInt = Long.parseLong(w[i].substring(1));
            } else {
                args.add(w[i]);
            }
        }
        v.aux = aux(op, aux);
        b.append(v);
        if (name != null && values.put(name, v) != null) {
            throw bad(line);
        }
        pending.add(v);
        pendingArgs.add(args.toArray(new String[0]));
    }

    private Object aux(Op op, String text) {
        if (op.isCall()) {
            return new CallInfo(text == null || text.startsWith(".") ? null : symbols.apply(text), null, null);
        }
        if (text == null) {
            return null;
        }
        return switch (op) {
            case ADDR -> symbols.apply(text);
            case LOCAL_ADDR, VAR_DEF -> func.slots.get(Integer.parseInt(text.substring(1)));
            case BOUNDS_CHECK -> BoundsKind.valueOf(text);
            case ALLOC -> {
                String[] w = text.split(" +");
                yield new Alloc(Alloc.Kind.valueOf(w[0]), w[1], Long.parseLong(w[3]), Integer.parseInt(w[5]), mask(w[7]),
                        symbols.apply("type:" + w[1]), null);
            }
            default -> text;
        };
    }

    private void end(Block b, String line) {
        String[] w = line.split(" +");
        int i = 1;
        switch (w[0]) {
            case "GOTO" -> b.kind = Block.Kind.PLAIN;
            case "IF", "TABLE" -> {
                b.kind = w[0].equals("IF") ? Block.Kind.IF : Block.Kind.JUMP_TABLE;
                b.control = named(w[i++]);
                if (w[i].endsWith("likely")) {
                    b.likely = w[i++].equals("likely") ? 1 : -1;
                }
                i++;
            }
            case "RET" -> b.kind = Block.Kind.RET;
            default -> b.kind = Block.Kind.UNREACHABLE;
        }
        for (; i < w.length; i++) {
            b.addEdge(block(w[i]));
        }
    }

    private void orderPreds(Block b, String[] names) {
        if (names.length != b.predCount) {
            throw new Fault("ssa text", func.name + ": " + b + " has " + b.predCount + " predecessors, the text says " + names.length);
        }
        for (int i = 0; i < names.length; i++) {
            Block want = block(names[i]);
            int k = i;
            while (k < b.predCount && b.preds[k] != want) {
                k++;
            }
            if (k == b.predCount) {
                throw new Fault("ssa text", func.name + ": " + want + " is no predecessor of " + b);
            }
            Block p = b.preds[k];
            int e = b.predIndex[k];
            b.preds[k] = b.preds[i];
            b.predIndex[k] = b.predIndex[i];
            b.preds[i] = p;
            b.predIndex[i] = e;
            b.preds[k].succIndex[b.predIndex[k]] = k;
            p.succIndex[e] = i;
        }
    }
}
