// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A parallel prime sieve: one goroutine per prime, and a segmented one.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func generate(c chan<- int) {
	for i := 2; ; i++ {
		c <- i
	}
}

func filter(in <-chan int, out chan<- int, prime int) {
	for {
		if i := <-in; i%prime != 0 {
			out <- i
		}
	}
}

func segment(lo, hi int, small []int) int {
	composite := make([]bool, hi-lo)
	for _, p := range small {
		for m := max(p*p, (lo+p-1)/p*p); m < hi; m += p {
			composite[m-lo] = true
		}
	}
	n := 0
	for i, c := range composite {
		if !c && lo+i >= 2 {
			n++
		}
	}
	return n
}

func main() {
	c := make(chan int)
	go generate(c)
	for range 100 {
		prime := <-c
		fmt.Print(prime, " ")
		next := make(chan int)
		go filter(c, next, prime)
		c = next
	}
	fmt.Println()

	const limit, size = 5_000_000, 50_000
	var small []int
	for i := 2; i*i < limit; i++ {
		prime := true
		for _, p := range small {
			if i%p == 0 {
				prime = false
				break
			}
		}
		if prime {
			small = append(small, i)
		}
	}
	counts := make([]int, limit/size)
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for s := range work {
				counts[s] = segment(s*size, (s+1)*size, small)
			}
		})
	}
	for s := range counts {
		work <- s
	}
	close(work)
	wg.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	fmt.Println(total)
}
