// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// fannkuch: prefix reversals ("pancake flips") over all permutations of
// 0..n-1, enumerated by plain changes of Heap's method. Prints the largest flip count and a
// checksum whose sign alternates with the permutation's index.
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

func flips(p, q []int) int {
	copy(q, p)
	count := 0
	for q[0] != 0 {
		i, j := 0, q[0]
		for i < j {
			q[i], q[j] = q[j], q[i]
			i++
			j--
		}
		count++
	}
	return count
}

func run(n int) (most, sum, perms int) {
	p := make([]int, n)
	q := make([]int, n)
	c := make([]int, n)
	for i := range p {
		p[i] = i
	}
	visit := func() {
		f := flips(p, q)
		if f > most {
			most = f
		}
		if perms&1 == 0 {
			sum += f
		} else {
			sum -= f
		}
		perms++
	}
	visit()
	i := 1
	for i < n {
		if c[i] < i {
			if i&1 == 0 {
				p[0], p[i] = p[i], p[0]
			} else {
				p[c[i]], p[i] = p[i], p[c[i]]
			}
			visit()
			c[i]++
			i = 1
		} else {
			c[i] = 0
			i++
		}
	}
	return
}

func main() {
	n := size(10)
	total := 0
	for r := 0; r < 3; r++ {
		most, sum, perms := run(n)
		total += sum + most + perms
		if r == 0 {
			fmt.Println(n, most, sum, perms)
		}
	}
	fmt.Println(total)
}
