// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Lives has something in every part of its memory, prints its process number and answers each line with one, until its input ends.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var (
	keep []map[string]int
	big  = make([]byte, 3<<20)
)

func deep(n int, wait *sync.WaitGroup) int {
	var a [100]int
	if n == 0 {
		wait.Done()
		select {}
	}
	a[n%100] = deep(n-1, wait)
	return a[0]
}

func main() {
	for i := 0; i < 50; i++ {
		m := map[string]int{}
		for j := 0; j < 200; j++ {
			m[fmt.Sprint(i, j)] = j
		}
		keep = append(keep, m)
	}

	for i := 0; i < len(big); i += 8192 {
		big[i] = 1
	}
	var wait sync.WaitGroup
	wait.Add(20)
	for i := 0; i < 20; i++ {
		go deep(20*i, &wait)
	}
	wait.Wait()
	runtime.GC()
	fmt.Println(os.Getpid())
	in := bufio.NewScanner(os.Stdin)
	for n := 0; in.Scan(); n++ {
		fmt.Println("answer", n, len(keep), len(big))
	}
}
