// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// spectral: spectral norm of the infinite matrix 1/((i+j)(i+j+1)/2+i+1),
// cut to n by n, by power iteration on the transpose product.
package main

import (
	"fmt"
	"math"
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

func entry(i, j int) float64 {
	s := i + j
	return 1 / float64(s*(s+1)/2+i+1)
}

func mul(dst, src []float64) {
	for i := range dst {
		acc := 0.0
		for j, x := range src {
			acc += entry(i, j) * x
		}
		dst[i] = acc
	}
}

func mulT(dst, src []float64) {
	for i := range dst {
		acc := 0.0
		for j, x := range src {
			acc += entry(j, i) * x
		}
		dst[i] = acc
	}
}

func main() {
	n := size(4000)
	u := make([]float64, n)
	v := make([]float64, n)
	t := make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for k := 0; k < 10; k++ {
		mul(t, u)
		mulT(v, t)
		mul(t, v)
		mulT(u, t)
	}
	uv, vv := 0.0, 0.0
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	fmt.Printf("%.9f\n", math.Sqrt(uv/vv))
}
