package main

import (
	"fmt"
	"runtime"
)

type U [2]*string

//go:noinline
func foo(a *string) U { return U{a} }

var sink *string

//go:noinline
func f() {
	s := string([]byte{'o', 'k'})
	u := foo(&s)
	sink = u[0]
}

//go:noinline
func g(n int) int {
	var a [100]int
	for i := range a {
		a[i] = n + i
	}
	runtime.GC()
	return a[n]
}

// Pointers that are passed on behind a pointer.
type P struct {
	x **int
	p *int
}

//go:noinline
func store(s *P) { *s.x = s.p }

//go:noinline
func store2(x **int) {
	i := 7
	s := P{x, &i}
	store(&s)
}

//go:noinline
func deep(n int) int {
	var a [64]int
	if n == 0 {
		return 0
	}
	a[n%64] = n
	return deep(n-1) + a[n%64]
}

// An object that is made anew in a loop, and points to a variable.
//
//go:noinline
func loop() int {
	var list [3]*struct{ p *int }
	v := 41
	for i := range list {
		list[i] = &struct{ p *int }{&v}
	}
	deep(1000)
	v++
	return *list[0].p
}

// What a result in memory points to lives as long as the result.
func main() {
	f()
	g(5)
	fmt.Println(*sink)
	var q *int
	store2(&q)
	deep(100)
	fmt.Println(*q, loop())
}
