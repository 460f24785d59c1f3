// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// print and println: to standard error, without allocation, one write for each piece of up to a buffer's size.

package runtime

import (
	"internal/runtime/atomic"
	"internal/strconv"
	"unsafe"
)

// printer gathers the output between printlock and printunlock.
var printer struct {
	lock mutex
	n    int
	buf  [512]byte
}

// printCapture, when set for a goroutine, receives the output instead (runtime.Stack).
var printCapture struct {
	g   *g
	buf []byte
}

func printlock() {
	mp := getg().m
	mp.locks++ // stay on this thread
	mp.printlock++
	if mp.printlock == 1 {
		lock(&printer.lock)
	}
	mp.locks--
}

func printunlock() {
	mp := getg().m
	mp.printlock--
	if mp.printlock == 0 {
		printflush()
		unlock(&printer.lock)
	}
}

func printflush() {
	if printer.n > 0 {
		writeErr(unsafe.Pointer(&printer.buf), int32(printer.n))
		printer.n = 0
	}
}

// crashFD duplicates crash output (debug.SetCrashOutput); 0 = none, else fd + 1.
var crashFD uint64

//go:linkname setCrashFD
func setCrashFD(fd uintptr) uintptr {
	old := atomic.Xchg64(&crashFD, uint64(fd)+1)
	return uintptr(old) - 1
}

func writeErr(p unsafe.Pointer, n int32) {
	write1(2, p, n)
	if fd := atomic.Load64(&crashFD); fd != 0 && panicking.Load() > 0 {
		write1(uintptr(fd-1), p, n)
	}
}

// gwrite appends bytes to the output.
func gwrite(p unsafe.Pointer, n int) {
	gp := getg()
	if printCapture.g != nil && (printCapture.g == gp || gp.m.curg == printCapture.g) {
		b := printCapture.buf
		k := cap(b) - len(b)
		if n < k {
			k = n
		}
		l := len(b)
		b = b[:l+k]
		memmove(unsafe.Pointer(uintptr(unsafe.Pointer(unsafe.SliceData(b)))+uintptr(l)), p, uintptr(k))
		printCapture.buf = b
		return
	}
	if gp.m.printlock == 0 {
		writeErr(p, int32(n))
		return
	}
	for n > 0 {
		k := len(printer.buf) - printer.n
		if n < k {
			k = n
		}
		memmove(unsafe.Pointer(&printer.buf[printer.n]), p, uintptr(k))
		printer.n += k
		p = add(p, uintptr(k))
		n -= k
		if printer.n == len(printer.buf) {
			printflush()
		}
	}
}

func printstring(s string) {
	if len(s) > 0 {
		gwrite(unsafe.Pointer(unsafe.StringData(s)), len(s))
	}
}

func printbytes(b []byte) {
	if len(b) > 0 {
		gwrite(unsafe.Pointer(unsafe.SliceData(b)), len(b))
	}
}

func printsp() { printstring(" ") }
func printnl() { printstring("\n") }

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

func printuint(v uint64) {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte(v%10) + '0'
		v /= 10
		if v == 0 {
			break
		}
	}
	gwrite(unsafe.Pointer(&buf[i]), len(buf)-i)
}

func printint(v int64) {
	if v < 0 {
		printstring("-")
		v = -v
	}
	printuint(uint64(v))
}

func printuintptr(p uintptr) { printuint(uint64(p)) }

func printhex(v uint64) {
	const digits = "0123456789abcdef"
	var buf [18]byte
	i := len(buf)
	for {
		i--
		buf[i] = digits[v%16]
		v /= 16
		if v == 0 {
			break
		}
	}
	i--
	buf[i] = 'x'
	i--
	buf[i] = '0'
	gwrite(unsafe.Pointer(&buf[i]), len(buf)-i)
}

func printpointer(p unsafe.Pointer) { printhex(uint64(uintptr(p))) }

func printfloat64(v float64) {
	var buf [32]byte
	b := strconv.AppendFloat(buf[:0], v, 'g', -1, 64)
	printbytes(b)
}

func printfloat32(v float32) {
	var buf [32]byte
	b := strconv.AppendFloat(buf[:0], float64(v), 'g', -1, 32)
	printbytes(b)
}

func printcomplex128(c complex128) {
	var buf [64]byte
	printbytes(strconv.AppendComplex(buf[:0], c, 'g', -1, 128))
}

func printcomplex64(c complex64) {
	var buf [64]byte
	printbytes(strconv.AppendComplex(buf[:0], complex128(c), 'g', -1, 64))
}

func printeface(e eface) {
	printstring("(")
	printpointer(unsafe.Pointer(e._type))
	printstring(",")
	printpointer(e.data)
	printstring(")")
}

func printiface(i iface) {
	printstring("(")
	printpointer(unsafe.Pointer(i.tab))
	printstring(",")
	printpointer(i.data)
	printstring(")")
}

func printslice(s []byte) {
	sp := (*slice)(unsafe.Pointer(&s))
	printstring("[")
	printint(int64(sp.len))
	printstring("/")
	printint(int64(sp.cap))
	printstring("]")
	printpointer(sp.array)
}

func printquoted(s string) { printstring(s) }

// printindented prints text of a panic: lines after the first are indented by a tab.
func printindented(s string) {
	for {
		i := 0
		for i < len(s) && s[i] != '\n' {
			i++
		}
		if i == len(s) {
			break
		}
		i++
		printstring(s[:i])
		printstring("\t")
		s = s[i:]
	}
	printstring(s)
}
