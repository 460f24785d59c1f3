// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.base.FileErrors;
import mica.obj.Archive;
import mica.obj.ElfFile;
import mica.obj.FormatException;
import mica.obj.GoObjectReader;
import mica.obj.GoPackage;

/**
 * Packages that come as object files: named by an -importcfg file ({@code importmap old=new}, {@code packagefile path=file}), or found
 * in the folders of -I and -L as {@code path.a} or {@code path.o}.
 */
public final class ObjectPackages {
    private final Path cwd;
    private final List<Path> folders = new ArrayList<>();
    private final Map<String, String> importMap = new HashMap<>();
    private final TreeMap<String, String> files = new TreeMap<>();
    private final Map<String, GoPackage> read = new HashMap<>();
    /** From the line {@code modinfo}: what {@code go version -m} shows; null = not given. */
    String modInfo;

    public ObjectPackages(Path cwd) {
        this.cwd = cwd;
    }

    public void addFolder(String dir) {
        folders.add(cwd.resolve(dir));
    }

    /** Reads an -importcfg file. @throws BuildException with file and line */
    public void config(String file) throws BuildException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cwd.resolve(file));
        } catch (IOException e) {
            throw new BuildException("-importcfg: open " + file + ": " + FileErrors.reason(e), 2);
        }
        for (int n = 1; n <= lines.size(); n++) {
            String line = lines.get(n - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int blank = line.indexOf(' ');
            String verb = blank < 0 ? line : line.substring(0, blank);
            String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
            int eq = rest.indexOf('=');
            String at = file + ":" + n + ": ";
            switch (verb) {
                case "importmap" -> {
                    if (eq <= 0 || eq == rest.length() - 1) {
                        throw new BuildException(at + "invalid importmap: syntax is \"importmap old=new\"", 2);
                    }
                    importMap.put(rest.substring(0, eq), rest.substring(eq + 1));
                }
                case "packagefile" -> {
                    if (eq <= 0 || eq == rest.length() - 1) {
                        throw new BuildException(at + "invalid packagefile: syntax is \"packagefile path=filename\"", 2);
                    }
                    files.put(rest.substring(0, eq), rest.substring(eq + 1));
                }
                case "modinfo" -> modInfo = mica.syntax.Literals.stringText(rest);
                case "packageshlib" -> throw new BuildException(at + "packageshlib: shared libraries are not supported by mica", 2);
                default -> throw new BuildException(at + "unknown directive \"" + verb + "\"", 2);
            }
        }
    }

    /** The import path that an import clause means. */
    String mapped(String path) {
        return importMap.getOrDefault(path, path);
    }

    /** The file that holds a package, or null if none is known. */
    String file(String path) {
        String named = files.get(path);
        if (named != null) {
            return named;
        }
        for (Path dir : folders) {
            for (String end : new String[] {".a", ".o"}) {
                Path f = dir.resolve(path + end);
                if (Files.isRegularFile(f)) {
                    return f.toString();
                }
            }
        }
        return null;
    }

    /** Says that the package was found in a file already. */
    void put(String path, String file, GoPackage p) {
        files.put(path, file);
        read.put(path, p);
    }

    /** Facts of a package; null if no object is known for it. */
    synchronized GoPackage find(String path) throws BuildException {
        GoPackage p = read.get(path);
        if (p == null) {
            String file = file(path);
            if (file == null) {
                return null;
            }
            p = readPackage(file);
            if (p == null) {
                throw new BuildException(file + ": no Go package compiled by mica in this file", 2);
            }
            read.put(path, p);
        }
        return p;
    }

    /** Whether a file holds a Go package; what is wrong with the file is reported by those who read it. */
    public boolean holdsGo(String file) {
        try {
            byte[] b = Files.readAllBytes(cwd.resolve(file));
            return packageOf(file, b) != null;
        } catch (FormatException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    byte[] contents(String file) throws BuildException {
        try {
            return Files.readAllBytes(cwd.resolve(file));
        } catch (IOException e) {
            throw new BuildException("open " + file + ": " + FileErrors.reason(e), 2);
        }
    }

    /** The first package in a file; null if it holds none. */
    GoPackage readPackage(String file) throws BuildException {
        byte[] b = contents(file);
        try {
            GoPackage p = packageOf(file, b);
            if (p != null) {
                checkToolchain(file, p);
            }
            return p;
        } catch (FormatException e) {
            throw new BuildException(e.getMessage(), 2);
        }
    }

    /** Facts of the first package in an object or archive; null if there is none. */
    static GoPackage packageOf(String file, byte[] b) throws FormatException {
        if (ElfFile.isElf(b)) {
            return GoObjectReader.readPackage(new ElfFile(file, b));
        }
        for (Archive.Member m : new Archive(file, b).members) {
            if (ElfFile.isElf(m.content)) {
                GoPackage p = GoObjectReader.readPackage(new ElfFile(file + "(" + m.name + ")", m.content));
                if (p != null) {
                    return p;
                }
            }
        }
        return null;
    }

    static void checkToolchain(String file, GoPackage p) throws FormatException {
        if (!p.toolchain.equals(toolchain())) {
            throw new FormatException(file, -1, "object is [" + p.toolchain + "] expected [" + toolchain() + "]");
        }
    }

    /** Objects must have been compiled against the objects that are linked. */
    void checkFingerprints(List<Package> all) throws BuildException {
        Map<String, String> have = new HashMap<>();
        for (Package p : all) {
            have.put(p.importPath, p.object == null ? "" : p.object.fingerprint);
        }
        for (Package p : all) {
            for (GoPackage.Import i : p.object == null ? List.<GoPackage.Import>of() : p.object.imports) {
                String h = have.get(mapped(i.path));
                if (h != null && !i.fingerprint.isEmpty() && !h.equals(i.fingerprint)) {
                    throw new BuildException("link: fingerprint mismatch: " + i.path + " has " + h + ", import from " + p.importPath + " expecting "
                            + i.fingerprint, 2);
                }
            }
        }
    }

    static String toolchain() {
        return "mica object linux amd64 " + Version.MICA + " " + Version.GO;
    }
}
