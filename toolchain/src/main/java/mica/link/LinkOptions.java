// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mica.base.Diagnostics;
import mica.obj.Elf;
import mica.obj.Symbol;

/** What a link should make and how. Fields are set before {@link Linker#link} and not changed afterwards. */
public final class LinkOptions {
    /** Asked for a symbol that is referred to and has neither contents nor a definer: ABI wrappers, linknames. */
    public interface Resolver {
        /** Defines the symbol or gives it a definer, or does nothing when the name means nothing. Called once per symbol, on any worker. */
        void resolve(Symbol s);
    }

    /** Where a struct's fields lie. */
    public interface FieldOffsets {
        /** Offset in bytes; -1 = no such field. */
        long offset(String field);
    }

    private static final int MAX_GNU_BUILD_ID = 32;

    /** Name of the entry symbol (ABI0 function); it is a root. */
    public String entry = "_rt0_amd64_linux";
    /** -s: neither symbol table nor debug information. */
    public boolean omitSymbols;
    /** Why each symbol is in the image is wanted even if the file does not keep it ({@link Image#graph}). */
    public boolean graph;
    /** Keep the relocations in the file, and for that every symbol in its symbol table. */
    public boolean keepRelocations;
    /** For tests: references from this symbol to {@link #cutTo} lead to a stub and make nothing needed; null = none. */
    public String cutFrom;
    public String cutTo;
    /** -w: no debug information. */
    public boolean omitDebug;
    /** -buildid; null = a hash of the contents. */
    public String buildId;
    /** -B: contents of the GNU build id note; null = a hash of the contents. */
    public byte[] gnuBuildId;
    /** -X importpath.name=value, in the order given. */
    public final Map<String, String> stringValues = new LinkedHashMap<>();
    /** Toolchain version that build information and runtime.buildVersion show. */
    public String goVersion = "go1.27";
    /** Module information as {@code runtime/debug.BuildInfo.String} prints it, without markers; "" = none. */
    public String modInfo = "";
    /** Threads that define symbols. */
    public int workers = 2;
    /** Stack of each of them in bytes: compiling recurses as deep as the source nests. */
    public long workerStack = 256L << 20;
    /** Where errors go; undefined symbols are reported only while it is empty. */
    public Diagnostics diagnostics;
    /** May be null. */
    public Resolver resolver;
    /** Layout of runtime.moduledata; null = the words of {@link ModuleData#FIELDS} one after the other. */
    public FieldOffsets moduledata;
    /** Initialization work of every package of the program, in any order; {@link InitOrder} sorts it. */
    public final List<InitTask> initTasks = new ArrayList<>();
    /** Import paths in the order in which packages' symbols are laid out; packages not named follow by name. */
    public final List<String> packageOrder = new ArrayList<>();
    public long base = 0x400000;
    public int machine = Elf.EM_X86_64;
    /** Smallest instruction in bytes: unit of pc deltas in pc-value tables. */
    public int pcQuantum = 1;

    /**
     * Takes the argument of -B, hexadecimal digits after 0x.
     *
     * @return what is wrong with it, in the words of Go's linker; null = fine
     */
    public String setGnuBuildId(String text) {
        if (!text.startsWith("0x")) {
            return "-B argument must start with 0x: " + text;
        }
        int n = text.length() - 2;
        if (n % 2 != 0) {
            return "-B argument must have even number of digits: " + text;
        }
        if (n / 2 > MAX_GNU_BUILD_ID) {
            return "-B option too long (max " + MAX_GNU_BUILD_ID + " digits): " + text;
        }
        byte[] id = new byte[n / 2];
        for (int i = 0; i < n; i++) {
            int d = Character.digit(text.charAt(2 + i), 16);
            if (d < 0) {
                return "-B argument contains invalid hex digit " + text.charAt(2 + i) + ": " + text;
            }
            id[i / 2] |= (byte) (d << (i % 2 == 0 ? 4 : 0));
        }
        gnuBuildId = id;
        return null;
    }
}
