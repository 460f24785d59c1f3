// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// preempt: at GOMAXPROCS=1 a loop without calls must not starve the others.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
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

//go:noinline
func spin(n int) uint64 {
	x := uint64(1)
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

func main() {
	n := size(250000000)
	runtime.GOMAXPROCS(1)
	t := time.Now()
	alone := spin(n)
	metric("spin_alone", float64(time.Since(t).Nanoseconds())/1e6, "ms")
	var done int32
	res := make(chan uint64, 1)
	t = time.Now()
	go func() {
		res <- spin(n)
		atomic.StoreInt32(&done, 1)
	}()
	var gaps []float64
	for atomic.LoadInt32(&done) == 0 {
		s := time.Now()
		time.Sleep(time.Millisecond)
		if atomic.LoadInt32(&done) == 0 {
			gaps = append(gaps, float64(time.Since(s)-time.Millisecond)/1e3)
		}
	}
	metric("spin_with_ticker", float64(time.Since(t).Nanoseconds())/1e6, "ms")
	sort.Float64s(gaps)
	if len(gaps) > 0 {
		metric("tick_late_p50", gaps[len(gaps)/2], "us")
		metric("tick_late_max", gaps[len(gaps)-1], "us")
	}
	metric("ticks", float64(len(gaps)), "count")
	fmt.Println("same", alone == <-res, "preempted", len(gaps) >= 10)
}
