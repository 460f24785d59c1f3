// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import mica.asm.AsmOperand.Kind;
import mica.obj.Symbol;

/** Reads statements and hands them on: functions to the architecture when they are complete, data to the unit. */
final class AsmParser {
    private final Preprocessor input;
    private final AsmArch arch;
    private final AsmErrors errors;
    private final AsmUnit unit;
    private final AsmOptions options;
    private final OperandParser operands;

    private AsmFunction function;
    private final List<Token> line = new ArrayList<>();

    AsmParser(Preprocessor input, AsmArch arch, AsmErrors errors, AsmUnit unit, AsmOptions options) {
        this.input = input;
        this.arch = arch;
        this.errors = errors;
        this.unit = unit;
        this.options = options;
        this.operands = new OperandParser(arch, errors, options.packagePath, options.allowAbi);
    }

    void parse() {
        boolean more = true;
        while (more) {
            try {
                more = readLine();
                statement();
            } catch (AsmErrors.Fatal e) {
                return;
            } catch (AsmErrors.Stop e) {
                // Reported; go on with the next statement.
                more = true;
            }
        }
        endFunction();
        unit.assemble();
    }

    /** Lines "def name ABI" and "ref name ABI", in the order of the source, each once. */
    String symbolAbis() {
        LinkedHashSet<String> lines = new LinkedHashSet<>();
        for (boolean more = true; more; ) {
            try {
                more = readLine();
            } catch (AsmErrors.Fatal e) {
                break;
            } catch (AsmErrors.Stop e) {
                continue;
            }
            int at = 0;
            while (at + 1 < line.size() && line.get(at).kind == Token.IDENT && line.get(at + 1).kind == ':') {
                at += 2;
            }
            if (at >= line.size() || line.get(at).text.equals("GLOBL") || line.get(at).text.equals("DATA")) {
                continue;
            }
            String what = line.get(at).text.equals("TEXT") ? "def " : "ref ";
            for (int i = at + 1; i + 3 <= line.size(); i++) {
                Token name = line.get(i);
                if (name.kind != Token.IDENT) {
                    continue;
                }
                int k = i + 1;
                String abi = "ABI0";
                if (line.get(k).kind == '<') {
                    if (k + 2 >= line.size() || line.get(k + 1).kind != Token.IDENT) {
                        continue;
                    }
                    abi = line.get(k + 1).text;
                    k += 3;
                }
                if (k + 2 < line.size() && line.get(k).kind == '(' && line.get(k + 1).text.equals("SB")
                        && line.get(k + 2).kind == ')') {
                    lines.add(what + operands.linkName(name.text) + " " + abi);
                }
            }
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** Fills {@link #line} with the tokens up to the statement's end; false at the end of input. */
    private boolean readLine() {
        line.clear();
        for (;;) {
            Token t = input.next();
            if (t.endsStatement()) {
                return t.kind != Token.EOF;
            }
            line.add(t);
        }
    }

    private void statement() {
        int at = 0;
        while (at + 1 < line.size() && line.get(at).kind == Token.IDENT && line.get(at + 1).kind == ':') {
            label(line.get(at));
            at += 2;
        }
        if (at >= line.size()) {
            return;
        }
        Token word = line.get(at);
        if (word.kind != Token.IDENT) {
            throw errors.stop(word.pos, "expected identifier, found \"" + word.text + "\"");
        }
        String suffix = "";
        int k = at + 1;
        while (k < line.size() && line.get(k).kind == '.') {
            if (k + 1 >= line.size() || line.get(k + 1).kind != Token.IDENT) {
                throw errors.stop(word.pos, "instruction suffix expected identifier, found "
                        + (k + 1 < line.size() ? line.get(k + 1).text : "EOF"));
            }
            suffix += "." + line.get(k + 1).text;
            k += 2;
        }
        List<int[]> parts = split(k);
        if (pseudo(word, parts)) {
            return;
        }
        instruction(word, suffix, parts);
    }

    private void label(Token name) {
        if (function == null) {
            throw errors.stop(name.pos, "label outside TEXT: " + name.text);
        }
        if (function.labels.containsKey(name.text)) {
            errors.error(name.pos, "label \"" + name.text + "\" multiply defined");
        }
        function.labels.put(name.text, function.body.size());
    }

    /** Splits the rest of the line at the commas outside parentheses: pairs of begin and end. */
    private List<int[]> split(int from) {
        List<int[]> parts = new ArrayList<>(4);
        if (from >= line.size()) {
            return parts;
        }
        int depth = 0;
        int begin = from;
        for (int i = from; i < line.size(); i++) {
            int c = line.get(i).kind;
            if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(new int[] {begin, i});
                begin = i + 1;
            }
        }
        parts.add(new int[] {begin, line.size()});
        for (int[] p : parts) {
            if (p[0] == p[1]) {
                throw errors.stop(line.get(0).pos, "missing operand");
            }
        }
        return parts;
    }

    private AsmOperand operand(int[] part, int pos) {
        operands.start(line, part[0], part[1], pos);
        return operands.operand();
    }

    private boolean pseudo(Token word, List<int[]> parts) {
        switch (word.text) {
            case "TEXT" -> text(word, parts);
            case "DATA" -> data(word, parts);
            case "GLOBL" -> globl(word, parts);
            case "FUNCDATA" -> add(word, AsmInst.Kind.FUNCDATA, parts, 2, "expect two operands for FUNCDATA");
            case "PCDATA" -> add(word, AsmInst.Kind.PCDATA, parts, 2, "expect two operands for PCDATA");
            case "PCALIGN" -> add(word, AsmInst.Kind.PCALIGN, parts, 1, "expect one operand for PCALIGN");
            case "PCALIGNMAX" -> add(word, AsmInst.Kind.PCALIGNMAX, parts, 2, "expect two operands for PCALIGNMAX");
            default -> {
                return false;
            }
        }
        return true;
    }

    private AsmInst add(Token word, AsmInst.Kind kind, List<int[]> parts, int want, String complaint) {
        if (parts.size() != want) {
            throw errors.stop(word.pos, complaint);
        }
        AsmInst i = new AsmInst(kind, word.text, "", parse(word, parts), word.pos);
        append(i);
        return i;
    }

    private AsmOperand[] parse(Token word, List<int[]> parts) {
        AsmOperand[] ops = new AsmOperand[parts.size()];
        for (int i = 0; i < ops.length; i++) {
            ops[i] = operand(parts.get(i), word.pos);
        }
        return ops;
    }

    private void append(AsmInst i) {
        if (function == null) {
            throw errors.stop(i.pos, i.mnemonic + ": instruction outside TEXT");
        }
        function.body.add(i);
    }

    private void instruction(Token word, String suffix, List<int[]> parts) {
        String name = arch.canonical(word.text);
        int width = options.arch.equals("amd64") ? byteWidth(word.text) : word.text.equals("WORD") ? 4
                : word.text.equals("DWORD") ? 8 : 0;
        if (width != 0) {
            if (parts.size() != 1) {
                throw errors.stop(word.pos, "can't handle " + word.text + " instruction with " + parts.size()
                        + " operands");
            }
            AsmInst i = new AsmInst(AsmInst.Kind.BYTES, word.text, "", parse(word, parts), word.pos);
            i.width = width;
            append(i);
            return;
        }
        int op = arch.op(name);
        if (op < 0) {
            throw errors.stop(word.pos, "unrecognized instruction \"" + word.text + "\"");
        }
        AsmInst i = new AsmInst(AsmInst.Kind.INST, name, suffix, parse(word, parts), word.pos);
        i.op = op;
        String problem = suffix.isEmpty() ? null : arch.suffixProblem(suffix);
        if (problem != null) {
            throw errors.stop(word.pos, problem);
        }
        append(i);
    }

    private static int byteWidth(String name) {
        switch (name) {
            case "BYTE":
                return 1;
            case "WORD":
                return 2;
            case "LONG":
                return 4;
            case "QUAD":
                return 8;
            default:
                return 0;
        }
    }

    private void endFunction() {
        if (function != null) {
            AsmFunction f = function;
            function = null;
            unit.function(f);
        }
    }

    /** The symbol of a TEXT, DATA or GLOBL: must be name(SB), without offset unless {@code offsetAllowed}. */
    private AsmOperand symbolOperand(String directive, int[] part, int pos, boolean offsetAllowed) {
        AsmOperand o = operand(part, pos);
        if (o.kind != Kind.MEM || o.name == null || o.pseudo != AsmOperand.SB || o.index >= 0) {
            throw errors.stop(pos, directive + " symbol \"<erroneous symbol>\" must be a symbol(SB)");
        }
        if (o.value != 0 && !offsetAllowed) {
            throw errors.stop(pos, directive + " symbol \"" + text(part) + "\" must not be offset from SB");
        }
        return o;
    }

    private String text(int[] part) {
        StringBuilder b = new StringBuilder();
        for (int i = part[0]; i < part[1]; i++) {
            b.append(line.get(i).text);
        }
        return b.toString();
    }

    private int flags(String directive, int[] part, int pos) {
        operands.start(line, part[0], part[1], pos);
        return (int) operands.expr();
    }

    private void text(Token word, List<int[]> parts) {
        endFunction();
        int n = parts.size();
        if (n != 2 && n != 3) {
            throw errors.stop(word.pos, "expect two or three operands for TEXT");
        }
        AsmOperand name = symbolOperand("TEXT", parts.get(0), word.pos, false);
        int flags = n == 3 ? flags("TEXT", parts.get(1), word.pos) : 0;
        if (name.abi == 1 && (flags & AsmUnit.NOSPLIT) == 0) {
            throw errors.stop(word.pos, "TEXT \"" + name.name + "\": ABIInternal requires NOSPLIT");
        }
        int[] last = parts.get(n - 1);
        operands.start(line, last[0], last[1], word.pos);
        if (operands.next().kind != '$') {
            throw errors.stop(word.pos, "TEXT " + name.name + ": frame size must be an immediate constant");
        }
        boolean negative = operands.peek().kind == '-';
        if (negative) {
            operands.next();
        }
        long frame = operands.factor();
        frame = negative ? -frame : frame;
        int args = Integer.MIN_VALUE;
        if (operands.more()) {
            if (operands.next().kind != '-') {
                throw errors.stop(word.pos, "TEXT " + name.name + ": argument size must be of form -integer");
            }
            args = (int) operands.factor();
            if (operands.more()) {
                throw errors.stop(word.pos, "TEXT " + name.name + ": argument size must be of form -integer");
            }
        }
        Symbol s = unit.symbol(name, true);
        function = new AsmFunction(s, flags, (int) frame, args, word.pos);
        if (!unit.define(s)) {
            errors.error(word.pos, "symbol " + name.name + " redeclared");
        }
    }

    private void globl(Token word, List<int[]> parts) {
        int n = parts.size();
        if (n != 2 && n != 3) {
            throw errors.stop(word.pos, "expect two or three operands for GLOBL");
        }
        AsmOperand name = symbolOperand("GLOBL", parts.get(0), word.pos, false);
        int flags = n == 3 ? flags("GLOBL", parts.get(1), word.pos) : 0;
        AsmOperand size = operand(parts.get(n - 1), word.pos);
        if (size.kind != Kind.IMM) {
            throw errors.stop(word.pos, "GLOBL size must be an immediate constant");
        }
        Symbol s = unit.symbol(name, false);
        if (!unit.globl(s, flags, size.value, word.pos)) {
            errors.error(word.pos, "symbol " + name.name + " redeclared");
        }
    }

    /** DATA name+offset(SB)/width, value. */
    private void data(Token word, List<int[]> parts) {
        if (parts.size() != 2) {
            throw errors.stop(word.pos, "expect two operands for DATA");
        }
        int[] first = parts.get(0);
        int n = first[1] - first[0];
        if (n < 2 || line.get(first[1] - 2).kind != '/') {
            throw errors.stop(word.pos, "expect /size for DATA argument");
        }
        Token sizeToken = line.get(first[1] - 1);
        operands.start(line, first[1] - 1, first[1], word.pos);
        if (sizeToken.kind != Token.INT) {
            throw errors.stop(word.pos, "bad size for DATA argument: \"" + sizeToken.text + "\"");
        }
        int width = (int) operands.expr();
        AsmOperand name = symbolOperand("DATA", new int[] {first[0], first[1] - 2}, word.pos, true);
        AsmOperand value = operand(parts.get(1), word.pos);
        if (name.value < 0 || name.value > Integer.MAX_VALUE / 4) {
            throw errors.stop(word.pos, "offset " + name.value + " of DATA out of range for " + name.name);
        }
        Symbol s = unit.symbol(name, false);
        if (name.value < unit.dataEnd(s)) {
            errors.error(word.pos, "overlapping DATA entry for " + name.name);
        }
        switch (value.kind) {
            case IMM -> {
                if (width != 1 && width != 2 && width != 4 && width != 8) {
                    throw errors.stop(word.pos, "bad int size for DATA argument: " + width);
                }
                unit.data(s, name.value, width, value.value);
            }
            case FLOAT -> {
                if (width != 4 && width != 8) {
                    throw errors.stop(word.pos, "bad float size for DATA argument: " + width);
                }
                unit.data(s, name.value, width,
                        width == 4 ? Float.floatToRawIntBits((float) value.real)
                                : Double.doubleToRawLongBits(value.real));
            }
            case STRING -> {
                for (int i = 0; i < width; i++) {
                    unit.data(s, name.value + i, 1, i < value.name.length() ? value.name.charAt(i) : 0);
                }
            }
            case ADDR -> {
                if (value.name == null || value.pseudo != AsmOperand.SB) {
                    throw errors.stop(word.pos, "DATA value must be an immediate constant or address");
                }
                if (width != 8) {
                    throw errors.stop(word.pos, "bad addr size for DATA argument: " + width);
                }
                unit.address(s, name.value, unit.symbol(value, false), value.value);
            }
            default -> throw errors.stop(word.pos, "DATA value must be an immediate constant or address");
        }
    }
}
