// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Noptrace runs a command with a seccomp filter that refuses ptrace with EPERM, as containers do.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

type filter struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

func main() {
	runtime.LockOSThread()
	program := []filter{
		{0x20, 0, 0, 0},          // A = number of the call
		{0x15, 0, 1, 101},        // ptrace?
		{0x06, 0, 0, 0x00050001}, // errno 1
		{0x06, 0, 0, 0x7fff0000}, // allow
	}
	list := struct {
		n uint16
		p *filter
	}{uint16(len(program)), &program[0]}
	syscall.RawSyscall6(syscall.SYS_PRCTL, 38, 1, 0, 0, 0, 0)
	_, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, 22, 2, uintptr(unsafe.Pointer(&list)))
	path, err := exec.LookPath(os.Args[1])
	if e == 0 && err == nil {
		err = syscall.Exec(path, os.Args[1:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "noptrace:", e, err)
	os.Exit(2)
}
