// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Goroutines with WaitGroup, Mutex, Once and atomics.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var total atomic.Int64
	counts := map[int]int{}
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 1000 {
				total.Add(int64(j))
				if j%100 == 0 {
					runtime.Gosched()
				}
			}
			mu.Lock()
			counts[i%10]++
			mu.Unlock()
		}()
	}
	wg.Wait()
	fmt.Println(total.Load(), counts)

	var once sync.Once
	results := make([]int, 8)
	for i := range results {
		wg.Go(func() {
			once.Do(func() { fmt.Println("once") })
			results[i] = i * i
		})
	}
	wg.Wait()
	fmt.Println(results)

	var rw sync.RWMutex
	shared := 0
	for range 10 {
		wg.Go(func() {
			rw.Lock()
			shared++
			rw.Unlock()
		})
		wg.Go(func() {
			rw.RLock()
			_ = shared
			rw.RUnlock()
		})
	}
	wg.Wait()
	fmt.Println(shared)

	cond := sync.NewCond(&mu)
	ready := 0
	for range 3 {
		wg.Go(func() {
			mu.Lock()
			ready++
			cond.Broadcast()
			mu.Unlock()
		})
	}
	mu.Lock()
	for ready < 3 {
		cond.Wait()
	}
	mu.Unlock()
	wg.Wait()
	pool := sync.Pool{New: func() any { return new([64]byte) }}
	b := pool.Get().(*[64]byte)
	pool.Put(b)
	var m sync.Map
	m.Store("k", 1)
	v, ok := m.Load("k")
	fmt.Println(ready, len(b), v, ok)
}
