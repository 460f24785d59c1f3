// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Assembly that uses R14 and X15 for itself calls memmove by ABI0, as compression libraries do.
package main

import "fmt"

//go:noescape
func move(dst, src *byte, n int)

func main() {
	src := []byte("the quick brown fox jumps over the lazy dog")
	dst := make([]byte, len(src))
	for n := 0; n <= len(src); n++ {
		clear(dst)
		move(&dst[0], &src[0], n)
		if string(dst[:n]) != string(src[:n]) || n < len(dst) && dst[n] != 0 {
			fmt.Printf("%d: %q\n", n, dst)
		}
	}
	fmt.Printf("%s\n", dst)
}
