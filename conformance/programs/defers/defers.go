// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Deferred calls whose records lie in frames and on the heap by turns, while the collector runs.
package main

import (
	"fmt"
	"runtime"
)

var trace []int

type node struct {
	id   int
	next *node
}

func (n *node) pop() { trace = append(trace, n.id) }

// walk defers in its frame, in a loop, and in its frame again, at every depth.
func walk(depth int) {
	a := &node{id: depth * 10}
	defer a.pop()
	for i := 1; i <= 2; i++ {
		b := &node{id: depth*10 + i}
		defer b.pop()
	}
	c, d := &node{id: depth*10 + 3}, "d"
	defer func() { c.id += len(d) - 1; c.pop() }()
	if depth < 12 {
		walk(depth + 1)
	} else {
		for i := 0; i < 20; i++ {
			runtime.GC()
			for k := 0; k < 200; k++ {
				_ = append([]*node(nil), &node{id: -1}, &node{id: -1})
				sink = &node{id: -1, next: &node{id: -1}}
			}
		}
	}
}

var sink *node

func main() {
	walk(1)
	fmt.Println(trace)
	trace = nil
	func() {
		defer func() { fmt.Println(recover(), trace) }()
		defer walk(9)
		for i := 0; i < 3; i++ {
			defer (&node{id: -i}).pop()
		}
		runtime.GC()
		panic("x")
	}()
}
