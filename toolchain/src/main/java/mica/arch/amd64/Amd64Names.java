// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import java.util.HashMap;
import java.util.Map;

/** Mnemonics by name, and their synonyms. */
public final class Amd64Names {
    private Amd64Names() {}

    private static final Map<String, Amd64Op> OPS = Amd64Table.names();
    private static final Map<String, String> SYNONYMS = new HashMap<>();

    static {
        String[] pairs = {
            "JA", "JHI", "JAE", "JCC", "JB", "JCS", "JBE", "JLS", "JC", "JCS", "JE", "JEQ", "JG", "JGT", "JHS", "JCC",
                    "JL", "JLT",
            "JLO", "JCS", "JNA", "JLS", "JNAE", "JCS", "JNB", "JCC", "JNBE", "JHI", "JNC", "JCC", "JNG", "JLE",
                    "JNGE", "JLT",
            "JNL", "JGE", "JNLE", "JGT", "JNO", "JOC", "JNP", "JPC", "JNS", "JPL", "JNZ", "JNE", "JO", "JOS", "JP",
                    "JPS", "JPE",
            "JPS", "JPO", "JPC", "JS", "JMI", "JZ", "JEQ", "MASKMOVDQU", "MASKMOVOU", "MOVD", "MOVQ", "MOVDQ2Q",
                    "MOVQ", "MOVNTDQ",
            "MOVNTO", "MOVOA", "MOVO", "PSLLDQ", "PSLLO", "PSRLDQ", "PSRLO", "PADDD", "PADDL", "MOVBELL", "MOVBEL",
                    "MOVBEQQ",
            "MOVBEQ", "MOVBEWW", "MOVBEW",
        };
        for (int i = 0; i < pairs.length; i += 2) {
            SYNONYMS.put(pairs[i], pairs[i + 1]);
        }
    }

    /** The name under which the tables know a mnemonic. */
    public static String canonical(String name) {
        String s = SYNONYMS.get(name);
        return s == null ? name : s;
    }

    /** Ordinal of a mnemonic in {@link Amd64Op}, or -1. */
    public static int op(String canonicalName) {
        Amd64Op op = OPS.get(canonicalName);
        return op == null ? -1 : op.ordinal();
    }

    public static Amd64Op at(int ordinal) {
        return Amd64Op.ALL[ordinal];
    }
}
