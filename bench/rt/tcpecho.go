// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// tcpecho: loopback echo, one connection and sixteen at once.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
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

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			b := make([]byte, 4096)
			for {
				n, err := c.Read(b)
				if err != nil {
					c.Close()
					return
				}
				c.Write(b[:n])
			}
		}()
	}
}

func talk(addr string, n int) int {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	defer c.Close()
	b := make([]byte, 64)
	ok := 0
	for i := 0; i < n; i++ {
		b[0], b[63] = byte(i), byte(i>>8)
		if _, err := c.Write(b); err != nil {
			panic(err)
		}
		if _, err := io.ReadFull(c, b); err != nil {
			panic(err)
		}
		if b[0] == byte(i) && b[63] == byte(i>>8) {
			ok++
		}
	}
	return ok
}

func main() {
	n := size(16000)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go serve(l)
	addr := l.Addr().String()
	t := time.Now()
	ok := talk(addr, n)
	metric("echo_c1", float64(n)/time.Since(t).Seconds(), "/s")
	var wg sync.WaitGroup
	var mu sync.Mutex
	t = time.Now()
	for w := 0; w < 16; w++ {
		wg.Add(1)
		go func() {
			k := talk(addr, n/8)
			mu.Lock()
			ok += k
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait()
	metric("echo_c16", float64(16*(n/8))/time.Since(t).Seconds(), "/s")
	t = time.Now()
	k := n / 8
	for i := 0; i < k; i++ {
		ok += talk(addr, 1)
	}
	metric("dial_echo_close", float64(k)/time.Since(t).Seconds(), "/s")
	l.Close()
	fmt.Println(ok)
}
