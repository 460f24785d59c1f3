// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package main

import "fmt"

type Shape interface{ Area() int }

type Square struct{ side int }

func (s *Square) Area() int { return s.side * s.side }

var last *Square

func total(list []int) (n int) {
	for i := range list {
		n += list[i]
	}
	return n + list[0]
}

func keep(side int) Shape {
	s := &Square{side}
	last = s
	return s
}

func main() {
	var q Shape = &Square{3}
	fmt.Println(total([]int{1, 2, 3}), q.Area(), keep(4).Area())
}
