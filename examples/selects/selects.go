// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// select with timeout, default, nil channels and a ticker.
package main

import (
	"fmt"
	"time"
)

func main() {
	c := make(chan string)
	go func() {
		time.Sleep(10 * time.Millisecond)
		c <- "answer"
	}()
	select {
	case s := <-c:
		fmt.Println(s)
	case <-time.After(5 * time.Second):
		fmt.Println("timeout")
	}
	select {
	case s := <-c:
		fmt.Println(s)
	case <-time.After(20 * time.Millisecond):
		fmt.Println("timeout")
	}
	select {
	case s, ok := <-c:
		fmt.Println(s, ok)
	default:
		fmt.Println("nothing ready")
	}
	a, b := make(chan int, 1), make(chan int, 1)
	var never chan int
	sent := [2]int{}
	for range 1000 {
		select {
		case a <- 1:
			sent[0]++
			<-a
		case b <- 1:
			sent[1]++
			<-b
		case <-never:
			panic("impossible")
		}
	}
	fmt.Println(sent[0] > 300, sent[1] > 300, sent[0]+sent[1])
	ticker := time.NewTicker(5 * time.Millisecond)
	n := 0
	stop := time.After(10 * time.Second)
loop:
	for {
		select {
		case <-ticker.C:
			if n++; n == 3 {
				break loop
			}
		case <-stop:
			break loop
		}
	}
	ticker.Stop()
	fmt.Println("ticks:", n)
	timer := time.AfterFunc(time.Hour, func() { fmt.Println("never") })
	fmt.Println(timer.Stop(), timer.Stop())
	start := time.Now()
	time.Sleep(15 * time.Millisecond)
	d := time.Since(start)
	fmt.Println(d >= 15*time.Millisecond, d < 5*time.Second)
	closed := make(chan int)
	close(closed)
	select {
	case v, ok := <-closed:
		fmt.Println(v, ok)
	}
}
