// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Where the specification leaves the order of evaluation open, programs rely on the standard compiler: variables are read after calls.
package main

import (
	"encoding/json"
	"fmt"
)

type T struct {
	A int
	B string
	C [4]int
}

func dec(b string) (T, error) { var v T; return v, json.Unmarshal([]byte(b), &v) }
func dec2(b string) (v2 int, err error) {
	var v int
	return v, json.Unmarshal([]byte(b), &v)
}

var g int

func bump() int { g++; return g }

type P struct{ x, y int }

//go:noinline
func set(p *int, v int) int    { *p = v; return v }
func three(a, b, c int) string { return fmt.Sprint(a, b, c) }
func main() {
	fmt.Println(dec(`{"A":1,"B":"x"}`))
	fmt.Println(dec2("5"))
	x := 1
	y := x + set(&x, 5)
	fmt.Println(x, y)
	x = 1
	fmt.Println(three(x, set(&x, 7), x))
	x = 1
	a := []int{x, set(&x, 9), x}
	fmt.Println(a)
	x = 1
	p := P{x, set(&x, 3)}
	fmt.Println(p)
	fmt.Println(g, bump(), g, bump())
	g = 0
	s := fmt.Sprint(g) + fmt.Sprint(bump())
	fmt.Println(s)
	g = 0
	z := g + bump()*10
	fmt.Println(z)
	arr := [3]int{1, 2, 3}
	i := 0
	arr[i], i = set(&i, 2), 1
	fmt.Println(arr, i)
	m := map[int]int{}
	k := 0
	m[k] = set(&k, 4)
	fmt.Println(m)
	sl := []int{1, 2, 3}
	sl[0] = func() int { sl = []int{7, 8, 9}; return 100 }()
	fmt.Println(sl)
	pp := &P{1, 2}
	q := pp
	pp.x = func() int { pp = &P{5, 6}; return 50 }()
	fmt.Println(*pp, *q)
	n := 1
	f := func() int { n *= 2; return n }
	fmt.Println(n, f(), n, f())
	st := "a"
	u := st + func() string { st = "b"; return "c" }() + st
	fmt.Println(u)
	var e any = 1
	w := fmt.Sprint(e) + func() string { e = 2; return "" }() + fmt.Sprint(e)
	fmt.Println(w)
	ch := make(chan int, 2)
	ch <- 1
	v := 10
	r := v + <-ch
	fmt.Println(r)
	b := []int{1, 2, 3}
	c := append(b[:1], b[2], func() int { b[2] = 77; return 5 }())
	fmt.Println(b, c)
	switch x := 3; x + set(&x, 4) {
	case 7:
		fmt.Println("l2r")
	case 8:
		fmt.Println("late")
	}
	x = 1
	if x == set(&x, 1)+0 && x+set(&x, 3) == 4 {
		fmt.Println("eq4")
	} else {
		fmt.Println("ne4")
	}
	t := T{A: x, B: fmt.Sprint(set(&x, 8)), C: [4]int{x, x}}
	fmt.Println(t)
	px := &x
	fmt.Println(*px+set(px, 20), *px)
	t2 := t
	fmt.Println(t2, func() int { t2.A = 99; return 1 }())
}
