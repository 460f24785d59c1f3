// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// sortgen: generic code. slices.SortFunc over structs, slices.Sort over ints,
// an own generic heap, an own generic ordered set, map and fold functions.
package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
)

func size(def int) int {
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err == nil {
			return n
		}
	}
	return def
}

type rng uint64

func (r *rng) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = rng(x)
	return x
}

type heap[T any] struct {
	xs   []T
	less func(a, b T) bool
}

func (h *heap[T]) push(x T) {
	h.xs = append(h.xs, x)
	i := len(h.xs) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !h.less(h.xs[i], h.xs[p]) {
			break
		}
		h.xs[i], h.xs[p] = h.xs[p], h.xs[i]
		i = p
	}
}

func (h *heap[T]) pop() T {
	top := h.xs[0]
	last := len(h.xs) - 1
	h.xs[0] = h.xs[last]
	h.xs = h.xs[:last]
	i := 0
	for {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h.less(h.xs[c+1], h.xs[c]) {
			c++
		}
		if !h.less(h.xs[c], h.xs[i]) {
			break
		}
		h.xs[i], h.xs[c] = h.xs[c], h.xs[i]
		i = c
	}
	return top
}

type node[K cmp.Ordered, V any] struct {
	key         K
	val         V
	prio        uint64
	left, right *node[K, V]
}

// treap is an ordered map; rotations follow the priorities.
type treap[K cmp.Ordered, V any] struct {
	root *node[K, V]
	r    rng
	n    int
}

func (t *treap[K, V]) put(k K, v V) { t.root = t.insert(t.root, k, v) }

func (t *treap[K, V]) insert(n *node[K, V], k K, v V) *node[K, V] {
	if n == nil {
		t.n++
		return &node[K, V]{key: k, val: v, prio: t.r.next()}
	}
	switch c := cmp.Compare(k, n.key); {
	case c == 0:
		n.val = v
	case c < 0:
		n.left = t.insert(n.left, k, v)
		if l := n.left; l.prio > n.prio {
			n.left, l.right = l.right, n
			return l
		}
	default:
		n.right = t.insert(n.right, k, v)
		if r := n.right; r.prio > n.prio {
			n.right, r.left = r.left, n
			return r
		}
	}
	return n
}

func (n *node[K, V]) walk(f func(K, V)) {
	if n != nil {
		n.left.walk(f)
		f(n.key, n.val)
		n.right.walk(f)
	}
}

func mapTo[A, B any](xs []A, f func(A) B) []B {
	out := make([]B, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func fold[A, B any](xs []A, acc B, f func(B, A) B) B {
	for _, x := range xs {
		acc = f(acc, x)
	}
	return acc
}

type rec struct {
	id   int
	name string
	w    float64
}

func main() {
	n := size(300000)
	r := rng(88172645463325252)
	recs := make([]rec, n)
	for i := range recs {
		x := r.next()
		recs[i] = rec{id: i, name: strconv.Itoa(int(x % uint64(n/4+1))), w: float64(x%1000) / 8}
	}
	byName := slices.Clone(recs)
	slices.SortFunc(byName, func(a, b rec) int {
		if c := cmp.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.id - b.id
	})
	byW := slices.Clone(recs)
	slices.SortFunc(byW, func(a, b rec) int {
		return cmp.Or(cmp.Compare(a.w, b.w), cmp.Compare(b.id, a.id))
	})
	fmt.Println(byName[0].id, byName[n/2].id, byName[n-1].id, byW[0].id, byW[n/2].id, byW[n-1].id)

	ints := mapTo(recs, func(x rec) int { return int(x.w*8)*n + x.id*7919%n })
	slices.Sort(ints)
	at, ok := slices.BinarySearch(ints, ints[n/3])
	fmt.Println(ints[0], ints[n/2], ints[n-1], at, ok)

	h := &heap[rec]{less: func(a, b rec) bool { return a.w < b.w || a.w == b.w && a.id < b.id }}
	for _, x := range recs {
		h.push(x)
	}
	hash := uint64(14695981039346656037)
	for len(h.xs) > 0 {
		hash = (hash ^ uint64(h.pop().id)) * 1099511628211
	}
	hi := &heap[int]{less: func(a, b int) bool { return a > b }}
	for _, x := range ints {
		hi.push(x)
		if len(hi.xs) > 1000 {
			hi.pop()
		}
	}
	fmt.Printf("%016x %d\n", hash, hi.pop())

	t := treap[string, int]{r: 12345}
	for _, x := range recs {
		t.put(x.name, x.id)
	}
	sum, k := 0, 0
	t.root.walk(func(_ string, v int) { k++; sum += v * (k % 13) })
	fmt.Println(t.n, sum, fold(recs, 0.0, func(a float64, x rec) float64 { return a + x.w }))
}
