// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package main

import "fmt"

type shape interface{ area() float64 }
type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

func sum(xs []int) int {
	n := 0
	for i, x := range xs {
		if x%2 == 0 {
			n += x * i
		}
	}
	return n
}

func main() {
	xs := []int{1, 2, 3, 4}
	var s shape = square{3}
	done := make(chan int)
	go func() { done <- sum(xs) }()
	fmt.Println(s.area(), <-done)
}
