// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mica.base.Diagnostics;
import mica.base.Sources;
import org.junit.jupiter.api.Test;

/** Shapes of trees, positions, directives and messages. */
class ParserTest {
    private final Sources sources = new Sources();
    private final Diagnostics diags = new Diagnostics(sources);

    private File parse(String text) {
        return Parser.parseFile(sources.add("x.go", text.getBytes(StandardCharsets.UTF_8)), diags);
    }

    private List<String> messages() {
        List<String> out = new ArrayList<>();
        for (Diagnostics.Entry e : diags.sorted()) {
            out.add(sources.format(e.pos) + ": " + e.text);
        }
        return out;
    }

    private Expr expr(String text) {
        File f = parse("package p\nvar _ = " + text + "\n");
        assertEquals(List.of(), messages());
        return ((Decl.Var) f.decls[0]).values[0];
    }

    @Test
    void placesNodesWhereTheCompilerReportsThem() {
        Expr.Call c = (Expr.Call) expr("a.b(x+1, y[2])");
        assertEquals("x.go:2:12", sources.format(c.pos));
        assertEquals("x.go:2:9", sources.format(c.start()));
        assertEquals("x.go:2:10", sources.format(c.fun.pos));
        assertEquals("x.go:2:14", sources.format(c.args[0].pos));
        assertEquals("x.go:2:19", sources.format(c.args[1].pos));
        assertEquals("x.go:2:22", sources.format(c.rparen));
    }

    @Test
    void bindsOperatorsByPrecedence() {
        Expr.Binary b = (Expr.Binary) expr("a || b && c == d + e*f");
        assertEquals(Operator.OROR, b.op);
        Expr.Binary and = (Expr.Binary) b.y;
        assertEquals(Operator.ANDAND, and.op);
        assertEquals(Operator.EQL, ((Expr.Binary) and.y).op);
        assertEquals(Operator.MUL, ((Expr.Binary) ((Expr.Binary) ((Expr.Binary) and.y).y).y).op);
    }

    @Test
    void printsExpressionsAsMessagesShowThem() {
        String[] texts = {
            "<-chan int(nil)",
            "(<-chan int)(nil)",
            "map[string]chan<- <-chan int{…}",
            "func(a, b int, c ...string) (r error) {…}",
            "struct{a, b int; T}{}",
            "interface{m(x int) bool; ~int | string}(nil)",
            "x[i:j:k].(T).f(a, b...)",
            "-x + ^y &^ z",
            "[...]int{…}",
        };
        for (String t : texts) {
            String source = t.replace("int{…}", "int{1}").replace("{…}", "{ return }");
            assertEquals(t, ExprPrinter.print(expr(source)));
        }
    }

    @Test
    void tellsArraysFromTypeParameters() {
        File f = parse("package p\ntype A [N]int\ntype B[P any] int\ntype C[P *T,] int\ntype D [P * T]int\n"
                + "type E[P *T | Q] int\ntype F[P interface{}] int\ntype G [2]int\ntype H []int\n");
        assertEquals(List.of(), messages());
        int[] params = {0, 1, 1, 0, 0, 1, 0, 0};
        for (int i = 0; i < params.length; i++) {
            assertEquals(params[i], ((Decl.Type) f.decls[i]).typeParams.length, "type " + i);
        }
    }

    @Test
    void inheritsConstants() {
        File f = parse("package p\nconst (\n\ta int = iota\n\tb\n\tc, d = 1, 2\n\te, f\n)\n");
        Decl.Const a = (Decl.Const) f.decls[0];
        Decl.Const b = (Decl.Const) f.decls[1];
        Decl.Const e = (Decl.Const) f.decls[3];
        assertNull(a.inherited);
        assertSame(a, b.inherited);
        assertEquals(1, b.iota);
        assertSame(f.decls[2], e.inherited);
        assertSame(a.group, e.group);
    }

    @Test
    void attachesDirectives() {
        File f = parse("//go:build linux && go1.21\n\npackage p\n\n//go:noinline\n//go:nosplit\nfunc f()\n\n"
                + "//go:linkname x y.z\nvar x int\n//go:debug a=b\n");
        assertEquals("go1.21", f.goVersion);
        Decl.Func fn = (Decl.Func) f.decls[0];
        assertTrue(fn.hasDirective("go:noinline"));
        assertTrue(fn.hasDirective("go:nosplit"));
        assertFalse(fn.hasDirective("go:nosplitrec"));
        assertEquals("x y.z", f.decls[1].directives[0].arguments());
        assertEquals("x.go:9:1", sources.format(f.decls[1].directives[0].pos));
        assertEquals(2, f.fileDirectives.length);
    }

    @Test
    void followsLineDirectives() {
        parse("package p\n//line foo.y:10\nvar x = )\n//line :7:3\nvar y = )\n/*line bar.y:5:1*/var z = )\n");
        assertEquals(
                List.of(
                        "bar.y:5:9: syntax error: unexpected ), expected expression",
                        "foo.y:7:11: syntax error: unexpected ), expected expression",
                        "foo.y:10: syntax error: unexpected ), expected expression"),
                messages());
    }

    @Test
    void resolvesBranches() {
        File f = parse("package p\nfunc f() {\nL:\n\tfor {\n\t\tselect {\n\t\tdefault:\n\t\t\tbreak\n\t\t\tcontinue L\n\t\t}\n\t\tgoto L\n\t}\n}\n");
        assertEquals(List.of(), messages());
        Stmt.Labeled l = (Stmt.Labeled) ((Decl.Func) f.decls[0]).body.stmts[0];
        Stmt.For loop = (Stmt.For) l.stmt;
        assertSame(l, loop.label);
        Stmt.Select s = (Stmt.Select) loop.body.stmts[0];
        assertSame(s, ((Stmt.Branch) s.clauses[0].body[0]).target);
        assertSame(loop, ((Stmt.Branch) s.clauses[0].body[1]).target);
        assertSame(l, ((Stmt.Branch) loop.body.stmts[1]).target);
    }

    @Test
    void readsLiterals() {
        assertArrayEquals(
                new byte[] {'a', '\n', (byte) 0xff, 1, (byte) 0xc3, (byte) 0xa4},
                Literals.stringBytes("\"a\\n\\xff\\001\\u00e4\""));
        assertArrayEquals(new byte[] {'a', '\n', 'b'}, Literals.stringBytes("`a\r\nb`"));
        assertEquals(0x1f600, Literals.runeValue("'\\U0001f600'"));
        assertEquals(0xff, Literals.runeValue("'\\377'"));
        assertEquals('\'', Literals.runeValue("'\\''"));
        assertEquals(0x4f60, Literals.runeValue("'你'"));
    }

    @Test
    void reportsBadLiterals() {
        parse("package p\nvar a = 0x + 1_ + 08 + 0b12 + 1e+\nvar b = '' + 'ab' + \"\\z\" + '\\400'\nvar c = `x");
        assertEquals(
                List.of(
                        "x.go:2:11: hexadecimal literal has no digits",
                        "x.go:2:15: '_' must separate successive digits",
                        "x.go:2:20: invalid digit '8' in octal literal",
                        "x.go:2:27: invalid digit '2' in binary literal",
                        "x.go:2:34: exponent has no digits",
                        "x.go:3:10: empty rune literal or unescaped '",
                        "x.go:3:14: more than one character in rune literal",
                        "x.go:3:23: unknown escape",
                        "x.go:3:33: octal escape value 256 > 255",
                        "x.go:4:9: string not terminated"),
                messages());
    }

    @Test
    void survivesGarbage() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(1);
        String alphabet = "func(){}[];:=.,+-*<>!&|~`'\"\\/\n x1 go if for case range type struct interface chan ";
        for (int i = 0; i < 3000; i++) {
            StringBuilder sb = new StringBuilder("package p\n");
            int n = random.nextInt(60);
            for (int k = 0; k < n; k++) {
                if (random.nextInt(4) == 0) {
                    sb.append(Token.values()[random.nextInt(Token.values().length)].text).append(' ');
                } else {
                    sb.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            File f = parse(sb.toString());
            assertEquals("p", f.packageName.name);
        }
    }
}
