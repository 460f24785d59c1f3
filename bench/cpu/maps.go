// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// maps: word count over generated text (map[string]int, keys sliced from one
// string) and a churned map[int]int.
package main

import (
	"fmt"
	"os"
	"strconv"
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

type rng uint64

func (r *rng) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = rng(x)
	return x
}

func text(words int) string {
	r := rng(2463534242)
	b := make([]byte, 0, words*6)
	for i := 0; i < words; i++ {
		// the smaller of two draws makes low words common
		k, l := r.next()%60000, r.next()%60000
		if l < k {
			k = l
		}
		for k++; k > 0; k /= 26 {
			b = append(b, 'a'+byte(k%26))
		}
		b = append(b, " \n"[i&15>>3&1])
	}
	return string(b)
}

func wordCount(s string) map[string]int {
	m := make(map[string]int)
	start := 0
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '\n' {
			if i > start {
				m[s[start:i]]++
			}
			start = i + 1
		}
	}
	return m
}

func churn(n int) (int, int, uint64) {
	m := map[int]int{}
	r := rng(88172645463325252)
	hits := 0
	for i := 0; i < n; i++ {
		k := int(r.next() % 400000)
		switch i & 3 {
		case 0, 1:
			m[k] += i
		case 2:
			if _, ok := m[k]; ok {
				hits++
			}
		default:
			delete(m, k)
		}
	}
	var sum uint64
	for k, v := range m {
		sum += uint64(k) * uint64(v)
	}
	return len(m), hits, sum
}

func main() {
	n := size(3000000)
	m := wordCount(text(n))
	best, most := "", 0
	total := 0
	for w, c := range m {
		total += c
		if c > most || c == most && w < best {
			best, most = w, c
		}
	}
	fmt.Println(len(m), total, best, most)
	fmt.Println(churn(n * 2))
	type pair struct{ a, b int32 }
	p := map[pair]int{}
	for i := 0; i < n/2; i++ {
		p[pair{int32(i * 7 % 1009), int32(i % 211)}]++
	}
	fmt.Println(len(p), p[pair{7, 1}])
}
