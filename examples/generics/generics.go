// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Generics with constraints, and methods with type parameters of their own.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"
)

type number interface {
	~int | ~int64 | ~float64
}

func sum[T number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t
}

type celsius float64

func mapTo[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func reduce[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }
func (s *stack[T]) pop() (T, error) {
	var zero T
	if len(s.items) == 0 {
		return zero, errors.New("empty stack")
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, nil
}
func (s *stack[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range s.items {
			if !yield(i, x) {
				return
			}
		}
	}
}

// A generic method.
func (s *stack[T]) convert[U any](f func(T) U) *stack[U] {
	return &stack[U]{mapTo(s.items, f)}
}

type node[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

type tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	n    int
}

func (t *tree[K, V]) put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).key); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).value = v
			return
		}
	}
	*p = &node[K, V]{key: k, value: v}
	t.n++
}

func (t *tree[K, V]) walk(yield func(K, V) bool) { t.root.walk(yield) }
func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.value) && n.right.walk(yield)
}

type stringer interface {
	comparable
	String() string
}

type id int

func (i id) String() string { return fmt.Sprintf("#%d", int(i)) }

func unique[T stringer](xs []T) string {
	seen := map[T]bool{}
	var parts []string
	for _, x := range xs {
		if !seen[x] {
			seen[x] = true
			parts = append(parts, x.String())
		}
	}
	return strings.Join(parts, " ")
}

type list[T any] interface {
	~[]T
}

func last[S list[T], T any](s S) (T, bool) {
	if len(s) == 0 {
		return *new(T), false
	}
	return s[len(s)-1], true
}

type pair[A, B any] struct {
	first  A
	second B
}

func zip[A, B any](as []A, bs []B) []pair[A, B] {
	var out []pair[A, B]
	for i := range min(len(as), len(bs)) {
		out = append(out, pair[A, B]{as[i], bs[i]})
	}
	return out
}

type vector[T any] = []pair[T, T]

func main() {
	fmt.Println(sum(1, 2, 3), sum(1.5, 2.5), sum[celsius](20.5, 1))
	fmt.Println(mapTo([]int{1, 2, 3}, func(i int) string { return strings.Repeat("*", i) }))
	fmt.Println(reduce([]string{"a", "bb", "ccc"}, 0, func(n int, s string) int { return n + len(s) }))
	s := &stack[string]{}
	s.push("x")
	s.push("yy")
	for i, x := range s.all() {
		fmt.Print(i, "=", x, " ")
	}
	lens := s.convert(func(s string) int { return len(s) })
	fmt.Printf("%v %T\n", lens.items, lens)
	s.pop()
	s.pop()
	_, err := s.pop()
	fmt.Println(err)
	t := &tree[string, int]{}
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.put(w, i)
	}
	for k, v := range t.walk {
		if k == "quick" {
			break
		}
		fmt.Print(k, ":", v, " ")
	}
	fmt.Println(t.n)
	fmt.Println(unique([]id{3, 1, 3, 2, 1}))
	type names []string
	l, ok := last(names{"p", "q"})
	fmt.Println(l, ok)
	fmt.Printf("%v %+v\n", zip([]int{1, 2}, []string{"one", "two"}), vector[bool]{{true, false}})
	p := new(40 + 2)
	fmt.Println(*p)
}
