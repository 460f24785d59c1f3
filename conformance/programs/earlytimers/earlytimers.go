// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A thread sleeps for a late timer before the network poller exists; earlier timers and descriptors that come later must wake it.
package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

func main() {
	time.AfterFunc(10*time.Second, func() {
		fmt.Println("a sleeper was not woken")
		os.Exit(1)
	})
	for i := 0; i < 40; i++ {
		go func() {
			for j := 0; j < 3; j++ {
				time.Sleep(time.Millisecond)
			}
		}()
	}
	time.Sleep(30 * time.Millisecond)
	r, w, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var wg sync.WaitGroup
	wg.Add(21)
	go func() {
		defer wg.Done()
		var b [1]byte
		n, err := r.Read(b[:])
		fmt.Println("read", n, err)
	}()
	for i := 0; i < 20; i++ {
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
		}()
	}
	time.Sleep(120 * time.Millisecond)
	w.Write([]byte("x"))
	wg.Wait()
	fmt.Println("all woken")
}
