// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Huge maps four tebibytes, touches one page of them, and ends.
package main

import (
	"os"
	"syscall"
	"unsafe"
)

const size = 1 << 42

func main() {
	at, _, errno := syscall.Syscall6(syscall.SYS_MMAP, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE, ^uintptr(0), 0)
	if errno != 0 {
		println("mmap:", errno.Error())
		os.Exit(1)
	}
	*(*byte)(unsafe.Add(unsafe.Pointer(nil), at+size/2)) = 1
}
