// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// timers: many timers made and stopped, many that fire, and lateness.
package main

import (
	"fmt"
	"os"
	"sort"
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
	n := size(300000)
	ts := make([]*time.Timer, n)
	t := time.Now()
	for i := range ts {
		ts[i] = time.AfterFunc(time.Hour+time.Duration(i*7919%n)*time.Millisecond, func() {})
	}
	metric("make", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	t = time.Now()
	for i := range ts {
		ts[i].Reset(2*time.Hour + time.Duration(i*104729%n)*time.Millisecond)
	}
	metric("reset", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	t = time.Now()
	stopped := 0
	for i := range ts {
		if ts[i*3001%n].Stop() {
			stopped++
		}
	}
	metric("stop", float64(time.Since(t).Nanoseconds())/float64(n), "ns")

	// k timers that fire over 100 ms
	k := n / 4
	var fired int64
	var wg sync.WaitGroup
	wg.Add(k)
	t = time.Now()
	for i := 0; i < k; i++ {
		time.AfterFunc(time.Duration(1+i*31%100)*time.Millisecond, func() {
			atomic.AddInt64(&fired, 1)
			wg.Done()
		})
	}
	wg.Wait()
	metric("fire_all", float64(time.Since(t).Nanoseconds())/1e6, "ms")

	// sleepers: how late does a 1 ms sleep wake on an idle machine
	late := make([]float64, 300)
	for i := range late {
		s := time.Now()
		time.Sleep(time.Millisecond)
		late[i] = float64(time.Since(s)-time.Millisecond) / 1e3
	}
	sort.Float64s(late)
	metric("sleep1ms_late_p50", late[len(late)/2], "us")
	metric("sleep1ms_late_p99", late[len(late)*99/100], "us")
	fmt.Println(stopped, fired)
}
