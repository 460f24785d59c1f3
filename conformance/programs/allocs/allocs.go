// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// How often forms of the language and calls of the library allocate: as often as gc's code does.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

type point struct{ x, y int }

func (p point) String() string { return "p" }

type empty struct{}

type shape interface{ area() int }

func (p point) area() int { return p.x * p.y }

type small struct{ b byte }

type node struct {
	next *node
	v    int
}

var (
	b      = []byte("key")
	b40    = bytes.Repeat([]byte("x"), 40)
	s      = "key"
	s2     = "other"
	s40    = strings.Repeat("x", 40)
	m      = map[string]int{"key": 1}
	mb     = map[bool]string{true: "t"}
	mi     = map[any]int{1: 1}
	mk     = map[[2]string]int{}
	mst    = map[struct{ s string }]int{}
	n      = 7
	big    = 100000
	by     = byte(200)
	i16    = int16(3)
	f64    = 1.5
	runes  = []rune("añb")
	rn     = 'ñ'
	p      = point{1, 2}
	pp     = &point{3, 4}
	sl     = []int{1, 2, 3}
	strs   = []string{"a", "b", "c"}
	sinkI  int
	sinkS  string
	sinkB  []byte
	sinkA  any
	sinkSl []int
	sinkE  error
	sinkR  []rune
	sinkF  func() int
	sinkM  map[string]int
	sinkBo bool
	sinkSh shape
	buf    [64]byte
	bb     bytes.Buffer
	sb     strings.Builder
	mu     sync.Mutex
	once   sync.Once
	pool   = sync.Pool{New: func() any { return new(point) }}
	ch     = make(chan int, 1)
	errX   = errors.New("x")
	logger = log.New(io.Discard, "", 0)
)

//go:noinline
func useBytes(b []byte) int { return len(b) }

//go:noinline
func useString(s string) int { return len(s) }

//go:noinline
func useAny(a any) bool { return a != nil }

//go:noinline
func useAnys(a ...any) int { return len(a) }

//go:noinline
func useFn(f func() int) int { return f() }

//go:noinline
func useInts(a ...int) int { return len(a) }

//go:noinline
func useShape(s shape) int { return s.area() }

//go:noinline
func ret(x int) (a, b int, err error) { return x, x, nil }

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func gen[T any](x T) any { return x }

func sum[T ~int](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

func main() {
	t := func(name string, f func()) {
		fmt.Printf("%-34s %v\n", name, testing.AllocsPerRun(100, f))
	}
	// strings of bytes
	t("m[string(b)]", func() { sinkI = m[string(b)] })
	t("_, ok = m[string(b)]", func() { _, sinkBo = m[string(b)] })
	t("m[string(b)]++ existing", func() { m[string(b)]++ })
	t("m[string(b40)]", func() { sinkI = m[string(b40)] })
	t("delete(m, string(b40))", func() { delete(m, string(b40)) })
	t("string(b40) == s40", func() { sinkBo = string(b40) == s40 })
	t("string(b40) < s40", func() { sinkBo = string(b40) < s40 })
	t("string(b40) != string(b)", func() { sinkBo = string(b40) != string(b) })
	t("switch string(b40)", func() {
		switch string(b40) {
		case "a", "b":
			sinkI++
		case "key":
			sinkI--
		}
	})
	t("x+string(b40)+y const", func() { sinkS = "x" + string(b40) + "y" })
	t("range string(b40)", func() {
		for _, r := range string(b40) {
			sinkI += int(r)
		}
	})
	t("range []byte(s40)", func() {
		for _, c := range []byte(s40) {
			sinkI += int(c)
		}
	})
	t("range []rune(s40)", func() {
		for _, c := range []rune(s40) {
			sinkI += int(c)
		}
	})
	t("len(string(b40))", func() { sinkI = len(string(b40)) })
	t("len([]byte(s40))", func() { sinkI = len([]byte(s40)) })
	t("len([]rune(s40))", func() { sinkI = len([]rune(s40)) })
	t("string(b)[1:] arg", func() { sinkI = useString(string(b)[1:]) })
	t("string(b) arg", func() { sinkI = useString(string(b)) })
	t("string(b40) arg", func() { sinkI = useString(string(b40)) })
	t("[]byte(s) arg", func() { sinkI = useBytes([]byte(s)) })
	t("[]byte(s40) arg", func() { sinkI = useBytes([]byte(s40)) })
	t("[]byte const arg", func() { sinkI = useBytes([]byte("abc")) })
	t("[]byte const 40 arg", func() { sinkI = useBytes([]byte("0123456789012345678901234567890123456789")) })
	t("[]rune(s) arg", func() { sinkI = len([]rune(s)[1:]) })
	t("string(runes) local", func() { sinkI = useString(string(runes)) })
	t("string(rune) local", func() { sinkI = useString(string(rn)) })
	t("string(rune) kept", func() { sinkS = string(rn) })
	t("string(ascii rune) kept", func() { sinkS = string(rune(by & 127)) })
	t("string(b) kept", func() { sinkS = string(b) })
	t("string(b[:1]) kept", func() { sinkS = string(b[:1]) })
	t("[]byte(s) kept", func() { sinkB = []byte(s) })
	t("append(buf, s...)", func() { sinkB = append(buf[:0], s...) })
	t("append([]byte(nil), s...)", func() { sinkB = append([]byte(nil), s...) })
	t("append(local, string(b40)...)", func() { sinkB = append(buf[:0], string(b40)...) })
	t("append(buf, []byte(s40)...)", func() { sinkB = append(buf[:0], []byte(s40)...) })
	t("copy(buf, string)", func() { sinkI = copy(buf[:], s40) })
	t("copy(buf, []byte(s40))", func() { sinkI = copy(buf[:], []byte(s40)) })
	t("s+s2 local", func() { sinkI = useString(s + s2) })
	t("s+s40 local", func() { sinkI = useString(s + s40) })
	t("s+s2 kept", func() { sinkS = s + s2 })
	t("s+empty kept", func() { sinkS = s + "" })
	t("[]byte(s+s40) kept", func() { sinkB = []byte(s + s40) })
	t("string concat ==", func() { sinkBo = s+s2 == "keyother" })
	t("m[s+s2]", func() { sinkI = m[s+s2] })
	t("m[s+s40]", func() { sinkI = m[s+s40] })
	t("bytes.Equal(b40, []byte(s40))", func() { sinkBo = bytes.Equal(b40, []byte(s40)) })
	t("bytes.Contains(b40, []byte(s))", func() { sinkBo = bytes.Contains(b40, []byte(s)) })
	t("strings.Contains(string(b40), s)", func() { sinkBo = strings.Contains(string(b40), s) })
	t("utf8.RuneCount([]byte(s40))", func() { sinkI = utf8.RuneCount([]byte(s40)) })
	t("strconv.Atoi(string(buf))", func() { sinkI, sinkE = strconv.Atoi(string(append(buf[:0], "123"...))) })
	t("strconv.ParseFloat(string(b))", func() { f64, sinkE = strconv.ParseFloat(string(append(buf[:0], "1.25"...)), 64) })
	t("strconv.ParseInt kept error", func() { _, sinkE = strconv.ParseInt(s, 10, 64) })
	// interfaces
	t("any(int const) kept", func() { sinkA = 7 })
	t("any(big const) kept", func() { sinkA = 123456 })
	t("any(small int) kept", func() { sinkA = n })
	t("any(big int) kept", func() { sinkA = big })
	t("any(byte) kept", func() { sinkA = by })
	t("any(bool) kept", func() { sinkA = sinkBo })
	t("any(int16 3) kept", func() { sinkA = i16 })
	t("any(string) kept", func() { sinkA = s })
	t("any(empty string var) kept", func() { sinkA = s[:0] })
	t("any(string const) kept", func() { sinkA = "const" })
	t("any(nil slice) kept", func() { sinkA = sinkSl[:0:0] })
	t("any(slice) kept", func() { sinkA = sl })
	t("any(empty) kept", func() { sinkA = empty{} })
	t("any(zero array) kept", func() { sinkA = [0]int{} })
	t("any(struct) kept", func() { sinkA = p })
	t("any(struct const) kept", func() { sinkA = point{5, 6} })
	t("any(small struct) kept", func() { sinkA = small{by} })
	t("any(pointer) kept", func() { sinkA = pp })
	t("any(func) kept", func() { sinkA = main })
	t("any(float 0) kept", func() { sinkA = f64 * 0 })
	t("any(float) kept", func() { sinkA = f64 })
	t("any(struct) arg", func() { sinkBo = useAny(p) })
	t("any(big) arg", func() { sinkBo = useAny(big) })
	t("anys(...) arg", func() { sinkI = useAnys(big, s, p, 1, by, nil) })
	t("mi[any(big)]", func() { sinkI = mi[big] })
	t("mi[p]", func() { sinkI = mi[p] })
	t("shape(p) arg", func() { sinkI = useShape(p) })
	t("shape(p) devirtualized", func() { var sh shape = p; sinkI = sh.area() })
	t("shape(p) kept", func() { sinkSh = p })
	t("gen(big)", func() { sinkA = gen(big) })
	t("sum(1,2,3)", func() { sinkI = sum(1, 2, n) })
	t("any == any", func() { sinkBo = any(p) == any(point{1, 2}) })
	t("sinkA == big", func() { sinkBo = sinkA == any(big) })
	// slices and maps
	t("append to nil", func() { sinkSl = append([]int(nil), 1) })
	t("append local 1..4", func() {
		var x []int
		for i := range 4 {
			x = append(x, i)
		}
		sinkI = len(x)
	})
	t("append local 1..100", func() {
		var x []int
		for i := range 100 {
			x = append(x, i)
		}
		sinkI = useInts(x...)
	})
	t("append bytes local n", func() {
		var x []byte
		for i := range n {
			x = append(x, byte(i))
		}
		sinkI = useBytes(x)
	})
	t("append(x, make([]int, n)...)", func() { sinkSl = append(sl, make([]int, n)...) })
	t("append(x[:0:0], x...)", func() { sinkSl = append(sl[:0:0], sl...) })
	t("make const local", func() { x := make([]int, 10); sinkI = useInts(x...) })
	t("make n local small", func() { x := make([]byte, n); sinkI = useBytes(x) })
	t("make 0, n local", func() { x := make([]byte, 0, n); x = append(x, s...); sinkI = useBytes(x) })
	t("make n local big", func() { x := make([]byte, n*100); sinkI = useBytes(x) })
	t("make kept", func() { sinkSl = make([]int, n) })
	t("literal local", func() { sinkI = useInts([]int{1, 2, n}...) })
	t("literal kept", func() { sinkSl = []int{1, 2, n} })
	t("variadic", func() { sinkI = useInts(1, 2, n) })
	t("slices.Grow", func() { sinkSl = slices.Grow([]int(nil), 10) })
	t("slices.Concat", func() { sinkSl = slices.Concat(sl, sl, sl) })
	t("slices.Insert", func() { sinkSl = slices.Insert(sl, 1, 5, 6) })
	t("slices.Clone", func() { sinkSl = slices.Clone(sl) })
	t("slices.SortFunc", func() { slices.SortFunc(sl, func(a, b int) int { return a - b }) })
	t("slices.IndexFunc", func() { sinkI = slices.IndexFunc(sl, func(x int) bool { return x == n }) })
	t("sort.Slice", func() { sort.Slice(sl, func(i, j int) bool { return sl[i] < sl[j] }) })
	t("sort.Ints", func() { sort.Ints(sl) })
	t("sort.Strings", func() { sort.Strings(strs) })
	t("local map", func() { x := map[string]int{"a": 1}; x["b"] = n; sinkI = len(x) })
	t("make(map) local", func() { x := make(map[int]int); x[1] = n; sinkI = x[n] })
	t("make(map) kept", func() { sinkM = make(map[string]int) })
	t("make(map) kept, 1 entry", func() { sinkM = make(map[string]int); sinkM["a"] = 1 })
	t("range map", func() {
		for _, v := range m {
			sinkI += v
		}
	})
	t("maps.Clone", func() { sinkM = maps.Clone(m) })
	t("make(chan) kept", func() { sinkA = make(chan int, 3) })
	t("make(chan) local", func() { c := make(chan int, 1); c <- 1; sinkI = <-c })
	// closures, defer, generics, iterators
	t("closure local", func() { k := n; sinkI = useFn(func() int { return k }) })
	t("closure kept", func() { k := n; sinkF = func() int { return k } })
	t("closure by reference kept", func() { k := n; sinkF = func() int { k++; return k } })
	t("closure without variables kept", func() { sinkF = func() int { return 1 } })
	t("method value local", func() { sinkI = useFn(p.areaOf().area) })
	t("method value kept", func() { sinkF = p.area })
	t("method value of pointer kept", func() { sinkF = pp.area })
	t("range over func", func() {
		for i := range seq(5) {
			sinkI += i
		}
	})
	t("defer closure", func() {
		k := n
		defer func() { sinkI = k }()
	})
	t("defer in loop", func() {
		for i := range 3 {
			defer func() { sinkI = i }()
		}
	})
	t("panic and recover", func() {
		defer func() { recover() }()
		panic(errX)
	})
	t("new local", func() { x := new(node); x.v = n; sinkI = x.v })
	t("list local", func() {
		var l *node
		for i := range 3 {
			l = &node{l, i}
		}
		sinkI = l.v
	})
	t("&literal kept", func() { sinkA = &point{n, n} })
	t("multi results", func() { sinkI, _, sinkE = ret(n) })
	t("go func", func() { go func() { ch <- 1 }(); <-ch })
	t("select", func() {
		select {
		case ch <- 1:
		default:
		}
		<-ch
	})
	// library
	t("strings.Builder local", func() {
		var x strings.Builder
		x.WriteString(s)
		x.WriteByte('c')
		sinkI = x.Len()
	})
	t("strings.Builder String", func() {
		var x strings.Builder
		x.WriteString(s)
		x.WriteString(s40)
		sinkS = x.String()
	})
	t("strings.Builder Grow", func() {
		var x strings.Builder
		x.Grow(100)
		for range 10 {
			x.WriteString(s)
		}
		sinkS = x.String()
	})
	t("bytes.Buffer local", func() {
		var x bytes.Buffer
		x.WriteString(s)
		sinkI = x.Len()
	})
	t("bytes.Buffer String", func() {
		var x bytes.Buffer
		x.WriteString(s)
		sinkS = x.String()
	})
	t("fmt.Sprintf %d", func() { sinkS = fmt.Sprintf("%d", big) })
	t("fmt.Sprintf %s %v", func() { sinkS = fmt.Sprintf("%s %v", s, p) })
	t("fmt.Sprint", func() { sinkS = fmt.Sprint(n, s, 2.5) })
	t("fmt.Fprintf discard", func() { fmt.Fprintf(io.Discard, "%d %s %v", big, s, f64) })
	t("fmt.Fprintln discard", func() { fmt.Fprintln(io.Discard, big, s) })
	t("fmt.Errorf", func() { sinkE = fmt.Errorf("x %d: %w", n, errX) })
	t("fmt.Appendf", func() { sinkB = fmt.Appendf(buf[:0], "%d", big) })
	t("fmt.Sscanf", func() { fmt.Sscanf("12", "%d", &sinkI) })
	t("errors.New", func() { sinkE = errors.New("x") })
	t("errors.Is", func() { sinkBo = errors.Is(errX, io.EOF) })
	t("errors.As", func() { var pe *strconv.NumError; sinkBo = errors.As(errX, &pe) })
	t("strconv.Itoa(7)", func() { sinkS = strconv.Itoa(n) })
	t("strconv.Itoa(big)", func() { sinkS = strconv.Itoa(big) })
	t("strconv.AppendInt", func() { sinkB = strconv.AppendInt(buf[:0], int64(big), 10) })
	t("strconv.FormatFloat", func() { sinkS = strconv.FormatFloat(f64, 'g', -1, 64) })
	t("strconv.Quote", func() { sinkS = strconv.Quote(s) })
	t("strings.Split", func() { sinkI = len(strings.Split("a,b,c", ",")) })
	t("strings.SplitSeq", func() {
		for x := range strings.SplitSeq("a,b,c", ",") {
			sinkI += len(x)
		}
	})
	t("strings.Fields", func() { sinkI = len(strings.Fields(" a b c ")) })
	t("strings.Join", func() { sinkS = strings.Join(strs, ",") })
	t("strings.Repeat", func() { sinkS = strings.Repeat(s, 5) })
	t("strings.Replace", func() { sinkS = strings.ReplaceAll(s, "k", "zz") })
	t("strings.ToUpper", func() { sinkS = strings.ToUpper(s) })
	t("strings.ToLower same", func() { sinkS = strings.ToLower(s) })
	t("strings.Map", func() { sinkS = strings.Map(func(r rune) rune { return r + 1 }, s) })
	t("strings.TrimSpace", func() { sinkS = strings.TrimSpace(" k ") })
	t("strings.NewReader", func() { x := strings.NewReader(s); sinkI = x.Len() })
	t("strings.NewReplacer", func() { sinkS = strings.NewReplacer("a", "b").Replace(s) })
	t("bytes.Split", func() { sinkI = len(bytes.Split(b40, []byte(","))) })
	t("bytes.ToUpper", func() { sinkB = bytes.ToUpper(b) })
	t("bytes.TrimSuffix", func() { sinkB = bytes.TrimSuffix(b, []byte("y")) })
	t("bytes.Fields", func() { sinkI = len(bytes.Fields(b)) })
	t("time.Now().Format", func() { sinkS = time.Unix(0, 0).UTC().Format(time.RFC3339) })
	t("time.Since", func() { sinkBo = time.Since(time.Unix(0, 0)) > 0 })
	t("Duration.String", func() { sinkS = (3 * time.Second).String() })
	t("time.NewTimer", func() { time.NewTimer(time.Hour).Stop() })
	t("sync.Mutex", func() { mu.Lock(); mu.Unlock() })
	t("sync.Once", func() { once.Do(func() {}) })
	t("sync.Pool", func() { x := pool.Get(); pool.Put(x) })
	t("sync.WaitGroup", func() {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { wg.Done() }()
		wg.Wait()
	})
}

func (p point) areaOf() point { return p }
