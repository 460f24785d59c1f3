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

    /** Name of the entry symbol (ABI0 function); it is a root. */
    public String entry = "_rt0_amd64_linux";
    /** -s: neither symbol table nor debug information. */
    public boolean omitSymbols;
    /** -w: no debug information. */
    public boolean omitDebug;
    /** -buildid; null = a hash of the contents. */
    public String buildId;
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
}
