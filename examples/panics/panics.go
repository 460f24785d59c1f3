// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Panics and recover, run-time errors included.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

type tree struct {
	left *tree
	v    int
}

func try(name string, f func()) {
	defer func() {
		r := recover()
		var re runtime.Error
		if err, ok := r.(error); ok && errors.As(err, &re) {
			fmt.Printf("%s: runtime error: %v\n", name, err)
			return
		}
		fmt.Printf("%s: %v (%T)\n", name, r, r)
	}()
	f()
	fmt.Println(name, "did not panic")
}

func nested() (s string) {
	defer func() {
		s = fmt.Sprint("outer ", recover())
	}()
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic("second")
	}()
	panic("first")
}

func deep(n int) int {
	if n == 0 {
		panic(fmt.Errorf("bottom"))
	}
	return deep(n-1) + 1
}

func cleanup() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	for i := range 3 {
		defer fmt.Println("cleanup", i)
	}
	panic("boom")
}

func main() {
	var s []int
	var m map[string]int
	var t *tree
	var e any = "text"
	zero, idx, neg := 0, 5, -1
	arr := [3]int{1, 2, 3}
	try("index", func() { fmt.Println(arr[idx%7]) })
	try("empty", func() { fmt.Println(s[0]) })
	try("slice", func() { fmt.Println(arr[2:idx]) })
	try("slice order", func() { fmt.Println(s[idx:zero]) })
	try("string", func() { fmt.Println("abc"[idx]) })
	try("nil map", func() { m["x"] = 1 })
	try("nil pointer", func() { fmt.Println(t.left.v) })
	try("divide", func() { fmt.Println(1 / zero) })
	try("assertion", func() { fmt.Println(e.(int)) })
	try("interface assertion", func() { fmt.Println(e.(fmt.Stringer)) })
	try("makeslice", func() { s = make([]int, neg) })
	try("shift", func() { fmt.Println(1 << neg) })
	try("closed", func() { c := make(chan int); close(c); close(c) })
	try("nil func", func() { var f func(); f() })
	try("custom", func() { panic(tree{v: 7}) })
	try("error", func() { panic(os.ErrNotExist) })
	try("nil", func() { panic(nil) })
	try("uncomparable", func() { fmt.Println(e == any([]int{}), any([]int{}) == any([]int{})) })
	try("array conversion", func() { _ = [4]int(arr[:]) })
	try("deep", func() { deep(1000) })
	try("fine", func() {})
	fmt.Println(nested())
	fmt.Println(cleanup())
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("deferred by Goexit")
		runtime.Goexit()
	}()
	<-done
	_, file, line, ok := runtime.Caller(0)
	fmt.Println(file[strings.LastIndex(file, "/")+1:], line, ok)
	pc, _, _, _ := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name())
}
