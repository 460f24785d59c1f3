// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The address that runtime.Caller returns belongs to the caller, whatever was inlined behind the call.
package main

import (
	"fmt"
	"runtime"
)

type args []int

func (a args) get(i int) int { return a[i] }

//go:noinline
func called(i int) args {
	pc, _, line, ok := runtime.Caller(1)
	f := runtime.FuncForPC(pc)
	_, fl := f.FileLine(pc)
	fmt.Println(f.Name(), line, fl, ok)
	pc, _, line, ok = runtime.Caller(2)
	fmt.Println(runtime.FuncForPC(pc).Name(), line, ok)
	return args{i}
}

//go:noinline
func getTime(i int) int { return called(i).get(0) }

func inl(i int) int { return called(i).get(0) }

func main() {
	fmt.Println(getTime(3))
	fmt.Println(inl(4))
	pc, _, line, ok := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name(), line, ok)
}
