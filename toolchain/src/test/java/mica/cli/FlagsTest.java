// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Go's flag syntax. */
class FlagsTest {
    private static Flags flags() {
        return new Flags().bools("v").strings("o").ints("p").lists("gcflags").refused("race");
    }

    private static String misuse(String... args) {
        return assertThrows(Flags.Misuse.class, () -> flags().parse(List.of(args))).getMessage();
    }

    @Test
    void parsesAsPackageFlag() throws Flags.Misuse {
        Flags f = flags();
        f.parse(List.of("-v", "--o=x", "-p", "3", "-gcflags=-S", "-gcflags", "-N -l", "a.go", "-v"));
        assertTrue(f.bool("v"));
        assertEquals("x", f.string("o", ""));
        assertEquals(3, f.integer("p", 1));
        assertEquals(List.of("-S", "-N -l"), f.list("gcflags"));
        assertEquals(List.of("a.go", "-v"), f.rest);
    }

    @Test
    void endsAtTwoDashesAndAtOne() throws Flags.Misuse {
        Flags f = flags();
        f.parse(List.of("-v=false", "--", "-o"));
        assertFalse(f.bool("v"));
        assertEquals(List.of("-o"), f.rest);
        f = flags();
        f.parse(List.of("-", "-v"));
        assertEquals(List.of("-", "-v"), f.rest);
    }

    @Test
    void complainsAsPackageFlag() {
        assertEquals("flag provided but not defined: -x", misuse("-x=3"));
        assertEquals("flag needs an argument: -o", misuse("-o"));
        assertEquals("invalid value \"z\" for flag -p: parse error", misuse("-p", "z"));
        assertEquals("invalid boolean value \"maybe\" for -v: parse error", misuse("-v=maybe"));
        assertEquals("bad flag syntax: ---v", misuse("---v"));
        assertEquals("flag -race is not supported by mica", misuse("-race"));
        assertEquals("", misuse("-h"));
    }
}
