// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Tour is followed from source to process in docs/tour.md: it calls across packages and through an interface, starts a
// goroutine, and uses a closure.
package main

import (
	"os"
	"strconv"

	"tour/shape"
)

func counter() func(int) int {
	total := 0
	return func(n int) int {
		total += n
		return total
	}
}

func main() {
	shapes := []shape.Shape{shape.Square{Side: 3}, shape.Rect{W: 2, H: 5}, shape.Unit}
	sums := make(chan int)
	go func() { sums <- shape.Sum(shapes) }()
	add := counter()
	add(<-sums)
	if len(os.Args) > 1 {
		os.Stdin.Read(make([]byte, 1)) // so that the process can be looked at
	}
	os.Stdout.WriteString("total " + strconv.Itoa(add(1)) + "\n")
}
