// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArchiveTest {
    private static byte[] sample() {
        Archive a = new Archive();
        a.put("one.o", new byte[] {1, 2, 3}, false);
        a.put("two.o", new byte[] {4, 5}, false);
        a.put("one.o", new byte[] {9}, true);
        return a.toBytes();
    }

    @Test
    void membersComeBack() throws FormatException {
        Archive a = new Archive("x.a", sample());
        assertEquals(2, a.members.size());
        assertEquals("one.o", a.members.get(0).name);
        assertArrayEquals(new byte[] {9}, a.members.get(0).content);
        assertArrayEquals(new byte[] {4, 5}, a.members.get(1).content);
    }

    @Test
    void damagedArchivesNameFileAndOffset() {
        byte[] b = sample();
        FormatException e = assertThrows(FormatException.class, () -> new Archive("x.a", Arrays.copyOf(b, 20)));
        assertEquals("x.a: offset 0x8: damaged member header", e.getMessage());
        Random r = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] c = b.clone();
            c[r.nextInt(c.length)] = (byte) r.nextInt();
            try {
                new Archive("x.a", Arrays.copyOf(c, r.nextInt(c.length + 1)));
            } catch (FormatException expected) {
                // The only exception allowed.
            }
        }
    }
}
