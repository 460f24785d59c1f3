// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel writes in /proc, and what is made of it. */
class ProcTest {
    @Test
    void readsMappings() {
        List<Mapping> list = Proc.parse("""
                00400000-0044b000 r--p 00000000 fe:00 1234                               /tmp/a file
                0044b000-0049e000 r-xp 0004a000 fe:00 1234                               /tmp/a file
                7ffc8b1cb000-7ffc8b1ec000 rw-p 00000000 00:00 0                          [stack]
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
                c000000000-c000100000 rw-p 00000000 00:00 0\s
                """);
        assertEquals(5, list.size());
        assertEquals("/tmp/a file", list.get(0).path);
        assertEquals(0x4a000, list.get(1).offset);
        assertEquals("r-xp", list.get(1).permissions);
        assertTrue(list.get(1).isFile());
        assertFalse(list.get(2).isFile());
        assertEquals(0xffffffffff600000L, list.get(3).start);
        assertEquals("", list.get(4).path);
        assertEquals(-1, list.get(4).rss);
    }

    @Test
    void readsResidentSizes() {
        List<Mapping> list = Proc.parse("""
                c000000000-c000100000 rw-p 00000000 00:00 0
                Size:               1024 kB
                Rss:                  44 kB
                VmFlags: rd wr mr mw me ac
                c000100000-c000200000 ---p 00000000 00:00 0
                Rss:                   0 kB
                """);
        assertEquals(2, list.size());
        assertEquals(44 * 1024, list.get(0).rss);
        assertEquals(0, list.get(1).rss);
    }

    @Test
    void ownersSaidLaterHold() {
        OwnerMap map = new OwnerMap();
        ProcessMap.Owner section = new ProcessMap.Owner("section", ".data");
        ProcessMap.Owner symbol = new ProcessMap.Owner("section", ".data x");
        map.set(100, 200, section);
        map.set(120, 140, symbol);
        map.set(500, 400, symbol); // makes no sense
        map.set(-5, 400, symbol);
        assertNull(map.at(99));
        assertSame(section, map.at(119));
        assertSame(symbol, map.at(120));
        assertSame(section, map.at(140));
        assertNull(map.at(200));
        assertEquals(120, map.end(100, 1000));
        assertEquals(110, map.end(100, 110));
        assertEquals(1000, map.end(200, 1000));
    }

    @Test
    void knowsInitializersByName() {
        assertEquals("os", Boot.initializerOf("os.init.0"));
        assertEquals("internal/poll", Boot.initializerOf("internal/poll.init.var.5"));
        assertEquals("gopkg.in/yaml.v3", Boot.initializerOf("gopkg.in/yaml%2ev3.init"));
        assertNull(Boot.initializerOf("internal/poll.(*pollDesc).init"));
        assertNull(Boot.initializerOf("main.initialize"));
        assertNull(Boot.initializerOf("main.init.0.func1"));
        assertNull(Boot.initializerOf("main.main"));
    }
}
