// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// pipeline: items through buffered channels and several stages.
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

func pass(n, stages, capacity int) int {
	head := make(chan int, capacity)
	in := head
	for s := 0; s < stages; s++ {
		out := make(chan int, capacity)
		go func(in, out chan int, add int) {
			for x := range in {
				out <- x + add
			}
			close(out)
		}(in, out, s)
		in = out
	}
	go func() {
		for i := 0; i < n; i++ {
			head <- i
		}
		close(head)
	}()
	sum := 0
	for x := range in {
		sum += x
	}
	return sum
}

func main() {
	n := size(1000000)
	const stages = 4
	total := 0
	for _, c := range []struct {
		label      string
		procs, cap int
	}{{"hop_p1_cap128", 1, 128}, {"hop_pN_cap128", runtime.NumCPU(), 128}, {"hop_pN_cap4", runtime.NumCPU(), 4}} {
		runtime.GOMAXPROCS(c.procs)
		t := time.Now()
		total += pass(n, stages, c.cap)
		metric(c.label, float64(time.Since(t).Nanoseconds())/float64(n*(stages+1)), "ns")
	}
	fmt.Println(total)
}
