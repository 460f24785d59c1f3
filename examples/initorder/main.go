// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A module of two packages that shows the order of initialization.
package main

import (
	"fmt"

	"example.org/initorder/config"
)

var (
	a = b + 1
	b = trace("b", c*2)
	c = config.Get("c")
	_ = trace("blank", 0)
)

func trace(name string, v int) int {
	fmt.Println("main variable", name, "=", v)
	return v
}

func init() {
	fmt.Println("main init 1", a, b, c)
}

func init() {
	fmt.Println("main init 2")
}

func main() {
	fmt.Println("main", config.Table, config.Names())
}
