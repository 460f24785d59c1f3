// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Type switches and embedded interfaces.
package main

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
)

type shape interface {
	Area() float64
	Perimeter() float64
}

type namer interface{ Name() string }

type namedShape interface {
	shape
	namer
}

type circle struct{ r float64 }

func (c circle) Area() float64      { return math.Pi * c.r * c.r }
func (c circle) Perimeter() float64 { return 2 * math.Pi * c.r }
func (c circle) Name() string       { return "circle" }

type rect struct{ w, h float64 }

func (r *rect) Area() float64      { return r.w * r.h }
func (r *rect) Perimeter() float64 { return 2 * (r.w + r.h) }
func (r *rect) Name() string       { return "rect" }

type square struct{ *rect }

func (square) Name() string { return "square" }

type logged struct {
	shape
	log *strings.Builder
}

func (l logged) Area() float64 {
	l.log.WriteString("area;")
	return l.shape.Area()
}

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", x)
	case string:
		return "string of " + fmt.Sprint(len(x))
	case []byte:
		return "bytes " + string(x)
	case error:
		return "error " + x.Error()
	case namedShape:
		return "named shape " + x.Name()
	case shape:
		return "shape"
	case func() int:
		return fmt.Sprint("func ", x())
	case map[string]int:
		return fmt.Sprint("map ", x["k"])
	case *int:
		return fmt.Sprint("pointer to ", *x)
	case struct{ X int }:
		return fmt.Sprint("struct ", x.X)
	default:
		return fmt.Sprintf("other %T", x)
	}
}

type upper struct{ io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	copy(p, strings.ToUpper(string(p[:n])))
	return n, err
}

type celsius float64
type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	shapes := []namedShape{circle{1}, &rect{2, 3}, square{&rect{2, 2}}}
	for _, s := range shapes {
		fmt.Printf("%s %.3f %.3f\n", s.Name(), s.Area(), s.Perimeter())
	}
	var log strings.Builder
	l := logged{shapes[1], &log}
	fmt.Println(l.Area(), l.Perimeter(), log.String())
	i := 5
	for _, v := range []any{nil, 1, int64(2), "abc", []byte("xyz"), io.EOF, circle{2}, l, func() int { return 9 },
		map[string]int{"k": 3}, &i, struct{ X int }{4}, celsius(3), [2]int{}, make(chan int)} {
		fmt.Println(kind(v))
	}
	b, err := io.ReadAll(upper{strings.NewReader("embedded reader")})
	fmt.Println(string(b), err)
	if n, ok := shapes[0].(interface{ Name() string }); ok {
		fmt.Println("also", n.Name())
	}
	_, ok := any(celsius(1)).(fmt.Stringer)
	fmt.Println(ok, any(1) == any(1), any(1) == any(int64(1)), any("a") == any("a"), shapes[0] == namedShape(circle{1}))
	words := byLen{"ccc", "a", "dddd", "bb"}
	sort.Sort(sort.Reverse(words))
	fmt.Println(words)
	f := shape.Area
	g := (*rect).Perimeter
	fmt.Println(f(circle{0}), g(&rect{1, 1}))
	m := map[any]string{1: "int", "1": "string", 1.0: "float", circle{1}: "circle", [1]int{1}: "array"}
	fmt.Println(m[1], m["1"], m[1.0], m[circle{1}], m[[1]int{1}], len(m))
}
