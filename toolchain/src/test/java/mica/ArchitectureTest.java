// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mica.base.Fault;
import org.junit.jupiter.api.Test;

/** Reads the compiled classes and holds the rules of the house: which room may know which, method sizes, no mutable statics. */
class ArchitectureTest {
    /** A room may import rooms of lower floors only. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("base", 0),
            Map.entry("syntax", 1),
            Map.entry("obj", 1),
            Map.entry("types", 2),
            Map.entry("arch", 2),
            Map.entry("ssa", 3),
            Map.entry("asm", 3),
            Map.entry("code", 4),
            Map.entry("link", 4),
            Map.entry("build", 5),
            Map.entry("inspect", 5),
            Map.entry("trace", 6),
            Map.entry("explore", 7),
            Map.entry("cli", 8));

    /** Lower rooms that a room must know nothing of all the same. */
    private static final Map<String, Set<String>> STRANGERS = Map.of(
            "arch", Set.of("syntax"),
            "ssa", Set.of("arch"),
            "asm", Set.of("syntax", "types"),
            "code", Set.of("syntax"),
            "link", Set.of("syntax", "types", "ssa"),
            "inspect", Set.of("syntax", "types", "ssa", "code"),
            "trace", Set.of("syntax", "types", "ssa", "code"));

    /** The JIT never compiles longer methods. */
    private static final int LONGEST_METHOD = 8000;

    private static List<ClassModel> classes() throws IOException, URISyntaxException {
        Path root = Path.of(Fault.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<ClassModel> out = new ArrayList<>();
        try (Stream<Path> s = Files.walk(root.resolve("mica"))) {
            for (Path p : s.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                out.add(ClassFile.of().parse(p));
            }
        }
        assertTrue(out.size() > 100, "only " + out.size() + " classes found");
        return out;
    }

    private static String room(String internalName) {
        int from = "mica/".length();
        int to = internalName.indexOf('/', from);
        return to < 0 ? null : internalName.substring(from, to);
    }

    @Test
    void everyArrowPointsDown() throws Exception {
        Set<String> wrong = new TreeSet<>();
        for (ClassModel c : classes()) {
            String name = c.thisClass().asInternalName();
            String room = room(name);
            if (room == null || !FLOORS.containsKey(room)) {
                wrong.add(name + " is in no known room");
                continue;
            }
            for (PoolEntry e : c.constantPool()) {
                if (e instanceof Utf8Entry u && u.stringValue().contains("mica/")) {
                    references(name, room, u.stringValue(), wrong);
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private static void references(String name, String room, String text, Set<String> wrong) {
        for (int at = text.indexOf("mica/"); at >= 0; at = text.indexOf("mica/", at + 1)) {
            String other = room(text.substring(at));
            if (other == null || other.equals(room) || !FLOORS.containsKey(other)) {
                continue;
            }
            boolean down = FLOORS.get(other) < FLOORS.get(room);
            if (!down || STRANGERS.getOrDefault(room, Set.of()).contains(other)) {
                int nested = name.indexOf('$');
                wrong.add((nested < 0 ? name : name.substring(0, nested)) + " must not know mica." + other);
            }
        }
    }

    @Test
    void methodsAreShortEnoughForTheJit() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (ClassModel c : classes()) {
            for (MethodModel m : c.methods()) {
                int length = m.findAttribute(Attributes.code()).map(a -> a.codeLength()).orElse(0);
                // Static initializers run once: the limit is for what runs often.
                if (length >= LONGEST_METHOD && !m.methodName().equalsString("<clinit>") && !m.methodName().equalsString("$values")) {
                    wrong.add(c.thisClass().asInternalName() + "." + m.methodName().stringValue() + ": " + length + " bytes");
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void nothingStaticChanges() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (ClassModel c : classes()) {
            for (FieldModel f : c.fields()) {
                Set<AccessFlag> flags = f.flags().flags();
                boolean ours = !flags.contains(AccessFlag.SYNTHETIC);
                if (ours && flags.contains(AccessFlag.STATIC) && !flags.contains(AccessFlag.FINAL)) {
                    wrong.add(c.thisClass().asInternalName() + "." + f.fieldName().stringValue());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
