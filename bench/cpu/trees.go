// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// trees: allocate and count many short-lived binary trees beside one that
// stays, so that the collector works all the time.
package main

import (
	"fmt"
	"os"
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

type tree struct{ l, r *tree }

func grow(d int) *tree {
	if d == 0 {
		return &tree{}
	}
	return &tree{grow(d - 1), grow(d - 1)}
}

func (t *tree) count() int {
	if t.l == nil {
		return 1
	}
	return 1 + t.l.count() + t.r.count()
}

func main() {
	n := size(17)
	fmt.Println("stretch", grow(n+1).count())
	stay := grow(n)
	for d := 4; d <= n; d += 4 {
		reps := 1 << uint(n-d+4)
		total := 0
		for i := 0; i < reps; i++ {
			total += grow(d).count()
		}
		fmt.Println(d, reps, total)
	}
	fmt.Println("stay", stay.count())
}
