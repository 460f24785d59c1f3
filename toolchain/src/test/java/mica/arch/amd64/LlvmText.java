// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings instructions in AT&amp;T syntax, from llvm-objdump or our own printer, to one spelling. */
final class LlvmText {
    private LlvmText() {}

    private static final Pattern NUMBER = Pattern.compile("(?<![%a-z0-9{])-?(0x[0-9a-f]+|[0-9]+)");
    private static final Pattern CONSTANT = Pattern.compile("\\$-?[0-9]+");
    private static final List<String> FLOAT_CONDITIONS = List.of(("eq lt le unord neq nlt nle ord eq_uq nge ngt false neq_oq ge gt true eq_os lt_oq"
            + " le_oq unord_s neq_us nlt_uq nle_uq ord_s eq_us nge_uq ngt_uq false_os neq_os ge_oq gt_oq true_us").split(" "));
    private static final List<String> CONDITIONS = List.of("eq lt le false neq nlt nle true".split(" "));
    private static final Pattern FLOAT_COMPARE = Pattern.compile("(v?)cmp(" + String.join("|", FLOAT_CONDITIONS) + ")(ps|pd|ss|sd)");
    private static final Pattern COMPARE = Pattern.compile("vpcmp(" + String.join("|", CONDITIONS) + ")(u?[bwdq])");

    /** The mnemonic, a blank, the operands without blanks, their numbers in decimal, a scale of one left out. */
    static String normal(String text) {
        String t = text.replace('\t', ' ').replaceAll("\\s*#.*$", "").replaceAll("\\s*<.*>$", "").trim();
        int blank = t.indexOf(' ');
        String mnemonic = blank < 0 ? t : t.substring(0, blank);
        String operands = blank < 0 ? "" : t.substring(blank + 1).replaceAll("\\s", "").replaceAll(",1\\)", ")");
        operands = NUMBER.matcher(operands).replaceAll(m -> decimal(m.group()));
        operands = operands.replace("%st(0)", "%st").replace("%ds:(%rsi)", "(%rsi)").replace("(%dx)", "%dx")
                .replaceAll("(?<![0-9a-fx%$-])0\\(", "(");
        operands = CONSTANT.matcher(operands).replaceAll(m -> Matcher.quoteReplacement("$" + cut(mnemonic, Long.parseLong(m.group().substring(1)))));
        if (mnemonic.startsWith("xchg")) {
            String[] either = operands.split(",(?=%)");
            Arrays.sort(either);
            operands = String.join(",", either);
        }
        Matcher m = FLOAT_COMPARE.matcher(mnemonic);
        if (m.matches()) {
            return m.group(1) + "cmp" + m.group(3) + " $" + FLOAT_CONDITIONS.indexOf(m.group(2)) + "," + operands;
        }
        m = COMPARE.matcher(mnemonic);
        if (m.matches() && operands.contains("%k")) {
            return "vpcmp" + m.group(2) + " $" + CONDITIONS.indexOf(m.group(1)) + "," + operands;
        }
        return mnemonic + " " + operands;
    }

    private static String decimal(String s) {
        boolean negative = s.charAt(0) == '-';
        String digits = negative ? s.substring(1) : s;
        long v = digits.startsWith("0x") ? Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseUnsignedLong(digits);
        return Long.toString(negative ? -v : v);
    }

    /** A constant with or without its sign is the same in the bits that the instruction takes. */
    private static long cut(String mnemonic, long v) {
        char size = mnemonic.charAt(mnemonic.length() - 1);
        // Bit numbers and shift counts are bytes whatever the size.
        if (mnemonic.startsWith("cmpp") || mnemonic.startsWith("cmps") || mnemonic.matches("(bt[src]?|sh[lr]d?|sar|ro[lr]|rc[lr])[bwlq]") || mnemonic.startsWith("v") || mnemonic.startsWith("p") && !mnemonic.startsWith("push")) {
            return v & 0xff;
        }
        return size == 'b' ? v & 0xff : size == 'w' ? v & 0xffff : size == 'l' ? v & 0xffffffffL : v;
    }
}
