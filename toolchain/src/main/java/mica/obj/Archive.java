// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An archive in the format of ar(1): {@code !<arch>}, then members with 60-byte headers, each at an even offset. */
public final class Archive {
    private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 60;

    /** One file in the archive. */
    public static final class Member {
        public final String name;
        public final byte[] content;
        /** Permissions, owner, group, seconds since 1970. */
        public int mode = 0644;
        public int uid;
        public int gid;
        public long time;

        public Member(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }
    }

    public final List<Member> members = new ArrayList<>();

    /** An empty archive. */
    public Archive() {}

    /** Whether a file begins as an archive does. */
    public static boolean isArchive(byte[] b) {
        return b.length >= MAGIC.length && Arrays.equals(b, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Reads an archive; {@code path} is for messages. GNU's and BSD's long names are understood. */
    public Archive(String path, byte[] b) throws FormatException {
        if (!isArchive(b)) {
            throw new FormatException(path, 0, "not an archive");
        }
        byte[] longNames = {};
        int at = MAGIC.length;
        while (at < b.length) {
            if (b.length - at < HEADER || b[at + 58] != '`' || b[at + 59] != '\n') {
                throw new FormatException(path, at, "damaged member header");
            }
            String name = new String(b, at, 16, StandardCharsets.UTF_8).trim();
            long size = number(new String(b, at + 48, 10, StandardCharsets.ISO_8859_1).trim());
            at += HEADER;
            if (size < 0 || size > b.length - at) {
                throw new FormatException(path, at - HEADER, "member's size is beyond the end of the file");
            }
            int from = at;
            int end = at + (int) size;
            if (name.equals("//")) {
                longNames = Arrays.copyOfRange(b, from, end);
            } else if (!name.equals("/") && !name.equals("/SYM64/") && !name.startsWith("__.SYMDEF")) {
                if (name.startsWith("#1/")) {
                    long n = number(name.substring(3));
                    if (n < 0 || n > size) {
                        throw new FormatException(path, at - HEADER, "member's name is beyond its end");
                    }
                    name = new String(b, from, (int) n, StandardCharsets.UTF_8).replace("\0", "");
                    from += (int) n;
                } else if (name.length() > 1 && name.charAt(0) == '/') {
                    name = longName(longNames, number(name.substring(1)), path, at - HEADER);
                } else if (name.endsWith("/")) {
                    name = name.substring(0, name.length() - 1);
                }
                Member m = new Member(name, Arrays.copyOfRange(b, from, end));
                int header = at - HEADER;
                m.time = Math.max(0, number(field(b, header + 16, 12)));
                m.uid = (int) Math.max(0, number(field(b, header + 28, 6)));
                m.gid = (int) Math.max(0, number(field(b, header + 34, 6)));
                m.mode = octal(field(b, header + 40, 8));
                members.add(m);
            }
            at = end + (end & 1);
        }
    }

    private static String field(byte[] b, int at, int n) {
        return new String(b, at, n, StandardCharsets.ISO_8859_1).trim();
    }

    private static int octal(String s) {
        int v = 0;
        for (int i = 0; i < s.length(); i++) {
            v = v * 8 + (s.charAt(i) & 7);
        }
        return v & 0777;
    }

    private static long number(String s) {
        long v = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            v = v * 10 + c - '0';
        }
        return s.isEmpty() ? -1 : v;
    }

    private static String longName(byte[] names, long from, String path, int header) throws FormatException {
        if (from < 0 || from >= names.length) {
            throw new FormatException(path, header, "member's name is not in the table of long names");
        }
        int end = (int) from;
        while (end < names.length && names[end] != '\n' && names[end] != '/') {
            end++;
        }
        return new String(names, (int) from, end - (int) from, StandardCharsets.UTF_8);
    }

    /** Adds a file, or replaces the member of that name if {@code replace}. */
    public void put(String name, byte[] content, boolean replace) {
        for (int i = 0; replace && i < members.size(); i++) {
            if (members.get(i).name.equals(name)) {
                members.set(i, new Member(name, content));
                return;
            }
        }
        members.add(new Member(name, content));
    }

    /** The archive's bytes, as go tool pack writes them: times and owners are 0, names cut to 16 bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        for (Member m : members) {
            StringBuilder h = new StringBuilder(new String(cut(m.name).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            field(h, "", 16);
            field(h, Long.toString(m.time), 28);
            field(h, Integer.toString(m.uid), 34);
            field(h, Integer.toString(m.gid), 40);
            field(h, Integer.toOctalString(m.mode), 48);
            field(h, Integer.toString(m.content.length), 58);
            h.append("`\n");
            out.writeBytes(h.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(m.content);
            if ((m.content.length & 1) != 0) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    /** What fits of a name into 16 bytes of UTF-8; an ending that tells the build what the member is stays. */
    private static String cut(String name) {
        String end = name.endsWith(".syso") && name.getBytes(StandardCharsets.UTF_8).length > 16 ? ".syso" : "";
        String s = name.substring(0, name.length() - end.length());
        while ((s + end).getBytes(StandardCharsets.UTF_8).length > 16) {
            s = s.substring(0, s.offsetByCodePoints(s.length(), -1));
        }
        return s + end;
    }

    private static void field(StringBuilder b, String s, int end) {
        b.append(s);
        while (b.length() < end) {
            b.append(' ');
        }
    }
}
