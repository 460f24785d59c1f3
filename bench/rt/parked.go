// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// parked: memory per goroutine that waits on a channel, and the cost of making
// and waking them all.
package main

import (
	"fmt"
	"io/ioutil"
	"os"
	"strconv"
	"strings"
	"sync"
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

// kib reads one field of /proc/self/status.
func kib(field string) float64 {
	b, err := ioutil.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, l := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(l, field+":") {
			f := strings.Fields(l)
			v, _ := strconv.Atoi(f[1])
			return float64(v)
		}
	}
	return 0
}

func main() {
	n := size(100000)
	before := kib("VmRSS")
	metric("rss_empty", before, "KiB")
	var up, down sync.WaitGroup
	gate := make(chan int)
	var mu sync.Mutex
	sum := 0
	up.Add(n)
	down.Add(n)
	t := time.Now()
	for i := 0; i < n; i++ {
		go func(i int) {
			up.Done()
			x := <-gate
			mu.Lock()
			sum += i&1 + x
			mu.Unlock()
			down.Done()
		}(i)
	}
	up.Wait()
	metric("park", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	time.Sleep(20 * time.Millisecond)
	metric("rss_per_goroutine", (kib("VmRSS")-before)*1024/float64(n), "B")
	t = time.Now()
	close(gate)
	down.Wait()
	metric("wake", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	metric("threads", kib("Threads"), "count")
	fmt.Println(sum)
}
