// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** System calls as text, of numbers and addresses that no memory stands behind. */
class SyscallDecoderTest {
    private final Constants constants = new Constants();
    private final SyscallDecoder decoder = new SyscallDecoder(constants);

    private List<String> enter(int number, long... args) throws IOException {
        long[] six = java.util.Arrays.copyOf(args, 6);
        // memory of this process at addresses that are never mapped reads as nothing
        try (Memory none = new Memory((int) ProcessHandle.current().pid(), false)) {
            return decoder.enter(number, six, none);
        }
    }

    @Test
    void showsArgumentsByTheirKinds() throws IOException {
        assertEquals(List.of("0xc000000000", "1048576", "PROT_READ|PROT_WRITE"), enter(10, 0xc000000000L, 1 << 20, 3));
        assertEquals(List.of("NULL", "4096", "PROT_NONE", "MAP_PRIVATE|MAP_ANONYMOUS", "-1", "0"), enter(9, 0, 4096, 0, 0x22, 0xffffffffL, 0));
        assertEquals(List.of("0", "F_GETFL", "0"), enter(72, 0, 3, 0));
        assertEquals(List.of("8", "SIGURG"), enter(62, 8, 23));
        assertEquals(List.of("AT_FDCWD", "NULL", "O_RDONLY|O_CLOEXEC"), enter(257, -100, 0, 0x80000));
        assertEquals(List.of("AT_FDCWD", "NULL", "O_WRONLY|O_CREAT|O_TRUNC", "0644"), enter(257, 0xffffff9cL, 0, 0x241, 0644));
        assertEquals(List.of("0x10", "FUTEX_WAIT|FUTEX_PRIVATE_FLAG", "2", "NULL", "NULL", "0"), enter(202, 16, 128, 2));
        assertEquals(List.of("MADV_DONTNEED"), enter(28, 0, 0, 4).subList(2, 3));
        assertEquals("syscall_9999", decoder.name(9999));
        assertEquals(List.of("0x1", "0", "0", "0", "0", "0"), enter(9999, 1));
    }

    @Test
    void namesErrors() {
        assertEquals("-1 ENOENT", decoder.result(2, -2));
        assertEquals("-1 ERESTARTSYS", decoder.result(0, -512));
        assertEquals("0x7f0000000000", decoder.result(9, 0x7f0000000000L));
        assertEquals("11", decoder.result(1, 11));
        assertNull(decoder.error(-5000));
    }

    @Test
    void printsFlagsWithTheirMasks() {
        assertEquals("SIGCHLD|CLONE_VM|CLONE_VFORK", constants.flags("clone", 0x4111));
        assertEquals("CLONE_VM", constants.flags("clone", 0x100));
        assertEquals("0", constants.flags("clone", 0));
        assertEquals("O_RDWR|0x40000000", constants.flags("open", 0x40000002L));
        assertEquals("SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC", constants.flags("socktype", 0x80801));
        assertEquals("F_OK", constants.flags("access", 0));
    }

    @Test
    void quotesBytes() {
        byte[] utf8 = "你好,Go!\n\"\\\u0001".getBytes(StandardCharsets.UTF_8);
        assertEquals("\"你好,Go!\\n\\\"\\\\\\x01\"", SyscallDecoder.quote(utf8, utf8.length));
        byte[] binary = {0x7f, 'E', 'L', 'F', (byte) 0xff};
        assertEquals("\"\\x7fELF\\xff\"", SyscallDecoder.quote(binary, binary.length));
    }
}
