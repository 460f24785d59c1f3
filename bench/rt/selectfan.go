// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// selectfan: four producers merged by select, a default-polling select, and a
// select with a timeout channel that does not fire.
package main

import (
	"fmt"
	"os"
	"strconv"
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
	n := size(500000)
	var cs [4]chan int
	for i := range cs {
		cs[i] = make(chan int)
		go func(c chan int) {
			for k := 0; k < n; k++ {
				c <- k
			}
			close(c)
		}(cs[i])
	}
	a, b, c, d := cs[0], cs[1], cs[2], cs[3]
	sum, open := 0, 4
	t := time.Now()
	for open > 0 {
		var x int
		var ok bool
		select {
		case x, ok = <-a:
			if !ok {
				a = nil
			}
		case x, ok = <-b:
			if !ok {
				b = nil
			}
		case x, ok = <-c:
			if !ok {
				c = nil
			}
		case x, ok = <-d:
			if !ok {
				d = nil
			}
		}
		if ok {
			sum += x
		} else {
			open--
		}
	}
	metric("fanin4", float64(time.Since(t).Nanoseconds())/float64(4*n), "ns")

	q := make(chan int, 1)
	stop := make(chan int)
	t = time.Now()
	for i := 0; i < 10*n; i++ {
		select {
		case q <- i:
		case x := <-q:
			sum += x & 1
		case <-stop:
			sum = -1
		}
	}
	metric("select3_ready", float64(time.Since(t).Nanoseconds())/float64(10*n), "ns")
	t = time.Now()
	for i := 0; i < 20*n; i++ {
		select {
		case <-stop:
			sum = -1
		default:
			sum++
		}
	}
	metric("select_default", float64(time.Since(t).Nanoseconds())/float64(20*n), "ns")
	out := make(chan int)
	go func() {
		for i := 0; i < n/2; i++ {
			out <- i
		}
		close(out)
	}()
	t = time.Now()
	for live := true; live; {
		tm := time.NewTimer(time.Second * 5)
		select {
		case x, ok := <-out:
			live = ok
			sum += x
		case <-tm.C:
			sum = -1
		}
		tm.Stop()
	}
	metric("select_timeout", float64(time.Since(t).Nanoseconds())/float64(n/2), "ns")
	fmt.Println(sum)
}
