// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// hello without fmt: what the runtime and os alone weigh.
package main

import "os"

func main() { os.Stdout.WriteString("hello\n") }
