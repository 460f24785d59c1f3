// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.obj.Bytes;

/**
 * Shows system calls as text, argument by argument, by the table {@code syscalls-amd64.txt}. The kinds of arguments:
 *
 * <pre>
 * int uint size hex oct ptr   a number or an address; ptr 0 is NULL
 * fd atfd                     a descriptor; atfd -100 is AT_FDCWD
 * path                        a string
 * wbuf size                   bytes that the program passes; their number is the next argument
 * rbuf size, rstr             bytes that the kernel returns; their number is the result
 * strv                        strings up to NULL
 * flags:SET enum:SET sig      numbers with names (constants-linux.txt)
 * timespec rlimit stack sigset sigaction epollevent sockaddr    what the address points to, read at the entry
 * fdpair                      two descriptors that the kernel returns
 * </pre>
 */
final class SyscallDecoder {
    /** Bytes of a string or buffer that are shown; the rest is "...". */
    private static final int SHOWN = 32;
    private static final int MAX_PATH = 4096;
    /** O_CREAT, and what O_TMPFILE has besides O_DIRECTORY. */
    private static final int CREATES = 0x400040;

    private static final class Row {
        String name;
        String[] kinds;
        String result = "int";
    }

    private final Map<Integer, Row> rows = new HashMap<>();
    private final Constants constants;

    SyscallDecoder(Constants constants) {
        this.constants = constants;
        for (String line : Constants.resource("syscalls-amd64.txt")) {
            String[] w = line.split(" ");
            Row r = new Row();
            r.name = w[1];
            List<String> kinds = new ArrayList<>();
            for (int i = 2; i < w.length; i++) {
                if (w[i].equals("=")) {
                    r.result = w[++i];
                } else {
                    kinds.add(w[i]);
                }
            }
            r.kinds = kinds.equals(List.of("?")) ? "hex hex hex hex hex hex".split(" ") : kinds.toArray(new String[0]);
            rows.put(Integer.parseInt(w[0]), r);
        }
    }

    String name(int number) {
        Row r = rows.get(number);
        return r == null ? "syscall_" + number : r.name;
    }

    private String[] kinds(int number) {
        Row r = rows.get(number);
        return r == null ? "hex hex hex hex hex hex".split(" ") : r.kinds;
    }

    /** The arguments as they are known when the call begins; null for those that the kernel fills in. */
    List<String> enter(int number, long[] args, Memory memory) {
        String[] kinds = kinds(number);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < kinds.length && i < args.length; i++) {
            if (kinds[i].equals("oct") && i > 0 && kinds[i - 1].equals("flags:open") && (args[i - 1] & CREATES) == 0) {
                continue; // there is no mode then
            }
            boolean later = kinds[i].equals("rbuf") || kinds[i].equals("rstr") || kinds[i].equals("fdpair");
            out.add(later ? null : argument(kinds[i], args[i], i + 1 < args.length ? args[i + 1] : 0, memory));
        }
        return out;
    }

    /** Fills in what the kernel has returned; {@code result} is negative on an error. */
    void exit(int number, long[] args, List<String> shown, long result, Memory memory) {
        String[] kinds = kinds(number);
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i) == null) {
                shown.set(i, result < 0 ? pointer(args[i]) : returned(kinds[i], args[i], result, memory));
            }
        }
    }

    /** A call that never returned: what is not known is shown as an address. */
    void abandon(long[] args, List<String> shown) {
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i) == null) {
                shown.set(i, pointer(args[i]));
            }
        }
    }

    private static String returned(String kind, long address, long result, Memory memory) {
        if (kind.equals("fdpair")) {
            byte[] b = memory.read(address, 8);
            return b == null || b.length < 8 ? pointer(address) : "[" + Bytes.load32(b, 0) + ", " + Bytes.load32(b, 4) + "]";
        }
        long n = kind.equals("rstr") ? result - 1 : result;
        return buffer(address, n, memory);
    }

    /** The result as text. */
    String result(int number, long result) {
        String e = error(result);
        if (e != null) {
            return "-1 " + e;
        }
        Row r = rows.get(number);
        return r != null && r.result.equals("ptr") ? "0x" + Long.toHexString(result) : Long.toString(result);
    }

    /** The name of the error that a result is; null = none. */
    String error(long result) {
        if (result >= 0 || result < -4095) {
            return null;
        }
        String n = constants.name("errno", -result);
        return n == null ? "errno " + -result : n;
    }

    private String argument(String kind, long v, long following, Memory memory) {
        int colon = kind.indexOf(':');
        if (colon > 0) {
            String set = kind.substring(colon + 1);
            return kind.startsWith("flags") ? constants.flags(set, v) : constants.one(set, (int) v);
        }
        return switch (kind) {
            case "int", "fd" -> Integer.toString((int) v);
            case "atfd" -> (int) v == -100 ? "AT_FDCWD" : Integer.toString((int) v);
            case "uint" -> Long.toString(v & 0xffffffffL);
            case "size" -> Long.toUnsignedString(v);
            case "oct" -> v == 0 ? "0" : "0" + Long.toOctalString(v & 0xffffffffL);
            case "ptr" -> pointer(v);
            case "sig" -> constants.one("signal", (int) v);
            case "path" -> path(v, memory);
            case "wbuf" -> buffer(v, following, memory);
            case "strv" -> strings(v, memory);
            case "hex" -> v == 0 ? "0" : "0x" + Long.toHexString(v);
            default -> structure(kind, v, memory);
        };
    }

    static String pointer(long v) {
        return v == 0 ? "NULL" : "0x" + Long.toHexString(v);
    }

    private static String path(long address, Memory memory) {
        String s = address == 0 ? null : memory.string(address, MAX_PATH);
        return s == null ? pointer(address) : quote(s.getBytes(StandardCharsets.ISO_8859_1), s.length());
    }

    private static String buffer(long address, long n, Memory memory) {
        byte[] b = address == 0 || n < 0 ? null : memory.read(address, (int) Math.min(n, SHOWN));
        return b == null ? pointer(address) : quote(b, b.length) + (n > b.length ? "..." : "");
    }

    private static String strings(long address, Memory memory) {
        StringBuilder s = new StringBuilder("[");
        for (int i = 0; i < 64; i++) {
            long p = memory.word(address + 8L * i, 0);
            if (p == 0) {
                return s.append(']').toString();
            }
            s.append(i > 0 ? ", " : "").append(path(p, memory));
        }
        return s.append(", ...]").toString();
    }

    /** Bytes in quotes: UTF-8 as it is, everything else escaped as Go does. */
    static String quote(byte[] b, int n) {
        String text = new String(b, 0, n, StandardCharsets.UTF_8);
        boolean utf8 = text.indexOf('\ufffd') < 0;
        String s = utf8 ? text : new String(b, 0, n, StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '"', '\\' -> out.append('\\').append(c);
                default -> {
                    if (c < ' ' || c == 0x7f || !utf8 && c > 0x7e || utf8 && Character.isISOControl(c)) {
                        out.append("\\x").append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    // ---- structures ----

    private String structure(String kind, long address, Memory memory) {
        int size = switch (kind) {
            case "timespec", "rlimit" -> 16;
            case "stack" -> 24;
            case "sigaction" -> 32;
            case "sigset" -> 8;
            case "epollevent" -> 12;
            case "sockaddr" -> 128;
            default -> 0;
        };
        byte[] b = address == 0 || size == 0 ? null : memory.read(address, size);
        if (b == null || b.length < size && !(kind.equals("sockaddr") && b.length >= 16)) {
            return pointer(address);
        }
        return switch (kind) {
            case "timespec" -> "{sec=" + Bytes.load64(b, 0) + ", nsec=" + Bytes.load64(b, 8) + "}";
            case "rlimit" -> "{cur=" + limit(Bytes.load64(b, 0)) + ", max=" + limit(Bytes.load64(b, 8)) + "}";
            case "stack" -> "{sp=" + pointer(Bytes.load64(b, 0)) + ", flags=" + constants.flags("ssflags", Bytes.load32(b, 8)) + ", size="
                    + Bytes.load64(b, 16) + "}";
            case "sigaction" -> "{handler=" + handler(Bytes.load64(b, 0)) + ", flags=" + constants.flags("saflags", Bytes.load64(b, 8)) + ", mask="
                    + signals(Bytes.load64(b, 24)) + "}";
            case "sigset" -> signals(Bytes.load64(b, 0));
            case "epollevent" -> "{events=" + constants.flags("epollevents", Bytes.load32(b, 0)) + ", data=" + hex(Bytes.load64(b, 4)) + "}";
            default -> sockaddr(b);
        };
    }

    private static String hex(long v) {
        return "0x" + Long.toHexString(v);
    }

    private static String limit(long v) {
        return v == -1 ? "RLIM_INFINITY" : Long.toUnsignedString(v);
    }

    private static String handler(long v) {
        return v == 0 ? "SIG_DFL" : v == 1 ? "SIG_IGN" : hex(v);
    }

    /** A set of signals; more than half of them: by what is missing, {@code ~[...]}. */
    private String signals(long set) {
        boolean most = Long.bitCount(set) > 32;
        StringBuilder s = new StringBuilder(most ? "~[" : "[");
        for (int i = 0; i < 64; i++) {
            if ((set >>> i & 1) != (most ? 1 : 0)) {
                s.append(s.length() > (most ? 2 : 1) ? " " : "").append(constants.one("signal", i + 1).replaceFirst("^SIG", ""));
            }
        }
        return s.append(']').toString();
    }

    private String sockaddr(byte[] b) {
        int family = Bytes.load16(b, 0);
        int port = (b[2] & 0xff) << 8 | b[3] & 0xff;
        String name = constants.one("domain", family);
        switch (name) {
            case "AF_INET" -> {
                return "{" + name + ", " + (b[4] & 0xff) + "." + (b[5] & 0xff) + "." + (b[6] & 0xff) + "." + (b[7] & 0xff) + ":" + port + "}";
            }
            case "AF_INET6" -> {
                StringBuilder s = new StringBuilder("{" + name + ", [");
                for (int i = 8; i < 24 && i + 1 < b.length; i += 2) {
                    s.append(i > 8 ? ":" : "").append(Integer.toHexString((b[i] & 0xff) << 8 | b[i + 1] & 0xff));
                }
                return s + "]:" + port + "}";
            }
            case "AF_UNIX" -> {
                int n = 2;
                while (n < b.length && n < 110 && (b[n] != 0 || n == 2)) {
                    n++;
                }
                return "{" + name + ", " + quote(java.util.Arrays.copyOfRange(b, 2, n), n - 2) + "}";
            }
            default -> {
                return "{" + name + "}";
            }
        }
    }
}
