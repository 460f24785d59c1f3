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
import mica.base.JsonWriter;
import mica.base.OutputFile;
import mica.build.BuildException;
import mica.obj.Archive;
import mica.obj.FormatException;

/** {@code mica tool pack}: archives of objects. */
final class ToolPack extends Command {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm yyyy", Locale.ROOT);

    ToolPack() {
        super("pack", "tool pack [-json] op file.a [name....]", "make and read archives", """
                Pack applies the operation to the archive, using the names as arguments.

                	c    append files to a new archive
                	p    print files from the archive
                	r    append files to the archive
                	t    list files of the archive
                	x    extract files from the archive

                A letter v behind the operation makes it tell what it does: t then shows modes, owners, sizes and times.
                With -json, t prints one object.
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
                Archive a = action.equals("r") && Files.exists(file) ? read(name, file) : new Archive();
                add(context, a, names, verbose);
                OutputFile.write(file, a.toBytes(), false);
            } else {
                each(context, read(name, file), name, action.charAt(0), names, verbose, flags.bool("json"));
            }
        } catch (IOException | InvalidPathException e) {
            throw new BuildException("pack: " + reason(name, e));
        } catch (FormatException e) {
            throw new BuildException("pack: " + e.getMessage());
        }
        return 0;
    }

    private static String reason(String name, Exception e) {
        return e instanceof java.nio.file.NoSuchFileException ? "open " + name + ": no such file or directory" : "open " + name + ": " + e.getMessage();
    }

    private static Archive read(String name, Path file) throws IOException, FormatException, BuildException {
        Archive a = new Archive(name, Files.readAllBytes(file));
        for (Archive.Member m : a.members) {
            // No archive reads or writes outside of the directory.
            if (m.name.isEmpty() || m.name.indexOf('/') >= 0 || m.name.indexOf('\0') >= 0 || m.name.equals("..") || m.name.equals(".")) {
                throw new BuildException("pack: " + JsonWriter.quote(m.name) + ": invalid name");
            }
        }
        return a;
    }

    private static void add(Context context, Archive a, List<String> names, boolean verbose) throws BuildException {
        for (String n : names) {
            if (verbose) {
                context.out.println(n);
            }
            try {
                Path p = context.cwd.resolve(n);
                Archive.Member m = new Archive.Member(p.getFileName().toString(), Files.readAllBytes(p));
                m.mode = mode(Files.getPosixFilePermissions(p));
                a.members.add(m);
            } catch (IOException | InvalidPathException e) {
                throw new BuildException("pack: " + reason(n, e));
            }
        }
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
