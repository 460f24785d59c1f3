// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// defer, panic, recover, Goexit; fatal errors.
//
// Deferred calls of a goroutine form a list, newest first; a record names its function's frame by SP. A function with
// defers calls deferreturn before it returns. gopanic runs the records itself; after a recovery it drops all frames below
// the record's and continues at that function's deferreturn.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// deferproc defers fn: a defer statement in a loop.
func deferproc(fn func()) {
	gp := getg()
	d := newdefer()
	d.link = gp._defer
	gp._defer = d
	d.fn = fn
	d.pc = sys.GetCallerPC()
	d.sp = sys.GetCallerSP()
}

// deferprocStack is deferproc with a record in the caller's frame, d.fn set.
func deferprocStack(d *_defer) {
	gp := getg()
	d.heap = false
	d.rangefunc = false
	d.head = nil
	d.link = gp._defer
	d.pc = sys.GetCallerPC()
	d.sp = sys.GetCallerSP()
	gp._defer = d
}

func newdefer() *_defer {
	mp := acquirem()
	d := mp.deferpool
	if d != nil {
		mp.deferpool = d.link
		d.link = nil
		releasem(mp)
	} else {
		releasem(mp)
		d = new(_defer)
	}
	d.heap = true
	return d
}

// freedefer drops a record that is off the list.
func freedefer(d *_defer) {
	d.fn = nil
	d.link = nil
	d.head = nil
	if d.heap {
		d.rangefunc = false
		mp := acquirem()
		d.link = mp.deferpool
		mp.deferpool = d
		releasem(mp)
	}
}

// deferrangefunc is called by a function whose range-over-func bodies contain defer statements: makes the record to which
// their defers are added, and returns its address as a token.
func deferrangefunc() any {
	gp := getg()
	d := newdefer()
	d.link = gp._defer
	gp._defer = d
	d.pc = sys.GetCallerPC()
	d.sp = sys.GetCallerSP()
	d.rangefunc = true
	d.head = unsafe.Pointer(new(atomicDefer))
	return (*atomicDefer)(d.head)
}

// atomicDefer heads the defers of range-over-func bodies, which may run on other goroutines.
type atomicDefer struct {
	head unsafe.Pointer // *_defer; badDefer when the function has returned
}

var badDefer _defer

// deferprocat defers fn in the function that made the token.
func deferprocat(fn func(), frame any) {
	h := frame.(*atomicDefer)
	d := newdefer()
	d.fn = fn
	gp := getg()
	var marker *_defer
	for x := gp._defer; x != nil; x = x.link {
		if x.rangefunc && x.head == unsafe.Pointer(h) {
			marker = x
			break
		}
	}
	if marker != nil {
		// on the goroutine of the function that made the token: goes in front of that function's other records, behind
		// those of functions it has called
		d.sp = marker.sp
		d.pc = marker.pc
		p := &gp._defer
		for (*p).sp != marker.sp {
			p = &(*p).link
		}
		d.link = *p
		*p = d
		return
	}
	for {
		old := atomic.Loadp(unsafe.Pointer(&h.head))
		if old == unsafe.Pointer(&badDefer) {
			throw("defer after range func returned")
		}
		d.link = (*_defer)(old)
		if atomic.Casp1(&h.head, old, unsafe.Pointer(d)) {
			return
		}
	}
}

// expandRangeFunc replaces a marker record at the list's head by the records gathered for it, newest first.
func expandRangeFunc(gp *g, d *_defer) {
	h := (*atomicDefer)(d.head)
	list := (*_defer)(atomic.Loadp(unsafe.Pointer(&h.head)))
	for !atomic.Casp1(&h.head, unsafe.Pointer(list), unsafe.Pointer(&badDefer)) {
		list = (*_defer)(atomic.Loadp(unsafe.Pointer(&h.head)))
	}
	rest := d.link
	if list == nil {
		gp._defer = rest
	} else {
		for x := list; ; x = x.link {
			x.sp = d.sp
			x.pc = d.pc
			if x.link == nil {
				x.link = rest
				break
			}
		}
		gp._defer = list
	}
	freedefer(d)
}

// nextDefer takes the newest record off the list.
func nextDefer(gp *g) *_defer {
	for {
		d := gp._defer
		if d == nil {
			return nil
		}
		if d.rangefunc {
			expandRangeFunc(gp, d)
			continue
		}
		gp._defer = d.link
		return d
	}
}

// deferreturn runs the deferred calls of the caller's frame. Every call in here may move the stack, and with it the frame:
// its address is taken anew whenever it is compared.
func deferreturn() {
	gp := getg()
	for {
		d := gp._defer
		if d == nil || d.sp != sys.GetCallerSP() {
			return
		}
		if d.rangefunc {
			expandRangeFunc(gp, d)
			continue
		}
		gp._defer = d.link
		fn := d.fn
		freedefer(d)
		fn()
	}
}

// gopanic implements panic(e).
func gopanic(e any) {
	if e == nil {
		if debug.panicnil == 0 {
			e = new(PanicNilError)
		}
	}
	gp := getg()
	if gp.m.curg != gp {
		print("panic: ")
		printpanicval(e)
		print("\n")
		throw("panic on system stack")
	}
	if gp.m.locks != 0 {
		print("panic: ")
		printpanicval(e)
		print("\n")
		throw("panic holding locks")
	}
	var p _panic
	p.arg = e
	p.link = gp._panic
	if l := p.link; l != nil && l.recovered && !l.goexit &&
		*(*eface)(unsafe.Pointer(&l.arg)) == *(*eface)(unsafe.Pointer(&e)) {
		p.repanicked = true
	}
	gp._panic = (*_panic)(noescape(unsafe.Pointer(&p)))
	runningPanicDefers.Add(1)
	runPanicDefers(gp, &p)
	// no more deferred calls: the program dies
	if p.link != nil && p.link.printing {
		panicWhilePrinting(e)
	}
	preprintpanics(gp._panic)
	fatalpanic(gp._panic)
}

// runPanicDefers runs deferred calls until one recovers or none is left. gorecover looks for its frame.
//
//go:noinline
func runPanicDefers(gp *g, p *_panic) {
	p.sp = sys.GetCallerSP()
	for {
		d := nextDefer(gp)
		if d == nil {
			return
		}
		fn := d.fn
		// where to continue if fn recovers; kept in the panic's record, which moves with the stack
		p.deferSP = d.sp
		p.deferPC = d.pc
		freedefer(d)
		fn()
		if p.recovered {
			recovery(gp, p)
		}
	}
}

// recovery ends a panic: continues at the deferreturn of the frame whose deferred call recovered.
func recovery(gp *g, p *_panic) {
	f := findfunc(p.deferPC)
	if !f.valid() || f.deferreturn == 0 {
		throw("recovery: function without deferreturn")
	}
	delta := funcspdelta(f, p.deferPC-1)
	pc := f.entry() + uintptr(f.deferreturn)
	gp.sigcode0 = 0
	runningPanicDefers.Add(-1)
	gp._panic = p.link
	// from here on nothing may move the stack: its addresses are numbers now
	sp := p.deferSP
	// panics whose frames are dropped are over, too; a Goexit among them goes on
	for q := gp._panic; q != nil && uintptr(unsafe.Pointer(q)) < sp; q = gp._panic {
		gp._panic = q.link
		if q.goexit {
			// go on ending the goroutine, from here
			Goexit()
		}
		runningPanicDefers.Add(-1)
	}
	jumpTo(sp, pc, sp+uintptr(delta)-8)
}

// gorecover implements recover(). The deferred function must be its caller, and gopanic that one's (wrappers apart).
//
//go:noinline
func gorecover() any {
	gp := getg()
	p := gp._panic
	if p == nil || p.goexit || p.recovered {
		return nil
	}
	pc, sp := sys.GetCallerPC(), sys.GetCallerSP()
	ok := false
	systemstack(func() { // where the stack cannot move
		ok = isDeferredByPanic(gp, p.sp, pc, sp)
	})
	if !ok {
		return nil
	}
	p.recovered = true
	return p.arg
}

// isDeferredByPanic says whether the function at pc and sp was called by the frame of runPanicDefers that ends at panicSP.
func isDeferredByPanic(gp *g, panicSP, pc, sp uintptr) bool {
	var u unwinder
	depth := 0
	for u.initAt(pc, sp, gp, true); u.valid(); u.next() {
		if depth == 1 && u.frame.fp == panicSP {
			return true
		}
		if u.frame.f.entry() == abi.FuncPCABIInternal(deferreturn) {
			continue // "defer recover()": called by the function that returns
		}
		iu, fr := newInlineUnwinder(u.frame.f, u.frame.lookup)
		for {
			if iu.funcID(fr) != abi.FuncIDWrapper {
				depth++
				if depth > 1 {
					return false
				}
			}
			if !fr.inlined() {
				break
			}
			fr = iu.next(fr)
		}
	}
	return false
}

// Goexit ends the calling goroutine after its deferred calls.
func Goexit() {
	gp := getg()
	var p _panic
	p.goexit = true
	p.link = gp._panic
	gp._panic = (*_panic)(noescape(unsafe.Pointer(&p)))
	for {
		d := nextDefer(gp)
		if d == nil {
			break
		}
		fn := d.fn
		freedefer(d)
		fn()
	}
	gp._panic = nil
	goexit1()
}

// preprintpanics turns values into strings while code of the program may still run.
func preprintpanics(p *_panic) {
	p.printing = true
	for ; p != nil; p = p.link {
		switch v := p.arg.(type) {
		case error:
			p.arg = panicText(v.Error())
		case stringer:
			p.arg = panicText(v.String())
		}
	}
}

func panicWhilePrinting(e any) {
	const text = "panic while printing panic value: "
	if s, ok := e.(string); ok {
		throw(text + s)
	}
	throw(text + "type " + toRType((*eface)(unsafe.Pointer(&e))._type).string())
}

// panicText is the text of an error or Stringer that was panicked.
type panicText string

type stringer interface{ String() string }

func printpanics(p *_panic) {
	if p.link != nil && !p.repanicked {
		printpanics(p.link)
		if !p.link.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printpanicval(p.arg)
	if p.repanicked {
		print(" [recovered, repanicked]")
	} else if p.recovered {
		print(" [recovered]")
	}
	print("\n")
}

// fatalpanic prints the panics and ends the program with status 2.
func fatalpanic(p *_panic) {
	gp := getg()
	pc := sys.GetCallerPC()
	sp := sys.GetCallerSP()
	systemstack(func() {
		if startpanic() {
			printpanics(p)
		}
		dopanic(gp, pc, sp)
	})
	exit(2)
}

// printpanicval prints an operand of panic.
func printpanicval(v any) {
	switch v := v.(type) {
	case nil:
		print("nil")
	case bool:
		print(v)
	case int:
		print(v)
	case int8:
		print(v)
	case int16:
		print(v)
	case int32:
		print(v)
	case int64:
		print(v)
	case uint:
		print(v)
	case uint8:
		print(v)
	case uint16:
		print(v)
	case uint32:
		print(v)
	case uint64:
		print(v)
	case uintptr:
		print(v)
	case float32:
		print(v)
	case float64:
		print(v)
	case complex64:
		print(v)
	case complex128:
		print(v)
	case string:
		printindented(v)
	case panicText:
		printindented(string(v))
	default:
		printanycustomtype(v)
	}
}

// printanycustomtype prints values of named basic types as T(v), others as (T) address.
func printanycustomtype(i any) {
	e := (*eface)(unsafe.Pointer(&i))
	t := e._type
	name := toRType(t).string()
	p := e.data
	switch t.Kind_ {
	case abi.Bool:
		print(name, "(", *(*bool)(p), ")")
	case abi.Int:
		print(name, "(", *(*int)(p), ")")
	case abi.Int8:
		print(name, "(", *(*int8)(p), ")")
	case abi.Int16:
		print(name, "(", *(*int16)(p), ")")
	case abi.Int32:
		print(name, "(", *(*int32)(p), ")")
	case abi.Int64:
		print(name, "(", *(*int64)(p), ")")
	case abi.Uint:
		print(name, "(", *(*uint)(p), ")")
	case abi.Uint8:
		print(name, "(", *(*uint8)(p), ")")
	case abi.Uint16:
		print(name, "(", *(*uint16)(p), ")")
	case abi.Uint32:
		print(name, "(", *(*uint32)(p), ")")
	case abi.Uint64:
		print(name, "(", *(*uint64)(p), ")")
	case abi.Uintptr:
		print(name, "(", *(*uintptr)(p), ")")
	case abi.Float32:
		print(name, "(", *(*float32)(p), ")")
	case abi.Float64:
		print(name, "(", *(*float64)(p), ")")
	case abi.Complex64:
		print(name, *(*complex64)(p))
	case abi.Complex128:
		print(name, *(*complex128)(p))
	case abi.String:
		print(name, `("`)
		printindented(*(*string)(p))
		print(`")`)
	default:
		print("(", name, ") ", p)
	}
}

// Fatal errors.

// throw: the runtime or its user broke a rule; nothing can be recovered.
//
//go:linkname throw
//go:nosplit
func throw(s string) {
	systemstack(func() {
		print("fatal error: ")
		printindented(s)
		print("\n")
	})
	fatalthrow(true)
}

// fatalLock is taken for good by the first thread that reports a fatal error of the program.
var fatalLock mutex

// fatal is throw for errors of the program rather than of the runtime.
//
//go:linkname fatal
//go:nosplit
func fatal(s string) {
	systemstack(func() {
		if getg().m.throwing == 0 {
			lock(&fatalLock)
		}
		print("fatal error: ")
		printindented(s)
		print("\n")
	})
	fatalthrow(false)
}

//go:nosplit
func fatalthrow(runtimeError bool) {
	pc := sys.GetCallerPC()
	sp := sys.GetCallerSP()
	gp := getg()
	mp := gp.m
	if mp.throwing == 0 {
		mp.throwing = 1
		if runtimeError {
			mp.throwing = 2
		}
	}
	systemstack(func() {
		startpanic()
		dopanic(gp, pc, sp)
	})
	exit(2)
}

var paniclk mutex

// startpanic makes this thread the one that reports; false when it already does.
func startpanic() bool {
	mp := getg().m
	if mp.p == nil && mp.throwing == 0 {
		print("runtime: panic before malloc heap initialized\n")
	}
	mp.locks++
	switch mp.dying {
	case 0:
		mp.dying = 1
		panicking.Add(1)
		lock(&paniclk)
		return true
	case 1:
		mp.dying = 2
		print("panic during panic\n")
		return false
	case 2:
		mp.dying = 3
		print("stack trace unavailable\n")
		exit(4)
	default:
		exit(5)
	}
	return false
}

var didothers bool

// dopanic prints the traces and ends the program.
func dopanic(gp *g, pc, sp uintptr) {
	mp := getg().m
	if gp.sig != 0 {
		printSignalInfo(gp)
	}
	level, all, crash := gotraceback()
	if mp.dying > 1 {
		level = 0
	}
	if level > 0 {
		if gp != mp.curg {
			all = true
		}
		if gp != mp.g0 {
			print("\n")
			goroutineheader(gp)
			tracebackAt(pc, sp, gp)
		} else if level >= 2 || mp.throwing >= 2 {
			print("\nruntime stack:\n")
			tracebackAt(pc, sp, gp)
		}
		if !didothers && all {
			didothers = true
			tracebackothers(gp)
		}
	}
	unlock(&paniclk)
	if panicking.Add(-1) != 0 {
		// another thread is panicking too: it ends the program when its message is out
		for i := 0; i < 5000 && panicking.Load() != 0; i++ {
			usleep(1000)
		}
	}
	if crash {
		crashNow()
	}
	exit(2)
}

// plainError is a runtime error whose text has no prefix.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }
