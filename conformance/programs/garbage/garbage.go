// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Allocates 20 GB in total while 50 MB live: the collector must free, and the process stay under 200 MB.
package main

import (
	"fmt"
	"os"
	"strings"
)

type node struct {
	next *node
	data [10]int
}

var (
	live []*node
	sink []byte
)

func peak() int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		var kb int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb
		}
	}
	panic("no VmHWM")
}

func main() {
	const liveBytes, total = 50 << 20, 20 << 30
	live = make([]*node, liveBytes/96)
	for i := range live {
		live[i] = &node{}
		live[i].data[0] = i
	}
	allocated, i := 0, 0
	for allocated < total {
		// Small objects that replace live ones, and larger ones that die at once.
		for range 2000 {
			k := i * 7919 % len(live)
			n := &node{}
			n.data[0] = k
			live[k] = n
			i++
		}
		sink = make([]byte, 1<<20)
		sink[i%len(sink)] = 1
		allocated += 2000*96 + 1<<20
	}
	for k, n := range live {
		if n.data[0] != k {
			fmt.Println("object lost:", k, n.data[0])
			os.Exit(1)
		}
	}
	if p := peak(); p > 200<<10 {
		fmt.Printf("peak of %d MB\n", p>>10)
		os.Exit(1)
	}
	fmt.Println("ok")
}
