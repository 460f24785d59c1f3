// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// server_net: the same answer by hand over net, without net/http: shows what
// net/http adds to size and start.
package main

import (
	"net"
	"os"
)

func serve(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 4096)
	have := 0
	for {
		n, err := c.Read(buf[have:])
		if err != nil || have+n == len(buf) {
			return
		}
		have += n
		for i := 0; i+4 <= have; i++ {
			if string(buf[i:i+4]) == "\r\n\r\n" {
				c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"))
				have = copy(buf, buf[i+4:have])
				i = -1
			}
		}
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		os.Exit(1)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			os.Exit(1)
		}
		go serve(c)
	}
}
