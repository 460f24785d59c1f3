// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Every verb of package fmt.
package main

import (
	"errors"
	"fmt"
	"math"
)

type point struct {
	X, Y int
}

type named struct {
	Name string
	P    *point
	M    map[string]int
	S    []byte
}

type temp float64

func (t temp) String() string { return fmt.Sprintf("%.1f°C", float64(t)) }

type code int

func (c code) GoString() string { return fmt.Sprintf("code(%d)", int(c)) }

type custom struct{}

func (custom) Format(f fmt.State, verb rune) {
	w, wok := f.Width()
	p, pok := f.Precision()
	fmt.Fprintf(f, "[%c %d %t %d %t %t]", verb, w, wok, p, pok, f.Flag('+'))
}

func main() {
	p := point{1, -2}
	fmt.Printf("%v %+v %#v %T\n", p, p, p, p)
	fmt.Printf("%v %+v\n", &p, &p)
	fmt.Printf("%t %5t|%-7t|\n", true, false, true)
	fmt.Printf("%d %+d %5d|%-5d|%05d %x %X %o %O %b %c %q %U %#U\n", 42, 42, 42, 42, 42, 42, 3054, 8, 8, 5, 0x4E16, 0x754C, 0x2318, 0x2318)
	fmt.Printf("%#x %#X %#o %#b % d %x\n", 255, 255, 8, 5, 7, -255)
	fmt.Printf("%f %.2f %8.3f|%-8.1f|%+.1e %g %G %e %E\n", math.Pi, math.Pi, math.Pi, math.Pi, 12345.678, 1e21, 1e-7, 1234.5678, 1234.5678)
	fmt.Printf("%b %x %X %.3x\n", 1.5, 1.5, -0.1, math.Pi)
	fmt.Printf("%v %v %v %v\n", math.Inf(1), math.Inf(-1), math.NaN(), -0.0)
	fmt.Printf("%s %q %x %X % x %#q %10s|%-10s|%.2s\n", "héllo", "a\tb\"", "hex", "hex", "hex", "raw`", "right", "left", "trunc")
	fmt.Printf("%s %x %v %d %q\n", []byte("bytes"), []byte{1, 0xab}, []byte("hi"), []byte("hi"), []string{"a", "b c"})
	fmt.Printf("%v %#v %v %#v\n", []int{1, 2, 3}, []int{1, 2, 3}, [2]bool{true, false}, [2]bool{true, false})
	fmt.Printf("%v %#v\n", map[string]int{"z": 26, "a": 1, "m": 13}, map[string]int{"b": 2, "a": 1})
	fmt.Printf("%v %+v\n", named{"n", nil, map[string]int{"k": 1}, []byte{1, 2}}, named{"n", nil, nil, nil})
	fmt.Printf("%#v\n", named{"n", nil, map[string]int{"k": 1}, []byte{1, 2}})
	fmt.Printf("%v %s %.2f %#v %v\n", temp(21.55), temp(3), temp(1.005), code(7), code(7))
	fmt.Printf("%v %.1f %g\n", complex(1, -2), complex(1.25, 2.75), complex64(3i))
	fmt.Printf("%v %v %d\n", 'x', "x"[0], []rune("né"))
	fmt.Printf("%6.2f|%-8s|%+d|%08.3f|%x\n", 3.14159, "ab", 5, -3.14159, "hi there")
	fmt.Printf("%*d|%-*d|%.*f\n", 5, 42, 5, 42, 2, math.E)
	fmt.Printf("%[2]d %[1]d %[2]*[1]d|\n", 1, 6)
	fmt.Printf("%v %v\n", errors.New("an error"), fmt.Errorf("wrapped: %w", errors.New("inner")))
	fmt.Printf("%v %v %v\n", nil, error(nil), []any{1, "a", nil, 2.5, true})
	fmt.Printf("%+v %8.3z\n", custom{}, custom{})
	fmt.Printf("%!|%d|%s|%z\n", "str", 5, 5)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%t %p\n", 1, 1)
	fmt.Printf("%v %v\n", struct{}{}, struct {
		A any
		B error
	}{})
	fmt.Printf("%5v|%-5v|%05v\n", 7, 7, 7)
	fmt.Printf("%6.3v|%v|%v\n", 3.14159, float32(0.1), 1e6)
	fmt.Printf("%08b %o %#o %x\n", 37, 64, 64, uint64(math.MaxUint64))
	fmt.Printf("%c|%-4c|%4c|%q\n", 65, 'é', '世', 0x1F600)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0), fmt.Sprintln("end", 1))
	var a, b int
	var s string
	n, err := fmt.Sscanf("10-0x1f word", "%d-%v %s", &a, &b, &s)
	fmt.Println(n, err, a, b, s)
	n, err = fmt.Sscan("7 8 nine", &a, &b, &s)
	fmt.Println(n, err, a, b, s)
}
