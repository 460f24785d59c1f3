// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Closures and defer.
package main

import "fmt"

func counter() (inc func() int, reset func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 0 }
}

func fib() func() int {
	a, b := 0, 1
	return func() int {
		r := a
		a, b = b, a+b
		return r
	}
}

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C {
	return func(a A) C { return g(f(a)) }
}

func named() (result string) {
	defer func() { result += " (deferred)" }()
	return "returned"
}

func order() {
	for i := range 4 {
		defer fmt.Println("defer", i)
	}
	fmt.Println("body done")
}

type file struct{ name string }

func (f *file) Close()       { fmt.Println("close", f.name) }
func (f file) Describe(p string) string { return p + f.name }

func main() {
	inc, reset := counter()
	fmt.Println(inc(), inc(), inc())
	reset()
	fmt.Println(inc())
	f := fib()
	for range 10 {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	fmt.Println(compose(func(i int) string { return fmt.Sprint(i * 2) }, func(s string) int { return len(s) })(500))
	fmt.Println(named())
	order()
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	a, b := &file{"a"}, &file{"b"}
	defer a.Close()
	defer func(x *file) { x.Close() }(b)
	describe := a.Describe
	a.name = "changed"
	fmt.Println(describe("file "), (*file).Close != nil, file.Describe(*b, "expr "))
	x := 1
	defer fmt.Println("evaluated early:", x)
	x = 2
	func() {
		defer func() { x *= 21 }()
	}()
	fmt.Println("x =", x)
}
