// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// 10,000 goroutines that each grow a stack to 64 KB, with pointers into it that must move along.
package main

import (
	"fmt"
	"sync"
)

func grow(depth int, up *int) int {
	var local [16]int
	local[depth%16] = depth
	p := &local[depth%16]
	if depth == 0 {
		return *up
	}
	r := grow(depth-1, p)
	if *p != depth || *up != depth+1 {
		panic(fmt.Sprint("stack lost: ", *p, " ", *up, " at ", depth))
	}
	return r + 1
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	release := make(chan bool)
	for range 10000 {
		wg.Go(func() {
			top := 301
			n := grow(300, &top)
			<-release
			mu.Lock()
			sum += n
			mu.Unlock()
		})
	}
	close(release)
	wg.Wait()
	fmt.Println(sum)
}
