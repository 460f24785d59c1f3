// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// spawn: goroutine creation and join.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func size(def int) int {
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err == nil {
			return n
		}
	}
	return def
}

// metric writes one figure for the runner; stdout is kept for checked output.
func metric(name string, v float64, unit string) {
	fmt.Fprintf(os.Stderr, "METRIC %s %.6g %s\n", name, v, unit)
}

func main() {
	n := size(1000000)
	var total int64
	for _, procs := range []int{runtime.NumCPU(), 1} {
		runtime.GOMAXPROCS(procs)
		n := n
		if procs == 1 {
			n /= 4
		}
		var wg sync.WaitGroup
		t := time.Now()
		wg.Add(n)
		for i := 0; i < n; i++ {
			go func(x int) {
				atomic.AddInt64(&total, int64(x&1))
				wg.Done()
			}(i)
		}
		wg.Wait()
		label := "spawn_join_p1"
		if procs > 1 {
			label = "spawn_join_pN"
		}
		metric(label, float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	}
	// one at a time: create, run, wake the parent
	runtime.GOMAXPROCS(runtime.NumCPU())
	k := n / 4
	done := make(chan int)
	t := time.Now()
	for i := 0; i < k; i++ {
		go func(x int) { done <- x & 1 }(i)
		total += int64(<-done)
	}
	metric("spawn_one_by_one", float64(time.Since(t).Nanoseconds())/float64(k), "ns")
	fmt.Println(total)
}
