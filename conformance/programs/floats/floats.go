// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Comparisons that NaN decides, roots and divisions that are one instruction, rotations written as shifts.
package main

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
)

//go:noinline
func less(x, y float64) bool { return cmp.Less(x, y) }

//go:noinline
func compare(x, y float32) int { return cmp.Compare(x, y) }

//go:noinline
func either(x, y float64, a, b bool) int {
	n := 0
	if x != x || a && y == y {
		n++
	}
	if x == y && (b || x != 0) {
		n += 2
	}
	for i := 0; i < 3 && (x == x) == a; i++ {
		n += 4
	}
	return n
}

//go:noinline
func same(x float64) (bool, bool) { return x == x, x != x }

//go:noinline
func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

//go:noinline
func divide(hi, lo, y uint64) (q, r uint64, err any) {
	defer func() { err = recover() }()
	q, r = bits.Div64(hi, lo, y)
	return
}

//go:noinline
func rotate(a uint8, b uint16, c uint32, d uint64) (uint8, uint16, uint32, uint64) {
	return a<<3 | a>>5, b>>8 ^ b<<8, c<<7 + c>>25, d>>60 | d<<4
}

//go:noinline
func shifts(c, d uint32) (uint32, uint32) { return c<<7 | c>>24, c<<7 | d>>25 }

func main() {
	nan, inf := math.NaN(), math.Inf(1)
	all := []float64{nan, 0, math.Copysign(0, -1), 1, -1, inf}
	for _, x := range all {
		for _, y := range all {
			fmt.Print(less(x, y), compare(float32(x), float32(y)), either(x, y, true, false), either(x, y, false, true), " ")
		}
		fmt.Println(same(x))
	}
	for _, x := range []float32{2, 3, 1e-45, math.MaxFloat32, -1, 16777215} {
		fmt.Print(math.Float32bits(root(x)), " ")
	}
	fmt.Println()
	fmt.Println(divide(1, 2, 3))
	fmt.Println(divide(3, 2, 3))
	fmt.Println(divide(1, 2, 0))
	fmt.Println(divide(0, 1<<63, 7))
	fmt.Println(rotate(0x81, 0x1234, 0x80000001, 0x8000000000000001))
	fmt.Println(shifts(0x80000001, 0xf0000000))
}
