// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Timers whose channel nobody has are collected; those that somebody waits for, or holds, fire.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	const n = 10000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	held := time.NewTimer(60 * time.Millisecond)
	called := make(chan string, 1)
	time.AfterFunc(50*time.Millisecond, func() { called <- "called" })
	waited := make(chan string)
	go func() {
		<-time.After(40 * time.Millisecond)
		waited <- "waited"
	}()
	slept := make(chan string)
	go func() {
		time.Sleep(30 * time.Millisecond)
		slept <- "slept"
	}()
	for i := range n {
		time.After(time.Hour + time.Duration(i*7919%n))
		time.NewTicker(time.Hour)
	}
	for range 3 {
		time.Sleep(time.Millisecond)
		runtime.GC()
	}
	runtime.ReadMemStats(&after)
	if left := int64(after.Mallocs-after.Frees) - int64(before.Mallocs-before.Frees); left > n/10 {
		fmt.Println("objects left:", left)
	}
	fmt.Println(<-slept)
	fmt.Println(<-waited)
	fmt.Println(<-called)
	<-held.C
	fmt.Println("fired")
}
