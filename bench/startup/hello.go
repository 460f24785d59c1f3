// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package main

import "fmt"

func main() { fmt.Println("hello") }
