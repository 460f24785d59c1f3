// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mica.base.Sources;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.ElfRelocatable;
import mica.obj.FormatException;
import mica.obj.GoObjectReader;
import mica.obj.GoPackage;
import mica.obj.GoobjFile;
import mica.obj.Symbol;
import mica.obj.SymbolTable;

/**
 * Objects in a link: object files are loaded at once, and so are all that Mica made; members of archives of other compilers when a
 * name that one of them defines is asked for.
 */
public final class ObjectFiles implements LinkOptions.Resolver {
    private final SymbolTable table;
    private final Sources sources;
    private final Set<String> groups = new HashSet<>();
    private final Map<String, ElfFile> members = new HashMap<>();
    private final Set<ElfFile> loaded = new HashSet<>();
    /** What is wrong with members that were loaded during the link. */
    public final List<String> errors = new ArrayList<>();

    public ObjectFiles(SymbolTable table) {
        this(table, new Sources());
    }

    /** @param sources where positions in Go objects are registered */
    public ObjectFiles(SymbolTable table, Sources sources) {
        this.table = table;
        this.sources = sources;
    }

    /**
     * Adds an object or an archive.
     *
     * @return facts of the Go packages in it
     */
    public synchronized List<GoPackage> add(String path, byte[] contents) throws FormatException {
        List<GoPackage> found = new ArrayList<>();
        if (ElfFile.isElf(contents)) {
            load(new ElfFile(path, contents), found);
            return found;
        }
        refuse(path, contents);
        for (Archive.Member m : new Archive(path, contents).members) {
            if (!m.name.equals("__.PKGDEF")) {
                refuse(path + "(" + m.name + ")", m.content);
            }
            if (ElfFile.isElf(m.content)) {
                ElfFile elf = new ElfFile(path + "(" + m.name + ")", m.content);
                if (GoObjectReader.isGo(elf)) {
                    load(elf, found);
                    continue;
                }
                for (String name : ElfRelocatable.definitions(elf)) {
                    members.putIfAbsent(name, elf);
                }
            }
        }
        return found;
    }

    private static void refuse(String path, byte[] contents) throws FormatException {
        if (GoobjFile.isGoobj(contents)) {
            throw new FormatException(path, -1, "an object of the standard compiler: mica links its own and those of C compilers");
        }
    }

    private void load(ElfFile elf, List<GoPackage> found) throws FormatException {
        if (!loaded.add(elf)) {
            return;
        }
        if (GoObjectReader.isGo(elf)) {
            GoPackage p = GoObjectReader.load(elf, table, sources);
            if (p != null) {
                found.add(p);
            }
        } else {
            new ElfRelocatable(elf, table, groups);
        }
    }

    @Override
    public synchronized void resolve(Symbol s) {
        ElfFile elf = s.isDefined() ? null : members.get(s.name);
        if (elf != null) {
            try {
                load(elf, new ArrayList<>());
            } catch (FormatException e) {
                errors.add(e.getMessage());
            }
        }
    }
}
