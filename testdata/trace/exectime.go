// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Exectime measures from outside how long a program takes from the end of execve to an address (main.main): with two stops only, one
// after exec and one at the address.
//
//	exectime RUNS ADDRESS program
//
// It prints one line per run: nanoseconds by the clock, nanoseconds of the thread's processor time, and the same two for the stop alone
// (a second breakpoint instruction right behind the first, with nothing of the program run).
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "exectime:", err)
		os.Exit(1)
	}
}

func cpu(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/schedstat", pid, pid))
	check(err)
	n, err := strconv.ParseInt(strings.Fields(string(b))[0], 10, 64)
	check(err)
	return n
}

func goOn(pid int) (wall, used int64) {
	c := cpu(pid)
	var ws syscall.WaitStatus
	t := time.Now()
	check(syscall.PtraceCont(pid, 0))
	_, err := syscall.Wait4(pid, &ws, 0, nil)
	wall = time.Since(t).Nanoseconds()
	check(err)
	if !ws.Stopped() || ws.StopSignal() != syscall.SIGTRAP {
		check(fmt.Errorf("unexpected status %#x", int(ws)))
	}
	return wall, cpu(pid) - c
}

func run(address uintptr, program string) {
	pid, err := syscall.ForkExec(program, []string{program}, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Ptrace: true}})
	check(err)
	var ws syscall.WaitStatus
	_, err = syscall.Wait4(pid, &ws, 0, nil)
	check(err)
	_, err = syscall.PtracePokeText(pid, address, []byte{0xcc, 0xcc})
	check(err)
	wall, used := goOn(pid)
	stopWall, stopUsed := goOn(pid)
	fmt.Println(wall, used, stopWall, stopUsed)
	syscall.Kill(pid, syscall.SIGKILL)
	syscall.Wait4(pid, &ws, 0, nil)
}

func main() {
	runtime.LockOSThread()
	if len(os.Args) != 4 {
		check(fmt.Errorf("usage: exectime RUNS ADDRESS program"))
	}
	runs, err := strconv.Atoi(os.Args[1])
	check(err)
	address, err := strconv.ParseUint(os.Args[2], 0, 64)
	check(err)
	for i := 0; i < runs; i++ {
		run(uintptr(address), os.Args[3])
	}
}
