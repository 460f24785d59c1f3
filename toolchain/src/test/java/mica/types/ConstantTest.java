// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import mica.syntax.Operator;
import org.junit.jupiter.api.Test;

class ConstantTest {
    private static Constant f(String s) {
        return Constant.parseFloat(s);
    }

    private static Constant i(String s) {
        return Constant.parseInt(s);
    }

    private static Constant op(Constant x, Operator op, Constant y) {
        return Constant.binary(op, x, y, true);
    }

    @Test
    void integersInEveryBase() {
        assertEquals(255, i("0xFF").longValue());
        assertEquals(5, i("0b1_01").longValue());
        assertEquals(8, i("010").longValue());
        assertEquals(8, i("0o10").longValue());
        assertEquals(0, i("0").longValue());
        assertEquals("340282366920938463463374607431768211456", i("0x100000000000000000000000000000000").toString());
        assertEquals(-1, Constant.of(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)).lowBits());
    }

    @Test
    void integerArithmeticLeavesLongWhenItMust() {
        Constant max = Constant.of(Long.MAX_VALUE);
        assertEquals("9223372036854775808", op(max, Operator.ADD, Constant.of(1)).toString());
        assertEquals("-9223372036854775809", op(Constant.of(Long.MIN_VALUE), Operator.SUB, Constant.of(1)).toString());
        assertEquals("85070591730234615847396907784232501249", op(max, Operator.MUL, max).toString());
        assertEquals("9223372036854775808", op(Constant.of(Long.MIN_VALUE), Operator.DIV, Constant.of(-1)).toString());
        assertEquals("0", op(Constant.of(Long.MIN_VALUE), Operator.REM, Constant.of(-1)).toString());
        assertEquals("-2", op(Constant.of(-7), Operator.DIV, Constant.of(3)).toString());
        assertEquals("-1", op(Constant.of(-7), Operator.REM, Constant.of(3)).toString());
        assertEquals("9223372036854775808", Constant.unary(Operator.SUB, Constant.of(Long.MIN_VALUE), null).toString());
        assertEquals("8", op(Constant.of(12), Operator.AND_NOT, Constant.of(5)).toString());
    }

    @Test
    void shifts() {
        assertEquals("1267650600228229401496703205376", Constant.shift(true, Constant.of(1), 100).toString());
        assertEquals("1", Constant.shift(false, Constant.shift(true, Constant.of(1), 100), 100).toString());
        assertEquals("-1", Constant.shift(false, Constant.of(-5), 70).toString());
        assertEquals(1L << 61, Constant.shift(true, Constant.of(1), 61).longValue());
        assertEquals("9223372036854775808", Constant.shift(true, Constant.of(1), 63).toString());
    }

    @Test
    void complementOfUnsignedStaysInItsBits() {
        assertEquals("255", Constant.unary(Operator.XOR, Constant.of(0), Universe.UINT8).toString());
        assertEquals("-1", Constant.unary(Operator.XOR, Constant.of(0), null).toString());
        assertEquals("18446744073709551614", Constant.unary(Operator.XOR, Constant.of(1), Universe.UINT64).toString());
    }

    @Test
    void floatsAreExactFractions() {
        Constant third = Constant.binary(Operator.DIV, f("1"), f("3"), false);
        assertEquals("0.333333", third.toString());
        assertEquals("1", op(third, Operator.MUL, f("3.0")).toString());
        assertTrue(Constant.compare(Operator.EQL, op(f("0.1"), Operator.ADD, f("0.2")), f("0.3")));
        assertEquals(0.3, op(f("0.1"), Operator.ADD, f("0.2")).doubleValue());
    }

    @Test
    void textAsGcPrints() {
        assertEquals("1e+100", f("1e100").toString());
        assertEquals("1e+06", f("1e6").toString());
        assertEquals("100000", f("1e5").toString());
        assertEquals("1e-05", f("0.00001").toString());
        assertEquals("0.0001", f("0.0001").toString());
        assertEquals("3.14159", f("3.14159265358979323846264338327950288419716939937510582097494459").toString());
        assertEquals("1.1e+06", f("1.1e6").toString());
        assertEquals("123456.7", f("123456.7").toString());
        assertEquals("(1 + 2i)", Constant.complex(Constant.of(1), Constant.of(2)).toString());
        assertEquals("1e+1000", f("1e1000").toString());
        assertEquals("1e-5000", f("1e-5000").toString());
        assertEquals("\"a\\n\\xff\"", Constant.parseString("\"a\\n\\xff\"").toString());
        assertEquals("\"ä\"", Constant.parseString("\"ä\"").toString());
        assertEquals("\"\\u00a0\"", Constant.parseString("\"\\u00a0\"").toString());
        String shown = Constant.ofText("x".repeat(100)).toString();
        assertEquals(72, shown.length());
        assertTrue(shown.endsWith("..."));
    }

    @Test
    void roundingToDoubleAndFloatIsToNearestEven() {
        String[] cases = {"0.1", "1e23", "9007199254740993", "2.2250738585072011e-308", "5e-324", "2.4703282292062327208e-324",
                "2.4703282292062328e-324", "1.7976931348623157e308", "4.9e-320", "123456789.123456789e-30"};
        for (String c : cases) {
            assertEquals(Double.parseDouble(c), f(c).doubleValue(), c);
        }
        String[] floats = {"0.1", "16777217", "1.40129846432481707e-45", "7.0064923216240853e-46", "7.0064923216240854e-46", "3.4028235e38",
                "1.17549429e-38", "1.00000017881393432617187499", "1.00000017881393432617187501"};
        for (String c : floats) {
            assertEquals(Float.parseFloat(c), f(c).floatValue(), c);
        }
        java.util.Random r = new java.util.Random(7);
        for (int k = 0; k < 2000; k++) {
            String s = (r.nextLong() >>> 1) + "e" + (r.nextInt(660) - 340);
            assertEquals(Double.parseDouble(s), f(s).doubleValue(), s);
            assertEquals(Float.parseFloat(s), f(s).floatValue(), s);
        }
        assertEquals(0x1.8p3, f("0x1.8p3").doubleValue());
        assertEquals(0x1p-1074, f("0x1p-1074").doubleValue());
    }

    @Test
    void largeAndSmallFloatsKeep512Bits() {
        Constant huge = f("1e2000");
        assertTrue(Double.isInfinite(huge.doubleValue()));
        assertEquals(1.0, Constant.binary(Operator.DIV, huge, f("1e2000"), false).doubleValue());
        Constant x = Constant.binary(Operator.MUL, huge, f("1e-1999"), false);
        assertEquals(10.0, x.doubleValue());
        assertEquals("10", x.toInt() == null ? "none" : x.toInt().toString());
        assertNull(f("1e1000000000000"));
        assertNotNull(f("1e100000"));
    }

    @Test
    void representability() {
        assertNull(Constant.represent(Constant.of(300), Universe.UINT8));
        assertTrue(Constant.overflows(Constant.of(300), Universe.UINT8));
        assertEquals("255", Constant.represent(f("255.0"), Universe.UINT8).toString());
        assertEquals(Constant.Kind.INT, Constant.represent(f("255.0"), Universe.UINT8).kind());
        assertNull(Constant.represent(f("1.5"), Universe.INT));
        assertFalse(Constant.overflows(f("1.5"), Universe.INT));
        assertNull(Constant.represent(Constant.of(-1), Universe.UINT64));
        assertNotNull(Constant.represent(i("18446744073709551615"), Universe.UINT64));
        assertNull(Constant.represent(i("9223372036854775808"), Universe.INT64));
        assertNotNull(Constant.represent(Constant.of(Long.MIN_VALUE), Universe.INT64));
        assertNull(Constant.represent(Constant.of(128), Universe.INT8));
        assertNotNull(Constant.represent(Constant.of(-128), Universe.INT8));
        assertEquals((double) 0.1f, Constant.represent(f("0.1"), Universe.FLOAT32).doubleValue());
        assertNull(Constant.represent(f("3.5e38"), Universe.FLOAT32));
        assertNull(Constant.represent(f("1.8e308"), Universe.FLOAT64));
        assertEquals(0.0, Constant.represent(f("1e-1000"), Universe.FLOAT64).doubleValue());
        assertEquals("2", Constant.represent(Constant.complex(f("2.0"), Constant.of(0)), Universe.INT).toString());
        assertNull(Constant.represent(Constant.complex(f("2.0"), Constant.of(1)), Universe.FLOAT64));
        assertNull(Constant.represent(Constant.of(true), Universe.INT));
        assertNull(Constant.represent(Constant.of(1), Universe.STRING));
        assertEquals("\"A\"", Constant.convert(Constant.of(65), Universe.UNTYPED_INT, Universe.STRING).toString());
        assertEquals("\"\ufffd\"", Constant.convert(Constant.of(-1), Universe.INT, Universe.STRING).toString());
    }

    @Test
    void complexArithmetic() {
        Constant a = Constant.complex(Constant.of(1), Constant.of(2));
        Constant b = Constant.complex(Constant.of(3), Constant.of(-4));
        assertEquals("(11 + 2i)", op(a, Operator.MUL, b).toString());
        Constant q = op(a, Operator.DIV, b);
        assertEquals("(-0.2 + 0.4i)", q.toString());
        assertTrue(Constant.compare(Operator.EQL, op(q, Operator.MUL, b), a));
        assertEquals("(0 + 7i)", Constant.parseImaginary("07i").toString());
        assertEquals("(0 + 1.5i)", Constant.parseImaginary("1.5i").toString());
        assertEquals("(0 + 255i)", Constant.parseImaginary("0xffi").toString());
    }

    @Test
    void stringsAndRunes() {
        assertEquals('a', Constant.parseRune("'a'").longValue());
        assertEquals('\n', Constant.parseRune("'\\n'").longValue());
        assertEquals(0xff, Constant.parseRune("'\\377'").longValue());
        assertEquals(0x1F600, Constant.parseRune("'\\U0001F600'").longValue());
        assertEquals(0x1F600, Constant.parseRune("'\uD83D\uDE00'").longValue());
        assertEquals("a\nb", Constant.parseString("`a\r\nb`").text());
        assertEquals(3, Constant.parseString("\"\\u20ac\"").bytes().length);
        assertEquals("xyz", Constant.binary(Operator.ADD, Constant.ofText("x"), Constant.ofText("yz"), false).text());
        assertTrue(Constant.compare(Operator.LSS, Constant.ofText("z"), Constant.parseString("\"\\xff\"")));
        assertEquals(Constant.ofText("q"), Constant.parseString("\"q\""));
    }
}
