// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Arrays without elements, values too large for a stack, built-ins that take the results of a call.
package main

import (
	"fmt"
	"unsafe"
)

var none = [...]struct {
	a    int
	b, c string
}{}

var strings [0]string

type large [1 << 20]byte

//go:noinline
func fill(n byte) (b large) {
	for i := range b {
		b[i] = n
	}
	return
}

//go:noinline
func sum(b large) (s int) {
	for _, x := range b {
		s += int(x)
	}
	return
}

func local(i int) int {
	var a [300000]int
	for k := range a {
		a[k] = k
	}
	c := a
	c[i] = 7
	return a[i] + c[i]
}

func index(i int) (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	return strings[i]
}

var bytes = [4]byte{1, 2, 3, 4}

func memory() (unsafe.Pointer, int) { return unsafe.Pointer(&bytes), 2 }
func start() (*byte, int)           { return &bytes[1], 3 }

func main() {
	for i, e := range none {
		fmt.Println(i, e.a, e.b)
	}
	for _, e := range &strings {
		fmt.Println(e)
	}
	var l [0]struct{ x [3]string }
	for _, e := range l {
		fmt.Println(e.x[1])
	}
	fmt.Println(index(0), len(none))

	x := fill(1)
	y := x
	y[5] = 9
	fmt.Println(sum(x), sum(y), local(77), sum(large{3: 4}))
	var m map[string]large
	z, ok := m["q"]
	fmt.Println(z[9], ok)

	fmt.Println(*(*byte)(unsafe.Add(memory())), unsafe.Slice(start()), unsafe.String(start()) == "\x02\x03\x04")
}
