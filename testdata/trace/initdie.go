// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Initdie is killed in the middle of a package's initialization.
package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

func init() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Minute)
}

func main() {
	fmt.Println("not reached")
}
