// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// matmul: n by n float64 product with small whole entries, so that every sum
// is exact and any order of additions gives the same answer. Two shapes: row
// sweeps over slices of slices, and dot products against a transposed copy.
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

func matrix(n, seed int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = float64((i*seed+j*7)%19 - 9)
		}
	}
	return m
}

func sweep(c, a, b [][]float64) {
	for i := range a {
		row := c[i]
		for k, x := range a[i] {
			br := b[k]
			for j := range row {
				row[j] += x * br[j]
			}
		}
	}
}

func dots(c, a, b [][]float64) {
	n := len(a)
	col := make([]float64, n)
	for j := 0; j < n; j++ {
		for k := 0; k < n; k++ {
			col[k] = b[k][j]
		}
		for i := 0; i < n; i++ {
			s := 0.0
			for k, x := range a[i] {
				s += x * col[k]
			}
			c[i][j] = s
		}
	}
}

func main() {
	n := size(820)
	a, b := matrix(n, 3), matrix(n, 5)
	c, d := matrix(n, 0), matrix(n, 0)
	for i := range c {
		for j := range c[i] {
			c[i][j] = 0
		}
	}
	sweep(c, a, b)
	dots(d, a, b)
	trace, same := 0.0, true
	for i := range c {
		trace += c[i][i]
		for j := range c[i] {
			if c[i][j] != d[i][j] {
				same = false
			}
		}
	}
	fmt.Printf("%d %.1f %v %.1f\n", n, trace, same, c[n/3][n/2])
}
