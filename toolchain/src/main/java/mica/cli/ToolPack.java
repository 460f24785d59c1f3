// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mica.base.FileErrors;
import mica.base.JsonWriter;
import mica.base.OutputFile;
import mica.build.BuildException;
import mica.obj.Archive;
import mica.obj.FormatException;
import mica.obj.GoobjFile;

/** {@code mica tool pack}: archives of objects. */
final class ToolPack extends Command {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm yyyy", Locale.ROOT);

    private static final String EXPORT_DATA = "__.PKGDEF";

    ToolPack() {
        super("pack", "tool pack [-json] op file.a [name....]", "make and read archives", """
                Pack applies the operation to the archive, using the names as arguments.

                	c    append files to a new archive
                	p    print files from the archive
                	r    append files to the archive
                	t    list files of the archive
                	x    extract files from the archive

                A letter v behind the operation makes it tell what it does: t then shows modes, owners, sizes and times.
                With -json, t prints one object. Of a file that the standard compiler wrote, c and r add the object, and c
                the export data of the first.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() < 2) {
            context.err.println("pack: not enough arguments\n");
            return misused(context);
        }
        String op = flags.rest.get(0).equals("grc") ? "c" : flags.rest.get(0);
        boolean verbose = op.indexOf('v') >= 0;
        String action = op.replaceFirst("v", "");
        if (action.length() != 1 || "cprtx".indexOf(action.charAt(0)) < 0 || flags.bool("json") && !action.equals("t")) {
            return misused(context);
        }
        String name = flags.rest.get(1);
        List<String> names = new ArrayList<>(flags.rest.subList(2, flags.rest.size()));
        boolean adds = action.equals("c") || action.equals("r");
        if (adds && names.isEmpty()) {
            return misused(context);
        }
        try {
            Path file = context.cwd.resolve(name);
            if (adds) {
                Archive a = action.equals("r") && Files.exists(file) ? read(context, name) : new Archive();
                add(context, a, names, action.equals("c"), verbose);
                OutputFile.write(file, a.toBytes(), false);
            } else {
                each(context, read(context, name), name, action.charAt(0), names, verbose, flags.bool("json"));
            }
        } catch (IOException e) {
            throw new BuildException("pack: open " + name + ": " + FileErrors.reason(e));
        } catch (InvalidPathException e) {
            throw new BuildException("pack: open " + name + ": invalid argument");
        } catch (FormatException e) {
            throw new BuildException("pack: " + e.getMessage());
        }
        return 0;
    }

    /** The archive of a file; an object of the standard toolchain counts as an archive of itself. */
    private static Archive read(Context context, String name) throws FormatException, BuildException {
        byte[] bytes = InputFile.read(context, "pack", name);
        Archive a;
        if (GoobjFile.isGoobj(bytes)) {
            new GoobjFile(name, bytes);
            a = new Archive();
            a.put(name, bytes, false);
            a.members.get(0).mode = 0;
        } else {
            a = new Archive(name, bytes);
        }
        for (Archive.Member m : a.members) {
            // No archive reads or writes outside of the directory.
            if (m.name.isEmpty() || m.name.indexOf('/') >= 0 || m.name.indexOf('\0') >= 0 || m.name.equals("..") || m.name.equals(".")) {
                throw new BuildException("pack: " + JsonWriter.quote(m.name) + ": invalid name");
            }
        }
        return a;
    }

    /**
     * Adds files. Of what the standard compiler wrote, an archive itself, the object is added under the file's name, and to a {@code fresh} archive the first one's
     * export data, in front of all.
     */
    private static void add(Context context, Archive a, List<String> names, boolean fresh, boolean verbose) throws BuildException, FormatException, IOException {
        List<List<Archive.Member>> compiled = new ArrayList<>();
        for (String n : names) {
            byte[] bytes = InputFile.read(context, "pack", n);
            List<Archive.Member> inside = Archive.isArchive(bytes) ? new Archive(n, bytes).members : List.of();
            compiled.add(isCompiled(inside) ? inside : List.of(new Archive.Member("", bytes)));
        }
        for (int i = 0; i < names.size() && fresh; i++) {
            for (Archive.Member m : compiled.get(i)) {
                if (m.name.equals(EXPORT_DATA)) {
                    if (verbose) {
                        context.out.println(EXPORT_DATA + " # " + names.get(i));
                    }
                    a.members.add(new Archive.Member(EXPORT_DATA, m.content));
                    fresh = false;
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            if (verbose) {
                context.out.println(names.get(i));
            }
            Path p = context.cwd.resolve(names.get(i));
            for (Archive.Member m : compiled.get(i)) {
                if (!m.name.equals(EXPORT_DATA)) {
                    Archive.Member added = new Archive.Member(p.getFileName().toString(), m.content);
                    added.mode = m.name.isEmpty() ? mode(Files.getPosixFilePermissions(p)) : added.mode;
                    a.members.add(added);
                }
            }
        }
    }

    /** Whether an archive's members are export data and an object, or one of them: what the standard compiler writes. */
    private static boolean isCompiled(List<Archive.Member> members) {
        boolean all = !members.isEmpty() && members.size() <= 2;
        for (Archive.Member m : members) {
            all &= m.name.equals(EXPORT_DATA) || m.name.equals("_go_.o") && GoobjFile.isGoobj(m.content);
        }
        return all && (members.size() == 1 || !members.get(0).name.equals(members.get(1).name));
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission p : permissions) {
            mode |= 0400 >> p.ordinal();
        }
        return mode;
    }

    private static void each(Context context, Archive a, String archive, char op, List<String> names, boolean verbose, boolean asJson)
            throws IOException, BuildException {
        boolean all = names.isEmpty();
        JsonWriter json = asJson ? new JsonWriter(context.out) : null;
        if (asJson) {
            json.beginObject().field("version", 1).field("file", archive).name("members").beginArray();
        }
        for (Archive.Member m : a.members) {
            // A name stands for one member.
            if (!all && !names.remove(m.name)) {
                continue;
            }
            switch (op) {
                case 't' -> {
                    if (asJson) {
                        json.beginObject().field("name", m.name).field("size", m.content.length).field("mode", Integer.toOctalString(m.mode))
                                .field("uid", m.uid).field("gid", m.gid).field("time", m.time).endObject();
                    } else {
                        context.out.println(verbose ? line(m) : m.name);
                    }
                }
                case 'p' -> {
                    if (verbose) {
                        context.out.println(m.name);
                    }
                    context.out.write(m.content, 0, m.content.length);
                }
                default -> {
                    if (verbose) {
                        context.out.println(m.name);
                    }
                    OutputFile.write(context.cwd.resolve(m.name), m.content, false);
                }
            }
        }
        if (asJson) {
            json.endArray().endObject().end();
        }
        if (!names.isEmpty()) {
            throw new BuildException("pack: file " + JsonWriter.quote(names.get(0)) + " not in archive");
        }
    }

    private static String line(Archive.Member m) {
        EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission p : PosixFilePermission.values()) {
            if ((m.mode & 0400 >> p.ordinal()) != 0) {
                permissions.add(p);
            }
        }
        return String.format(Locale.ROOT, "-%s %6d/%-6d %12d %s %s", PosixFilePermissions.toString(permissions), m.uid, m.gid, m.content.length,
                TIME.format(Instant.ofEpochSecond(m.time).atZone(ZoneOffset.UTC)), m.name);
    }
}
