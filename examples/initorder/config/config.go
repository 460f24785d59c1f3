// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Package config is initialized before the package that imports it.
package config

import "fmt"

var (
	// Table depends on size, which is declared later.
	Table  = make([]int, size)
	size   = compute("size", 3)
	values = map[string]int{"c": compute("c", 20), "d": 5}
)

func compute(name string, v int) int {
	fmt.Println("config variable", name)
	return v
}

func init() {
	for i := range Table {
		Table[i] = i * i
	}
	fmt.Println("config init", len(values))
}

// Get returns a value by name.
func Get(name string) int { return values[name] }

// Names returns how many values there are.
func Names() int { return len(values) }
