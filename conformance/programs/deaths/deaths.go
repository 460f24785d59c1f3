// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What a program says when it dies: texts of panics and fatal errors, what its goroutines wait for, its functions' names. The program
// is its own child.
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type T struct{ a, b int }

func (t T) M() int { return t.a }

type I interface{ M() int }

type E struct{ s string }

func (e E) Error() string { return e.s }

type S struct{}

func (S) String() string { return "stringer" }

type P struct{}

func (P) Error() string { panic("in Error") }

type named string
type num float64
type st struct {
	x int
	s string
}

//go:noinline
func args(a int, b string, c []int, d any, e T, f *int, g float64, h bool, i uint8) {
	panic("args")
}

//go:noinline
func args2(s st, a [2]int, m map[string]int, c chan int, f func(), x complex128, e [1]string, z struct{}) {
	panic("args2")
}

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l int) { panic("many") }

//go:noinline
func (t *T) ptr(a int) { panic("ptr") }

//go:noinline
func generic[X any](x X) { panic("generic") }

//go:noinline
func recurse(n int) int {
	var a [100]int
	a[n%100] = n
	return recurse(n+1) + a[(n+1)%100]
}

func rethrow() {
	defer func() {
		r := recover()
		panic(r)
	}()
	panic("first")
}

func rethrow2() {
	defer func() {
		r := recover()
		panic(fmt.Sprint("again ", r))
	}()
	panic("first")
}

func nested() {
	defer func() {
		panic("second")
	}()
	panic("first")
}

var initfn = func() int { return len(os.Args) }()

var global *T
var nilmap map[string]int
var nilchan chan int
var nilfn func()
var nili I
var nilptr *int
var idx = 5
var zero int
var arr = []int{1, 2, 3}
var str = "abc"
var anyv any = "text"
var mu sync.Mutex

var modes = map[string]func(){
	"string":       func() { panic("text") },
	"multiline":    func() { panic("text\nmore\n") },
	"error":        func() { panic(errors.New("an error")) },
	"errtype":      func() { panic(E{"my error"}) },
	"stringer":     func() { panic(S{}) },
	"paniconerror": func() { panic(P{}) },
	"int":          func() { panic(42) },
	"float":        func() { panic(1.5) },
	"complex":      func() { panic(1 + 2i) },
	"rune":         func() { panic('x') },
	"bool":         func() { panic(true) },
	"named":        func() { panic(named("n\"x")) },
	"num":          func() { panic(num(2.5)) },
	"struct":       func() { panic(st{1, "x"}) },
	"pointer":      func() { panic(&idx) },
	"slice":        func() { panic([]int{1}) },
	"nil":          func() { panic(nil) },
	"nilmap":       func() { nilmap["a"] = 1 },
	"closenil":     func() { close(nilchan) },
	"closetwice":   func() { c := make(chan int); close(c); close(c) },
	"sendclosed":   func() { c := make(chan int, 1); close(c); c <- 1 },
	"nilfn":        func() { nilfn() },
	"nili":         func() { nili.M() },
	"nilptr":       func() { *nilptr = 1 },
	"nilread":      func() { idx = *nilptr },
	"nilfield":     func() { idx = global.b },
	"index":        func() { arr[idx] = 1 },
	"indexneg":     func() { arr[-idx] = 1 },
	"slicehi":      func() { arr = arr[:idx] },
	"slicelo":      func() { arr = arr[3 : idx-4] },
	"slice3":       func() { arr = arr[0:2:idx] },
	"strindex":     func() { idx = int(str[idx]) },
	"strslice":     func() { str = str[idx:] },
	"toarray":      func() { idx = ([4]int)(arr)[0] },
	"divide":       func() { idx = 1 / zero },
	"shift":        func() { idx = 1 << (zero - 1) },
	"makeneg":      func() { arr = make([]int, zero-1) },
	"makecap":      func() { arr = make([]int, 2, zero+1) },
	"makehuge":     func() { arr = make([]int, 1<<(zero+62)) },
	"makechan":     func() { nilchan = make(chan int, zero-1) },
	"assert":       func() { idx = anyv.(int) },
	"assertnil":    func() { idx = any(nil).(int) },
	"assertI":      func() { nili = anyv.(I) },
	"hash":         func() { m := map[any]int{}; m[arr] = 1 },
	"equal":        func() { var a, b any = arr, arr; println(a == b) },
	"args":         func() { args(1, "str", []int{1, 2}, 3, T{4, 5}, nil, 1.5, true, 7) },
	"args2":        func() { args2(st{1, "x"}, [2]int{1, 2}, nil, nil, nil, 1i, [1]string{"a"}, struct{}{}) },
	"many":         func() { many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) },
	"method":       func() { (&T{1, 2}).ptr(3) },
	"generic":      func() { generic(5) },
	"rethrow":      rethrow,
	"rethrow2":     rethrow2,
	"nested":       nested,
	"recoverednested": func() {
		defer func() { recover(); panic("third") }()
		nested()
	},
	"goexit":       func() { runtime.Goexit() },
	"panicgoexit":  func() { defer func() { runtime.Goexit() }(); panic("x") },
	"deadchan":     func() { <-make(chan int) },
	"deadchansend": func() { make(chan int) <- 1 },
	"deadnil":      func() { <-nilchan },
	"deadnilsend":  func() { nilchan <- 1 },
	"deadselect":   func() { select {} },
	"deadselect2": func() {
		select {
		case <-make(chan int):
		case <-make(chan int):
		}
	},
	"deadmutex": func() { mu.Lock(); mu.Lock() },
	"deadrw":    func() { var m sync.RWMutex; m.Lock(); m.RLock() },
	"deadrw2":   func() { var m sync.RWMutex; m.RLock(); m.Lock() },
	"deadwg":    func() { var w sync.WaitGroup; w.Add(1); w.Wait() },
	"deadcond":  func() { c := sync.NewCond(&mu); mu.Lock(); c.Wait() },
	"deadothers": func() {
		go func() { mu.Lock(); mu.Lock() }()
		go func() { select {} }()
		go func() { <-nilchan }()
		time.Sleep(20 * time.Millisecond)
		var w sync.WaitGroup
		w.Add(1)
		w.Wait()
	},
	"deadrange": func() {
		for range make(chan int) {
		}
	},
	"unlock":   func() { mu.Unlock() },
	"rwunlock": func() { var m sync.RWMutex; m.Unlock() },
	"wgneg":    func() { var w sync.WaitGroup; w.Add(-1) },
	"mapwrites": func() {
		m := map[int]int{}
		for g := range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%100*4+g] = i
				}
			}()
		}
		time.Sleep(2 * time.Second)
	},
	"overflow":      func() { recurse(0) },
	"overflowsmall": func() { debug.SetMaxStack(100000); recurse(0) },
	"unmapped":      func() { idx = *(*int)(unsafe.Pointer(uintptr(0x123456789000))) },
	"unmappedwrite": func() { *(*int)(unsafe.Pointer(uintptr(0x123456789000))) = 1 },
	"noncanonical":  func() { idx = *(*int)(unsafe.Pointer(uintptr(0xdeadbeefdeadbeef))) },
	"readonly":      func() { *unsafe.StringData("constant") = 1 },
	"paniconfault":  func() { debug.SetPanicOnFault(true); idx = *(*int)(unsafe.Pointer(uintptr(0x123456789000))) },
	"paniconfault2": func() {
		debug.SetPanicOnFault(true)
		defer func() { r := recover(); _, ok := r.(interface{ Addr() uintptr }); fmt.Println(r, ok) }()
		idx = *(*int)(unsafe.Pointer(uintptr(0x123456789000)))
	},
	"badcall":          func() { x := uintptr(0x1234567); p := &x; f := *(*func())(unsafe.Pointer(&p)); f() },
	"goroutine":        func() { go func() { panic("in goroutine") }(); time.Sleep(time.Second) },
	"goroutinecreated": func() { start(3); time.Sleep(time.Second) },
	"abort":            func() { syscall.Kill(os.Getpid(), syscall.SIGABRT); time.Sleep(time.Second) },
	"quit":             func() { syscall.Kill(os.Getpid(), syscall.SIGQUIT); time.Sleep(time.Second) },
	"sigsegv":          func() { syscall.Kill(os.Getpid(), syscall.SIGSEGV); time.Sleep(time.Second) },
	"exit3":            func() { os.Exit(3) },
	"funcname": func() {
		for _, f := range []any{initfn2, method.M} {
			_ = f
		}
		fmt.Println(initfn2())
	},
	"goroot":       func() { fmt.Println(runtime.GOROOT() != "") },
	"lockedthread": func() { runtime.LockOSThread(); panic("locked") },
	"errwrapped":   func() { panic(fmt.Errorf("w: %w", E{"inner"})) },
	"runtimeerr": func() {
		defer func() {
			r := recover()
			panic(r)
		}()
		arr[idx] = 1
	},
	"runtimeerrwrap": func() {
		defer func() {
			r := recover().(error)
			panic(fmt.Errorf("wrapped: %w", r))
		}()
		arr[idx] = 1
	},
}

var method T
var initfn2 = func() string {
	pc, _, _, _ := runtime.Caller(0)
	return runtime.FuncForPC(pc).Name()
}

//go:noinline
func start(n int) {
	go func() {
		func() { panic(fmt.Sprint("created ", n)) }()
	}()
}

func init() {
	// breaks the cycle
	all = func() map[string]func() { return modes }
}

var all func() map[string]func()

func main() {
	if len(os.Args) > 1 {
		all()[os.Args[1]]()
		fmt.Println("end")
		return
	}
	for _, mode := range slices.Sorted(maps.Keys(all())) {
		c := exec.Command(os.Args[0], mode)
		var out, errs strings.Builder
		c.Stdout = &out
		c.Stderr = &errs
		err := c.Run()
		fmt.Printf("== %s: %v\n%s%s", mode, err, out.String(), shown(errs.String()))
	}
}

var (
	numbers = regexp.MustCompile("0x[0-9a-f]+")
	calls   = regexp.MustCompile(`^(main[^ ]*)\(.*\)$`)
)

// shown keeps of a report what comes before the stacks, the heads of the program's goroutines, and their functions.
func shown(report string) string {
	var b strings.Builder
	own := true
	head := true
	for _, line := range strings.Split(report, "\n") {
		line = numbers.ReplaceAllString(line, "0x")
		switch {
		case strings.HasPrefix(line, "goroutine "):
			head = false
			own = !strings.Contains(line, "idle") && !strings.Contains(line, "GC ") && !strings.Contains(line, "runnable") &&
				!strings.Contains(line, "finalizer")
			if own {
				_, state, _ := strings.Cut(line, "[")
				fmt.Fprintf(&b, "goroutine [%s\n", state)
			}
		case calls.MatchString(line) && own:
			if f := "\t" + calls.ReplaceAllString(line, "$1") + "\n"; !strings.HasSuffix(b.String(), f) { // of a recursion, one
				b.WriteString(f)
			}
		case strings.HasPrefix(line, "created by main") && own:
			by, _, _ := strings.Cut(line, " in goroutine")
			fmt.Fprintf(&b, "\t%s\n", by)
		case strings.HasPrefix(line, "runtime stack") || strings.HasPrefix(line, "PC="):
			head = false
		case head:
			fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(line, os.Args[0], "PROGRAM"))
		}
	}
	return b.String()
}
