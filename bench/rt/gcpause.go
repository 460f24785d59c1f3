// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// gcpause: a live heap of some 200 MB of small linked objects, a mutator that
// replaces parts of it all the time, and a ticking goroutine that records how
// late each tick comes.
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

type cell struct {
	next, other *cell
	data        *[6]int
	id          int
}

func chain(n, id int) *cell {
	var head *cell
	for i := 0; i < n; i++ {
		c := &cell{next: head, data: new([6]int), id: id + i}
		c.data[0] = i
		if head != nil {
			c.other = head.next
		}
		head = c
	}
	return head
}

func main() {
	mb := size(200)
	const per = 64
	// a cell and its data take 32+48 bytes
	slots := make([]*cell, mb*1000000/(80*per))
	for i := range slots {
		slots[i] = chain(per, i)
	}
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	var stop int32
	ticks := make(chan []float64)
	go func() {
		late := make([]float64, 0, 100000)
		for atomic.LoadInt32(&stop) == 0 {
			s := time.Now()
			time.Sleep(200 * time.Microsecond)
			late = append(late, float64(time.Since(s)-200*time.Microsecond)/1e3)
		}
		ticks <- late
	}()
	// the mutator spins on its own and times its longest single step too
	t := time.Now()
	x := uint32(1)
	steps, worst := 0, time.Duration(0)
	const want = 150000
	last := t
	for steps < want {
		x = x*1664525 + 1013904223
		i := int(x>>4) % len(slots)
		slots[i] = chain(per, i)
		steps++
		now := time.Now()
		if d := now.Sub(last); d > worst {
			worst = d
		}
		last = now
	}
	el := time.Since(t)
	atomic.StoreInt32(&stop, 1)
	late := <-ticks
	runtime.ReadMemStats(&m1)
	sort.Float64s(late)
	metric("tick_late_p50", late[len(late)/2], "us")
	metric("tick_late_p99", late[len(late)*99/100], "us")
	metric("tick_late_max", late[len(late)-1], "us")
	metric("mutator_worst_step", float64(worst)/1e3, "us")
	metric("alloc_rate", float64(want)*per*80/1e6/el.Seconds(), "MB/s")
	metric("gcs", float64(m1.NumGC-m0.NumGC), "count")
	// what the collector itself says of its stops
	stw := uint64(0)
	for k := m0.NumGC; k < m1.NumGC && k < m0.NumGC+256; k++ {
		if p := m1.PauseNs[k%256]; p > stw {
			stw = p
		}
	}
	metric("stw_worst", float64(stw)/1e3, "us")
	n := 0
	for _, c := range slots {
		for ; c != nil; c = c.next {
			n++
		}
	}
	fmt.Println(len(slots), n)
}
