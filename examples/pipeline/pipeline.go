// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Producers and consumers over channels.
package main

import (
	"fmt"
	"sync"
)

func produce(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i
		}
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int, 4)
	go func() {
		defer close(out)
		for x := range in {
			out <- x * x
		}
	}()
	return out
}

func merge(ins ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, in := range ins {
		wg.Go(func() {
			for x := range in {
				out <- x
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

func main() {
	sum, n := 0, 0
	for x := range merge(square(produce(100)), square(produce(50)), produce(10)) {
		sum += x
		n++
	}
	fmt.Println(n, sum)

	jobs := make(chan int, 10)
	results := make(chan [2]int, 10)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				results <- [2]int{w, j * 2}
			}
		}()
	}
	go func() {
		for i := range 30 {
			jobs <- i
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	total := 0
	for r := range results {
		total += r[1]
	}
	fmt.Println(total, cap(jobs), len(jobs))
	v, ok := <-jobs
	fmt.Println(v, ok)
	done := make(chan struct{})
	ping, pong := make(chan int), make(chan int)
	go func() {
		for x := range ping {
			pong <- x + 1
		}
		close(done)
	}()
	x := 0
	for range 1000 {
		ping <- x
		x = <-pong
	}
	close(ping)
	<-done
	fmt.Println(x)
}
