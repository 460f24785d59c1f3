// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// pingpong: unbuffered channel round trips between two goroutines.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
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

func rally(n int) int {
	a, b := make(chan int), make(chan int)
	go func() {
		for x := range a {
			b <- x + 1
		}
		close(b)
	}()
	s := 0
	for i := 0; i < n; i++ {
		a <- i
		s += <-b
	}
	close(a)
	return s
}

func main() {
	n := size(1500000)
	runtime.GOMAXPROCS(1)
	t := time.Now()
	s := rally(n)
	metric("roundtrip_p1", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	runtime.GOMAXPROCS(runtime.NumCPU())
	t = time.Now()
	s += rally(n)
	metric("roundtrip_pN", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	fmt.Println(s)
}
