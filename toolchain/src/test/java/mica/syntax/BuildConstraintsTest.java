// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuildConstraintsTest {
    private static final Set<String> TAGS = Set.of("linux", "amd64", "go1.18");

    private static String constraint(String head) {
        return BuildConstraints.constraint(head.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean holds(String head) {
        String c = constraint(head + "\npackage p\n");
        return c == null || BuildConstraints.evaluate(c, TAGS::contains);
    }

    @Test
    void buildLineRules() {
        assertEquals("linux && !cgo", constraint("// a comment\n\n//go:build linux && !cgo\n// +build windows\n\npackage p\n"));
        assertNull(constraint("// a comment\n\npackage p\n//go:build linux\n"));
    }

    @Test
    void linesOfTheOldForm() {
        assertEquals(false, holds("// +build ignore\n"));
        assertEquals(false, holds("//+build ignore\n"));
        assertEquals(true, holds("// +build linux,!cgo darwin\n"));
        assertEquals(false, holds("// +build linux,cgo darwin\n"));
        assertEquals(true, holds("// +build darwin linux\n// +build amd64\n"));
        assertEquals(false, holds("// +build darwin linux\n// +build arm64\n"));
        assertEquals(true, holds("// +build go1.18\n"));
        assertEquals(true, holds("// +build !windows\n"));
    }

    @Test
    void whatIsNoTagNeverHolds() {
        assertEquals(false, holds("// +build\n"));
        assertEquals(false, holds("// +build !!linux\n"));
        assertEquals(false, holds("// +build a-b\n"));
    }

    @Test
    void oldFormOnlyAboveABlankLine() {
        assertNull(constraint("// +build ignore\npackage p\n"));
        assertNull(constraint("/* text */\n// +build ignore\n\npackage p\n"));
        assertNull(constraint("// +builder ignore\n\npackage p\n"));
    }
}
