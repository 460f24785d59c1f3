// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.build;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import mica.obj.GoPackage;
import mica.ssa.build.PackageInit;
import mica.ssa.build.ProgramBuilder;
import mica.syntax.File;

/** What the object of a compiled package tells those who import or link it. */
final class ObjectFacts {
    private ObjectFacts() {}

    static GoPackage of(Package p, ProgramBuilder builder) {
        GoPackage g = new GoPackage();
        g.toolchain = ObjectPackages.toolchain();
        g.path = p.importPath;
        g.name = p.name;
        g.linkPath = p.typed.linkPath;
        g.goVersion = p.typed.goVersion;
        g.standard = p.standard;
        for (Package q : p.imports) {
            g.imports.add(new GoPackage.Import(q.importPath, q.object == null ? "" : q.object.fingerprint));
        }
        for (File f : p.files) {
            g.sources.add(new GoPackage.Source(java.nio.file.Path.of(f.source.path).getFileName().toString(), f.source.recordedPath, f.source.text));
        }
        for (PackageInit.Step s : builder.initSteps(p.typed)) {
            g.steps.add(new GoPackage.Step(s.function, s.onlyIf));
        }
        g.fingerprint = fingerprint(g);
        return g;
    }

    private static String fingerprint(GoPackage g) {
        try {
            MessageDigest d = MessageDigest.getInstance("SHA-256");
            text(d, g.toolchain, g.path, g.linkPath, g.goVersion);
            for (GoPackage.Import i : g.imports) {
                text(d, i.path, i.fingerprint);
            }
            for (GoPackage.Source s : g.sources) {
                text(d, s.name, Integer.toString(s.text.length));
                d.update(s.text);
            }
            return HexFormat.of().formatHex(d.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void text(MessageDigest d, String... words) {
        for (String w : words) {
            d.update(w.getBytes(StandardCharsets.UTF_8));
            d.update((byte) 0);
        }
    }
}
