// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// MICA_BOOTTRACE: the way from the program's first instruction to main.main, told by the runtime itself. Each line is written when its
// step begins (for a package also when it ends), so that a program that is killed shows how far it came. Times are nanoseconds since
// the entry; what measuring and writing took is left out.
//
//	boot 61200 schedinit
//	boot 190400 init os begin
//	{"version":1,"view":"boot","ns":190400,"step":"init","package":"os","event":"begin"}	(MICA_BOOTTRACE=json)
//
// Off, this costs one branch at each place, and the processor's time stamps that _rt0_amd64_linux and rt0_go take.

package runtime

import "unsafe"

// bootTrace: 0 = off, 1 = lines of text, 2 = lines of JSON.
var bootTrace uint8

var bootClock struct {
	entry int64 // monotonic clock at the entry
	lost  int64 // nanoseconds of measuring and writing since then
}

// bootEnv looks at one string of the environment. It runs before anything is set up.
//
//go:noinline
func bootEnv(p *byte) {
	const key = "MICA_BOOTTRACE="
	for i := 0; i < len(key); i++ {
		if *(*byte)(add(unsafe.Pointer(p), uintptr(i))) != key[i] {
			return
		}
	}
	switch gostringnocopy((*byte)(add(unsafe.Pointer(p), uintptr(len(key))))) {
	case "", "0":
		bootTrace = 0
	case "json":
		bootTrace = 2
	default:
		bootTrace = 1
	}
}

// bootBegin tells entry, rt0_go and args. It finds out when they were from the time stamp counter at the first two, whose rate shows in 20 microseconds.
//
//go:noinline
func bootBegin(entry, rt0 int64) {
	nanotime() // finds the vDSO
	c1, t1 := cputicks(), nanotime()
	t2 := t1
	for t2-t1 < 20000 {
		t2 = nanotime()
	}
	c2 := cputicks()
	since, until := int64(0), int64(0)
	if c2 > c1 && c1 > rt0 && rt0 >= entry && c1-entry < 1<<33 {
		since = (c1 - entry) * (t2 - t1) / (c2 - c1)
		until = (rt0 - entry) * (t2 - t1) / (c2 - c1)
	}
	bootClock.entry = t1 - since
	bootLine("entry", "", "", 0)
	bootLine("rt0_go", "", "", until)
	bootLine("args", "", "", max(since, 0))
	bootClock.lost = nanotime() - t1
}

// bootStep tells that a step begins.
//
//go:noinline
func bootStep(name string) {
	bootTell(name, "", "")
}

// bootInit tells that the initialization of a package begins or ends.
//
//go:noinline
func bootInit(t *initTask, event string) {
	if t.nfns != 0 {
		bootTell("init", initPackage(t), event)
	}
}

// initPackage is the import path of a package with functions to run.
//
//go:noinline
func initPackage(t *initTask) string {
	return funcpkgpath(funcname(findfunc(*(*uintptr)(add(unsafe.Pointer(t), 8)))))
}

func bootTell(name, pkg, event string) {
	t := nanotime()
	bootLine(name, pkg, event, t-bootClock.entry-bootClock.lost)
	bootClock.lost += nanotime() - t
}

// bootText is what stands before, between and behind the parts of a line.
var bootText = [2][5]string{
	{"boot ", " ", " ", " ", "\n"},
	{`{"version":1,"view":"boot","ns":`, `,"step":"`, `","package":"`, `","event":"`, "\"}\n"},
}

// bootOut is the line being put together, to be written at once.
var bootOut struct {
	n   int
	buf [256]byte
}

//go:noinline
func bootLine(name, pkg, event string, ns int64) {
	text := &bootText[bootTrace-1]
	bootPut(text[0])
	var digits [20]byte
	i := len(digits)
	for i == len(digits) || ns != 0 {
		i--
		digits[i] = byte('0' + uint64(ns)%10)
		ns = int64(uint64(ns) / 10)
	}
	bootPut(unsafe.String(&digits[i], len(digits)-i))
	bootPut(text[1])
	bootPut(name)
	if pkg != "" {
		bootPut(text[2])
		bootPut(pkg)
		bootPut(text[3])
		bootPut(event)
	}
	bootPut(text[4])
	write1(2, unsafe.Pointer(&bootOut.buf), int32(bootOut.n))
	bootOut.n = 0
}

//go:noinline
func bootPut(s string) {
	bootOut.n += copy(bootOut.buf[bootOut.n:], s)
}
