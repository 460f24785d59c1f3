// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// mutex: lock costs, free and fought over.
package main

import (
	"fmt"
	"os"
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

func fight(workers, n int, lock sync.Locker) (int, float64) {
	var wg sync.WaitGroup
	total := 0
	start := make(chan int)
	for w := 0; w < workers; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			for i := 0; i < n/workers; i++ {
				lock.Lock()
				total++
				lock.Unlock()
			}
		}()
	}
	t := time.Now()
	close(start)
	wg.Wait()
	return total, float64(time.Since(t).Nanoseconds()) / float64(n)
}

func main() {
	n := size(6400000)
	var mu sync.Mutex
	sum := 0
	for _, w := range []int{1, 2, 8, 64} {
		s, ns := fight(w, n, &mu)
		sum += s
		metric("mutex_g"+strconv.Itoa(w), ns, "ns")
	}
	var rw sync.RWMutex
	var wg sync.WaitGroup
	var reads int64
	t := time.Now()
	for w := 0; w < 8; w++ {
		wg.Add(1)
		go func(w int) {
			k := 0
			for i := 0; i < n/8; i++ {
				if w == 0 && i%64 == 0 {
					rw.Lock()
					sum++
					rw.Unlock()
				} else {
					rw.RLock()
					k += sum & 1
					rw.RUnlock()
				}
			}
			atomic.AddInt64(&reads, int64(k&0))
			wg.Done()
		}(w)
	}
	wg.Wait()
	metric("rwmutex_g8", float64(time.Since(t).Nanoseconds())/float64(n), "ns")
	// condition variable hand-over between two goroutines
	cond := sync.NewCond(&mu)
	turn, m := 0, n/32
	t = time.Now()
	for w := 0; w < 2; w++ {
		wg.Add(1)
		go func(w int) {
			mu.Lock()
			for i := 0; i < m; i++ {
				for turn != w {
					cond.Wait()
				}
				turn = 1 - w
				cond.Signal()
			}
			mu.Unlock()
			wg.Done()
		}(w)
	}
	wg.Wait()
	metric("cond_handover", float64(time.Since(t).Nanoseconds())/float64(2*m), "ns")
	fmt.Println(sum, reads)
}
