// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static mica.arch.amd64.Amd64.*;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How GNU's assembler names what Plan 9's calls otherwise; the names follow binutils. */
final class Amd64GnuNames {
    private Amd64GnuNames() {}

    /** Plan 9's name and GNU's; what follows a plus sign is written where an operand is memory. */
    private static final String EXACT = """
            CALL callq JMP jmpq RET retq CBW cbtw CDQ cltd CDQE cltq CQO cqto CWD cwtd CWDE cwtl REP rep REPN repne XLAT xlatb LEAVEW leavew LEAVEL leave LEAVEQ leave
            CVTPD2PL cvtpd2dq CVTPL2PD cvtdq2pd CVTPL2PS cvtdq2ps CVTPS2PL cvtps2dq CVTTPD2PL cvttpd2dq CVTTPS2PL cvttps2dq
            CVTSD2SL cvtsd2si CVTSD2SQ cvtsd2si CVTSS2SL cvtss2si CVTSS2SQ cvtss2si CVTTSD2SL cvttsd2si CVTTSD2SQ cvttsd2si
            CVTTSS2SL cvttss2si CVTTSS2SQ cvttss2si CVTSL2SD cvtsi2sd+l CVTSQ2SD cvtsi2sd+q CVTSL2SS cvtsi2ss+l CVTSQ2SS cvtsi2ss+q
            FCLEX fnclex FINIT fninit FSAVE fnsave FSTCW fnstcw FSTENV fnstenv FSTSW fnstsw FCMOVCC fcmovnb FCMOVCS fcmovb
            FCMOVEQ fcmove FCMOVHI fcmovnbe FCMOVLS fcmovbe FCMOVUN fcmovu FCMOVNE fcmovne FCOMIP fcompi FUCOMIP fucompi FXCHD fxch
            FMOVB fbld FMOVBP fbstp FMOVX fldt FMOVXP fstpt FMOVV fildll FMOVVP fistpll FADDDP faddp FMULDP fmulp
            FDIVDP fdivrp FDIVRDP fdivp FSUBDP fsubrp FSUBRDP fsubp FCOMDPP fcompp
            LGDT lgdtq LIDT lidtq SGDT sgdtq SIDT sidtq LLDT lldtw LMSW lmsww LTR ltrw
            MASKMOVOU maskmovdqu MOVBLSX movsbl MOVBLZX movzbl MOVBQSX movsbq MOVBQZX movzbq MOVBWSX movsbw MOVBWZX movzbw
            MOVLQSX movslq MOVLQZX movl MOVQL movl MOVWLSX movswl MOVWLZX movzwl MOVWQSX movswq MOVWQZX movzwq MOVSWW movsww MOVZWW movzww
            MOVNTO movntdq MOVO movdqa MOVOU movdqu MOVQOZX movq PACKSSLW packssdw PADDL paddd PCMPEQL pcmpeqd PCMPGTL pcmpgtd
            PMADDWL pmaddwd PMULULQ pmuludq PSHUFL pshufd PSLLL pslld PSLLO pslldq PSRAL psrad PSRLL psrld PSRLO psrldq PSUBL psubd
            PUNPCKHLQ punpckhdq PUNPCKHWL punpckhwd PUNPCKLLQ punpckldq PUNPCKLWL punpcklwd RETFL lretl RETFQ lretq RETFW lretw
            SYSENTER64 sysenter SYSEXIT sysexitl SYSEXIT64 sysexitq SYSRET sysretl UNDEF ud2 UD1 ud1l ICEBP int1
            """;

    private static final String CONDITIONS = """
            OS o OC no CS b CC ae EQ e NE ne LS be HI a MI s PL ns PS p PC np LT l GE ge LE le GT g
            """;

    private static final Map<String, String> NAMES = names();
    private static final String[] BY_OP = new String[Amd64Op.ALL.length];

    static {
        for (Amd64Op op : Amd64Op.ALL) {
            BY_OP[op.ordinal()] = NAMES.getOrDefault(op.name(), op.name().toLowerCase(Locale.ROOT));
        }
    }

    private static Map<String, String> names() {
        Map<String, String> m = new HashMap<>();
        String[] exact = EXACT.trim().split("\\s+");
        for (int i = 0; i < exact.length; i += 2) {
            m.put(exact[i], exact[i + 1]);
        }
        String[] conditions = CONDITIONS.trim().split("\\s+");
        for (int i = 0; i < conditions.length; i += 2) {
            m.put("J" + conditions[i], "j" + conditions[i + 1]);
            m.put("SET" + conditions[i], "set" + conditions[i + 1]);
            for (String size : new String[] {"W", "L", "Q"}) {
                m.put("CMOV" + size + conditions[i], "cmov" + conditions[i + 1] + size.toLowerCase(Locale.ROOT));
            }
        }
        for (String s : "VCVTPD2DQ VCVTPD2PS VCVTPD2UDQ VCVTQQ2PS VCVTTPD2DQ VCVTTPD2UDQ VCVTUQQ2PS VFPCLASSPD VFPCLASSPS".split(" ")) {
            // The length shows where the source is memory.
            for (String length : new String[] {"X", "Y", "Z"}) {
                m.put(s + length, s.toLowerCase(Locale.ROOT) + "+" + length.toLowerCase(Locale.ROOT));
            }
        }
        for (String s : "VCVTSI2SD VCVTSI2SS VCVTUSI2SD VCVTUSI2SS VCVTSD2SI VCVTSD2USI VCVTSS2SI VCVTSS2USI VCVTTSD2SI VCVTTSD2USI VCVTTSS2SI VCVTTSS2USI"
                .split(" ")) {
            boolean fromGeneral = s.contains("SI2S");
            for (String size : new String[] {"", "L", "Q"}) {
                m.put(s + size, s.toLowerCase(Locale.ROOT) + (fromGeneral ? "+" + (size.isEmpty() ? "l" : size.toLowerCase(Locale.ROOT)) : ""));
            }
        }
        for (String size : new String[] {"B", "W", "L", "Q"}) {
            String s = size.toLowerCase(Locale.ROOT);
            m.put("IMUL3" + size, "imul" + s);
            m.put("SAL" + size, "shl" + s);
        }
        return m;
    }

    static boolean isNop(Amd64Inst inst) {
        return inst.op == Amd64Op.XCHGL && inst.length == 1 && inst.operands[0] == AX && inst.operands[1] == AX;
    }

    /** GNU's mnemonic of a decoded instruction. */
    static String of(Amd64Inst inst) {
        String name = BY_OP[inst.op.ordinal()];
        boolean memory = false;
        boolean mmx = false;
        boolean xmm = false;
        boolean system = false;
        for (int i = 0; i < inst.operandCount; i++) {
            long o = inst.operands[i];
            memory |= kind(o) == MEM;
            if (kind(o) == REG) {
                mmx |= o >= M0 && o <= M7;
                xmm |= o >= X0 && o <= X31;
                system |= o >= CR0 && o <= TR7;
            }
        }
        switch (inst.op) {
            case XCHGL:
                return isNop(inst) ? "nop" : name;
            case MOVW:
                return segment(inst) && !memory && (Amd64Table.all().spec[inst.form] & Amd64Table.OSIZE) == 0 ? "movl" : name;
            case MOVL:
                return segment(inst) ? memory ? "movw" : "movl" : mmx || xmm ? "movd" : system ? "movq" : name;
            case MOVQ:
                return segment(inst) ? memory ? "movw" : name : mmx && xmm ? inst.operands[1] >= M0 ? "movdq2q" : "movq2dq" : !memory && Amd64Table.all().imm(inst.form) == Amd64Table.IMM_Q
                        ? "movabsq" : name;
            case MOVQOZX:
                return mmx ? "movq2dq" : name;
            case CVTPD2PL, CVTTPD2PL, CVTPS2PL, CVTTPS2PL:
                return mmx ? name.replace("dq", "pi") : name;
            case CVTPL2PD, CVTPL2PS:
                // From memory both exist, told apart by the prefix.
                return mmx ? name.replace("dq", "pi") : name;
            case SHLW, SHLL, SHLQ, SALW, SALL, SALQ:
                return inst.operandCount == 3 ? name.replace("shl", "shld") : name;
            case SHRW, SHRL, SHRQ:
                return inst.operandCount == 3 ? name.replace("shr", "shrd") : name;
            case SLDTL, SLDTQ, STRL, STRQ, SMSWL, SMSWQ:
                return memory ? name.substring(0, name.length() - 1) + "w" : name;
            default:
                int plus = name.indexOf('+');
                return plus > 0 ? name.substring(0, plus) + (memory && (inst.suffix & Amd64Suffix.BCST) == 0 ? name.substring(plus + 1) : "")
                        : name.charAt(0) == 'f' ? x87(inst, name, memory) : name;
        }
    }

    private static boolean segment(Amd64Inst inst) {
        for (int i = 0; i < inst.operandCount; i++) {
            if (kind(inst.operands[i]) == REG && inst.operands[i] >= ES && inst.operands[i] <= GS) {
                return true;
            }
        }
        return false;
    }

    /** x87: the size of memory operands is D (l), F (s), L (integer, l), W (integer, s). */
    private static String x87(Amd64Inst inst, String name, boolean memory) {
        String plan9 = inst.op.name();
        if (NAMES.containsKey(plan9)) {
            return name;
        }
        boolean pops = plan9.endsWith("P") && plan9.length() > 4;
        String stem = pops ? name.substring(0, name.length() - 1) : name;
        char size = Character.toUpperCase(stem.charAt(stem.length() - 1));
        String base = stem.substring(0, stem.length() - 1);
        String p = pops ? "p" : "";
        switch (base) {
            case "fadd", "fmul", "fsub", "fsubr", "fdiv", "fdivr", "fcom":
                if (size == 'L' || size == 'W') {
                    return "fi" + base.substring(1) + p + (size == 'L' ? "l" : "s");
                }
                return size != 'D' && size != 'F' ? name : registerForm(inst, base, memory) + p + (memory ? size == 'D' ? "l" : "s" : "");
            case "fmov":
                boolean store = inst.operands[0] == F0 && (memory || inst.operandCount == 2 && kind(inst.operands[1]) == REG
                        && Amd64Table.all().role(inst.form, 0) == Amd64Table.IMPLIED);
                String what = size == 'L' || size == 'W' ? store ? "fist" : "fild" : store ? "fst" : "fld";
                return what + p + (!memory ? "" : size == 'D' || size == 'L' ? "l" : "s");
            default:
                return name;
        }
    }

    /** Subtraction and division to another register than the top have their names crossed, as in AT&amp;T's assembler. */
    private static String registerForm(Amd64Inst inst, String base, boolean memory) {
        boolean toOther = !memory && inst.operandCount == 2 && Amd64Table.all().role(inst.form, 0) == Amd64Table.IMPLIED;
        if (!toOther) {
            return base;
        }
        switch (base) {
            case "fsub":
                return "fsubr";
            case "fsubr":
                return "fsub";
            case "fdiv":
                return "fdivr";
            case "fdivr":
                return "fdiv";
            default:
                return base;
        }
    }

    /** Whether Plan 9 writes the two operands in the other order. */
    static boolean isSwapped(Amd64Op op) {
        switch (op) {
            case CMPB, CMPW, CMPL, CMPQ, FUCOMI, FUCOMIP:
                return true;
            default:
                return false;
        }
    }

    /** Whether Plan 9 writes the constant behind the other operands. */
    static boolean isConstantLast(Amd64Op op) {
        switch (op) {
            case CMPPD, CMPPS, CMPSD, CMPSS:
                return true;
            default:
                return false;
        }
    }

    /** Whether an operand that the opcode implies is left out: the one of shifts by one, the top of the x87 stack. */
    static boolean isSilent(Amd64Inst inst, int i) {
        long o = inst.operands[i];
        if (o == imm(1)) {
            return true;
        }
        if (o != F0) {
            return false;
        }
        for (int k = 0; k < inst.operandCount; k++) {
            if (kind(inst.operands[k]) == MEM) {
                return true;
            }
        }
        String name = inst.op.name();
        boolean compares = name.startsWith("FCOM") || name.startsWith("FUCOM");
        return name.startsWith("FMOV") || name.equals("FXCHD") || compares && !name.contains("COMI");
    }

    /** What string and port instructions work on, as GNU's syntax names it and Plan 9's does not; "" for the others. */
    static String implied(Amd64Inst inst) {
        boolean constant = inst.operandCount == 1;
        switch (inst.op) {
            case MOVSB, MOVSW, MOVSL, MOVSQ:
                return " %ds:(%rsi),%es:(%rdi)";
            case CMPSB, CMPSW, CMPSL, CMPSQ:
                return " %es:(%rdi),%ds:(%rsi)";
            case INSB, INSW, INSL:
                return " (%dx),%es:(%rdi)";
            case OUTSB, OUTSW, OUTSL:
                return " %ds:(%rsi),(%dx)";
            case STOSB, STOSW, STOSL, STOSQ:
                return " %" + accumulator(inst) + ",%es:(%rdi)";
            case SCASB, SCASW, SCASL, SCASQ:
                return " %es:(%rdi),%" + accumulator(inst);
            case LODSB, LODSW, LODSL, LODSQ:
                return " %ds:(%rsi),%" + accumulator(inst);
            case INB, INW, INL:
                return constant ? ",%" + accumulator(inst) : " (%dx),%" + accumulator(inst);
            case OUTB, OUTW, OUTL:
                return constant ? "" : " %" + accumulator(inst) + ",(%dx)";
            default:
                return "";
        }
    }

    static String accumulator(Amd64Inst inst) {
        String name = inst.op.name();
        switch (name.charAt(name.length() - 1)) {
            case 'B':
                return "al";
            case 'W':
                return "ax";
            case 'L':
                return "eax";
            default:
                return "rax";
        }
    }

    /** Bits of general register operand i where the opcode's size does not tell; 0 where it does. */
    static int width(Amd64Op op, int i, int n) {
        switch (op) {
            case CALL, JMP, PUSHQ, POPQ, INVPCID, RDPID, INVLPG:
                return 64;
            case LARL, LARQ, LSLL, LSLQ:
                return i == 0 ? 16 : 0;
            case FSTSW, LARW, LSLW, LFSW, LGSW, LSSW, RDRANDW, RDSEEDW, SLDTW, SMSWW, STRW:
                return 16;
            case MOVWLZX, MOVWQZX, MOVWLSX, MOVWQSX, MOVSWW, MOVZWW:
                return i == 0 ? 16 : 0;
            case MOVLQSX, CRC32L:
                return i == 0 ? 32 : 0;
            case CRC32W:
                return i == 0 ? 16 : 32;
            case LLDT, LTR, LMSW, VERR, VERW, ARPL:
                return 16;
            case UMONITOR:
                return 64;
            default:
                return 0;
        }
    }
}
