// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.ElfRelocatable;
import mica.obj.FormatException;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Objects of other compilers in a link: object files are loaded at once, members of archives when a name that one of them
 * defines is asked for.
 */
public final class ObjectFiles implements LinkOptions.Resolver {
    private final SymbolTable table;
    private final Set<String> groups = new HashSet<>();
    private final Map<String, ElfFile> members = new HashMap<>();
    private final Set<ElfFile> loaded = new HashSet<>();
    /** What is wrong with members that were loaded during the link. */
    public final List<String> errors = new ArrayList<>();

    public ObjectFiles(SymbolTable table) {
        this.table = table;
    }

    /** Adds an object or an archive. */
    public synchronized void add(String path, byte[] contents) throws FormatException {
        if (ElfFile.isElf(contents)) {
            load(new ElfFile(path, contents));
            return;
        }
        for (Archive.Member m : new Archive(path, contents).members) {
            if (ElfFile.isElf(m.content)) {
                ElfFile elf = new ElfFile(path + "(" + m.name + ")", m.content);
                for (String name : ElfRelocatable.definitions(elf)) {
                    members.putIfAbsent(name, elf);
                }
            }
        }
    }

    private void load(ElfFile elf) throws FormatException {
        if (loaded.add(elf)) {
            new ElfRelocatable(elf, table, groups);
        }
    }

    @Override
    public synchronized void resolve(Symbol s) {
        ElfFile elf = s.isDefined() ? null : members.get(s.name);
        if (elf != null) {
            try {
                load(elf);
            } catch (FormatException e) {
                errors.add(e.getMessage());
            }
        }
    }
}
