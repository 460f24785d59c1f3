// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// mandelbrot: escape times on an n by n grid, one thread; prints the count of
// points that stay and a hash of all escape times.
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

const limit = 200

func escape(cr, ci float64) int {
	zr, zi, r2, i2 := 0.0, 0.0, 0.0, 0.0
	k := 0
	for k < limit && r2+i2 <= 4 {
		zi = 2*zr*zi + ci
		zr = r2 - i2 + cr
		r2 = zr * zr
		i2 = zi * zi
		k++
	}
	return k
}

func main() {
	n := size(2600)
	inside := 0
	h := uint64(14695981039346656037)
	step := 2.5 / float64(n)
	for y := 0; y < n; y++ {
		ci := float64(y)*step - 1.25
		for x := 0; x < n; x++ {
			k := escape(float64(x)*step-1.9, ci)
			if k == limit {
				inside++
			}
			h = (h ^ uint64(k)) * 1099511628211
		}
	}
	fmt.Printf("%d %d %016x\n", n, inside, h)
}
