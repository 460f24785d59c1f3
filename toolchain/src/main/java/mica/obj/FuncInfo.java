// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.util.ArrayList;
import java.util.List;

/** What the runtime and the tools must know of a function beyond its bytes. The linker turns it into pclntab records. */
public final class FuncInfo {
    public static final int PCDATA_UNSAFE_POINT = 0;
    public static final int PCDATA_STACK_MAP = 1;
    public static final int PCDATA_INL_TREE = 2;
    public static final int PCDATA_ARG_LIVE = 3;
    public static final int FUNCDATA_ARGS_POINTER_MAPS = 0;
    public static final int FUNCDATA_LOCALS_POINTER_MAPS = 1;
    public static final int FUNCDATA_STACK_OBJECTS = 2;
    public static final int FUNCDATA_INL_TREE = 3;
    public static final int FUNCDATA_OPEN_CODED_DEFER = 4;
    public static final int FUNCDATA_ARG_INFO = 5;
    public static final int FUNCDATA_ARG_LIVE_INFO = 6;
    public static final int FUNCDATA_WRAP_INFO = 7;

    public static final int FLAG_TOP_FRAME = 1;
    public static final int FLAG_SP_WRITE = 2;
    public static final int FLAG_ASM = 4;

    /** One inlined call: the call of {@code name} inlined at {@code parentPc}; parent -1 = the function itself. */
    public static final class InlinedCall {
        public int parent;
        public String name;
        public int pos;
        public int startLine;
        public int funcId;
        /** Code offset of the place of the call in the parent. */
        public int parentPc;
    }

    /** Bytes of arguments and results on the stack, spill area not included; -2147483648 (ArgsSizeUnknown) for some assembly. */
    public int args;
    /** Frame size in bytes: from SP after the prologue to the return address (exclusive), saved BP included. */
    public int frame;
    public int startLine;
    /** internal/abi FuncID; 0 = normal. */
    public int funcId;
    /** FLAG_* bits. */
    public int flags;
    /** TEXT flags as in textflag.h (NOSPLIT 4, WRAPPER 32 ...). */
    public int textFlags;
    /** Offset of the CALL to deferreturn where recovery resumes; 0 = none. */
    public int deferReturn;
    /** Stack depth below the return address at each pc (SP delta). */
    public final PcTable pcsp = new PcTable();
    /** Source position ({@code base.Sources} int) at each pc; the linker derives file and line tables. In inlined code: the innermost position. */
    public final PcTable pcpos = new PcTable();
    /** PCDATA tables by index; null = absent. */
    public final PcTable[] pcdata = new PcTable[5];
    /** FUNCDATA symbols by index (kind FUNCDATA or RODATA); null = absent. */
    public final Symbol[] funcdata = new Symbol[8];
    /** Inline tree, parents before children; indexes are values of PCDATA_INL_TREE. */
    public final List<InlinedCall> inlined = new ArrayList<>();
    /** Name shown by runtime.Func.Name where it differs from the link name (generics show [...]); null = same. */
    public String shownName;
    /** Assembly without a source file in base.Sources: path and lines given directly; null otherwise. */
    public String asmFile;
    /** Where each instruction comes from; null unless a view asked for it. */
    public Provenance provenance;
}
