// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// A TCP echo server and its clients on loopback, in one process.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

func serve(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			io.Copy(c, c)
		}()
	}
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go serve(ln)
	var wg sync.WaitGroup
	results := make([]string, 8)
	for i := range results {
		wg.Go(func() {
			c, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				results[i] = err.Error()
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			for j := range 50 {
				fmt.Fprintf(c, "client %d message %d\n", i, j)
				if results[i], err = r.ReadString('\n'); err != nil {
					results[i] = err.Error()
					return
				}
			}
		})
	}
	wg.Wait()
	for _, s := range results {
		fmt.Print(s)
	}
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	ne, ok := err.(net.Error)
	fmt.Println(ok && ne.Timeout())
	ln.Close()
	_, err = ln.Accept()
	fmt.Println(err != nil)
	ip, network, err := net.ParseCIDR("192.0.2.17/24")
	fmt.Println(ip, network, err)
}
