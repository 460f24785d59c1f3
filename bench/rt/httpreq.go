// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// httpreq: net/http server, requests from a hand-written keep-alive client and
// from net/http's own client in the same process.
package main

import (
	"bufio"
	"fmt"
	"io"
	"io/ioutil"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
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

func raw(addr string, n int) int {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	req := []byte("GET /hello?x=1 HTTP/1.1\r\nHost: bench\r\nUser-Agent: raw\r\nAccept: */*\r\n\r\n")
	ok := 0
	var body [64]byte
	for i := 0; i < n; i++ {
		c.Write(req)
		length := -1
		good := false
		for first := true; ; first = false {
			line, err := r.ReadString('\n')
			if err != nil {
				panic(err)
			}
			line = strings.TrimRight(line, "\r\n")
			if line == "" {
				break
			}
			if first {
				good = line == "HTTP/1.1 200 OK"
			} else if strings.HasPrefix(line, "Content-Length: ") {
				length, _ = strconv.Atoi(line[16:])
			}
		}
		if length < 0 || length > len(body) {
			panic("length")
		}
		if _, err := io.ReadFull(r, body[:length]); err != nil {
			panic(err)
		}
		if good && string(body[:length]) == "hello x=1" {
			ok++
		}
	}
	return ok
}

func main() {
	n := size(10000)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "hello x=%s", r.URL.Query().Get("x"))
	})
	go http.Serve(l, mux)
	addr := l.Addr().String()
	ok := raw(addr, 100)
	t := time.Now()
	ok += raw(addr, n)
	metric("http_raw_c1", float64(n)/time.Since(t).Seconds(), "/s")
	var wg sync.WaitGroup
	var mu sync.Mutex
	t = time.Now()
	for w := 0; w < 16; w++ {
		wg.Add(1)
		go func() {
			k := raw(addr, n/8)
			mu.Lock()
			ok += k
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait()
	metric("http_raw_c16", float64(16*(n/8))/time.Since(t).Seconds(), "/s")
	k := n / 2
	t = time.Now()
	for i := 0; i < k; i++ {
		resp, err := http.Get("http://" + addr + "/hello?x=1")
		if err != nil {
			panic(err)
		}
		b, _ := ioutil.ReadAll(resp.Body)
		resp.Body.Close()
		if string(b) == "hello x=1" {
			ok++
		}
	}
	metric("http_client_c1", float64(k)/time.Since(t).Seconds(), "/s")
	fmt.Println(ok)
}
