// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Goroutine stacks: contiguous, grown by copying to a block of twice the size. Blocks of 2 to 32 KiB come from per-thread
// lists over shared ones, larger ones are spans of the heap's pages.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/sys"
	"unsafe"
)

const (
	stackMin    = 2048
	stackGuard  = abi.StackNosplitBase + 128
	stackOrders = 5 // 2, 4, 8, 16, 32 KiB

	// stackPreempt in stackguard0 sends every prologue to newstack, which sees that it is asked to yield.
	stackPreempt = ^uintptr(0) - 1313

	stackCacheMax = 32 << 10 // bytes of free blocks a thread keeps per order
)

var maxstacksize uintptr = 1000000000
var stackInUse uint64

type stackFreeList struct {
	head uintptr // linked through the first word
	n    uintptr
}

// stackpool holds free blocks that any thread may take.
var stackpool struct {
	lock mutex
	list [stackOrders]stackFreeList
}

func stackOrder(n uintptr) int {
	o := 0
	for s := uintptr(stackMin); s < n; s <<= 1 {
		o++
	}
	return o
}

// stackalloc returns a block of n bytes, a power of two. On the system stack.
func stackalloc(n uintptr) stack {
	if n > stackMin<<(stackOrders-1) {
		s := mheap_.allocSpan(divRoundUp(n, pageSize), spanStack, 0, false)
		if s == nil {
			throw("out of memory (stackalloc)")
		}
		s.state = mSpanManual
		stackInUse += uint64(n)
		return stack{s.base, s.base + n}
	}
	o := stackOrder(n)
	mp := getg().m
	l := &mp.stackCache[o]
	if l.head == 0 {
		stackRefill(l, o)
	}
	p := l.head
	l.head = *(*uintptr)(unsafe.Pointer(p))
	l.n--
	return stack{p, p + n}
}

// stackRefill gets some blocks of an order from the pool, or cuts a new span.
func stackRefill(l *stackFreeList, o int) {
	size := uintptr(stackMin) << o
	lock(&stackpool.lock)
	pool := &stackpool.list[o]
	if pool.head == 0 {
		npages := uintptr(1)
		if size > pageSize {
			npages = size / pageSize
		}
		s := mheap_.allocSpan(npages, spanStack, 0, false)
		if s == nil {
			throw("out of memory (stack)")
		}
		s.state = mSpanManual
		for p := s.base + npages*pageSize; p > s.base; {
			p -= size
			*(*uintptr)(unsafe.Pointer(p)) = pool.head
			pool.head = p
			pool.n++
		}
		stackInUse += uint64(npages * pageSize)
	}
	want := stackCacheMax / 2 / size
	if want == 0 {
		want = 1
	}
	for l.n < want && pool.head != 0 {
		p := pool.head
		pool.head = *(*uintptr)(unsafe.Pointer(p))
		pool.n--
		*(*uintptr)(unsafe.Pointer(p)) = l.head
		l.head = p
		l.n++
	}
	unlock(&stackpool.lock)
}

// stackfree gives a block back. On the system stack.
func stackfree(stk stack) {
	n := stk.hi - stk.lo
	if n > stackMin<<(stackOrders-1) {
		s := spanOf(stk.lo)
		if s == nil || s.base != stk.lo {
			throw("stackfree: not a stack")
		}
		stackInUse -= uint64(n)
		mheap_.freeManual(s)
		return
	}
	o := stackOrder(n)
	l := &getg().m.stackCache[o]
	*(*uintptr)(unsafe.Pointer(stk.lo)) = l.head
	l.head = stk.lo
	l.n++
	if l.n*n > stackCacheMax {
		stackRelease(l, o, stackCacheMax/2/n)
	}
}

// stackRelease moves blocks to the pool until only keep are left.
func stackRelease(l *stackFreeList, o int, keep uintptr) {
	lock(&stackpool.lock)
	pool := &stackpool.list[o]
	for l.n > keep {
		p := l.head
		l.head = *(*uintptr)(unsafe.Pointer(p))
		l.n--
		*(*uintptr)(unsafe.Pointer(p)) = pool.head
		pool.head = p
		pool.n++
	}
	unlock(&stackpool.lock)
}

// newstack is called by morestack on g0: gives the goroutine more stack, or makes it yield. It never returns: the goroutine
// starts its prologue again.
func newstack() {
	mp := getg().m
	gp := mp.curg
	if gp.stackguard0 == stackFork {
		throw("stack growth after fork")
	}
	if gp.stackguard0 == stackPreempt {
		gp.stackguard0 = gp.stack.lo + stackGuard
		if canPreempt(mp) {
			tortureStackMove(gp)
			gp.preempt = false
			gopreempt(gp)
		}
		// not now: releasem or unlock ask again, as gp.preempt still is set
		gogo(gp)
	}
	if gp.stack.lo == 0 {
		throw("missing stack in newstack")
	}
	if gp.sched.sp < gp.stack.lo {
		print("runtime: sp=", hex(gp.sched.sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
		throw("runtime: split stack overflow")
	}
	oldsize := gp.stack.hi - gp.stack.lo
	newsize := oldsize * 2
	// a function with a large frame gets room for it at once
	if f := findfunc(gp.sched.pc); f.valid() {
		need := uintptr(funcMaxSPDelta(f)) + stackGuard
		used := gp.stack.hi - gp.sched.sp
		for newsize-used < need {
			newsize *= 2
		}
	}
	if newsize > maxstacksize || newsize > 1<<31 {
		if maxstacksize < 1<<31 {
			print("runtime: goroutine stack exceeds ", maxstacksize, "-byte limit\n")
		} else {
			print("runtime: goroutine stack exceeds ", 1<<31, "-byte limit\n")
		}
		print("runtime: sp=", hex(gp.sched.sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
		throw("stack overflow")
	}
	copystack(gp, newsize)
	gogo(gp)
}

// funcMaxSPDelta is the largest frame a function ever has.
func funcMaxSPDelta(f funcInfo) int32 {
	p := f.datap.table(f.datap.pcHeader.pctabOffset) + uintptr(f.pcsp)
	if f.pcsp == 0 {
		return 0
	}
	val := int32(-1)
	max := int32(0)
	first := true
	for {
		uv := uint32(*(*byte)(unsafe.Pointer(p)))
		if uv == 0 && !first {
			return max
		}
		first = false
		uv, p = readvarint(p)
		val += int32(uv>>1) ^ -int32(uv&1)
		_, p = readvarint(p)
		if val > max {
			max = val
		}
	}
}

// copystack moves a goroutine's stack to a new block of newsize bytes. The goroutine does not run.
func copystack(gp *g, newsize uintptr) {
	old := gp.stack
	used := old.hi - gp.sched.sp
	nu := stackalloc(newsize)
	adj := adjuster{old: old, delta: nu.hi - old.hi}
	adj.frames(gp)
	adj.gobuf(gp)
	adj.defers(gp)
	adj.panics(gp)
	adj.sudogs(gp)
	memmove(unsafe.Pointer(nu.hi-used), unsafe.Pointer(old.hi-used), used)
	gp.stack = nu
	gp.stackguard0 = nu.lo + stackGuard
	gp.stackguard1 = gp.stackguard0
	gp.sched.sp += adj.delta
	if debug.gctorture != 0 {
		clobber(old.lo, old.hi-old.lo, tortureStack)
	}
	stackfree(old)
}

// adjuster rewrites, still in the old block, every pointer into the old block to where it will point in the new one. A
// pointer that was rewritten no longer points into the old block, so that visiting a word twice does no harm.
type adjuster struct {
	old   stack
	delta uintptr
}

func (a *adjuster) word(p uintptr) {
	v := *(*uintptr)(unsafe.Pointer(p))
	if v-a.old.lo < a.old.hi-a.old.lo {
		*(*uintptr)(unsafe.Pointer(p)) = v + a.delta
	}
}

// bits visits the words from base on that a pointer map names.
func (a *adjuster) bits(base uintptr, nbit int32, bits *byte) {
	for i := int32(0); i < nbit; i += 8 {
		b := *(*byte)(add(unsafe.Pointer(bits), uintptr(i/8)))
		if nbit-i < 8 {
			b &= 1<<uint(nbit-i) - 1
		}
		for j := uintptr(0); b != 0; j++ {
			if b&1 != 0 {
				a.word(base + (uintptr(i)+j)*goarch.PtrSize)
			}
			b >>= 1
		}
	}
}

func (a *adjuster) frames(gp *g) {
	var u unwinder
	for u.init(gp); u.valid(); u.next() {
		fr := &u.frame
		if fr.fp > fr.sp+goarch.PtrSize {
			a.word(fr.varp) // saved BP
		}
		if nbit, bits := fr.localBits(); nbit > 0 {
			a.bits(fr.varp-uintptr(nbit)*goarch.PtrSize, nbit, bits)
		}
		for it := fr.vars(); it.next(); {
			a.bits(it.v.base, it.v.nbit, it.v.bits)
		}
		nbit, bits, small := fr.argBits(gp)
		if bits != nil {
			a.bits(fr.argp, nbit, bits)
		} else {
			for i := uintptr(0); small != 0; i++ {
				if small&1 != 0 {
					a.word(fr.argp + i*goarch.PtrSize)
				}
				small >>= 1
			}
		}
		if fr.f.flag&abi.FuncFlagAsm != 0 {
			a.asmFrame(fr)
		}
	}
	if u.failed {
		throw("copystack: cannot unwind")
	}
}

// asmFrame knows the frames of reflect's stubs.
func (a *adjuster) asmFrame(fr *stkframe) {
	if !isReflectStub(fr.f) {
		return
	}
	a.word(fr.sp) // closure
	for i := uintptr(0); i < abi.IntArgRegs; i++ {
		a.word(fr.sp + 40 + unsafe.Offsetof(abi.RegArgs{}.Ptrs) + i*8)
	}
	if n, data := reflectStubArgs(fr); n > 0 {
		a.bits(fr.argp, int32(n), data)
	}
}

// reflectStubArgs returns the pointer map of the stack arguments of a frame of makeFuncStub or methodValueCall.
func reflectStubArgs(fr *stkframe) (nbit uint32, bits *byte) {
	mv := *(**reflectMethodValue)(unsafe.Pointer(fr.sp))
	if mv == nil || mv.stack == nil || len(mv.stack.data) == 0 {
		return 0, nil
	}
	nbit = mv.stack.n
	if retValid := *(*bool)(unsafe.Pointer(fr.sp + 32)); !retValid {
		if n := uint32(mv.argLen / goarch.PtrSize); n < nbit {
			nbit = n // the results are not there yet
		}
	}
	return nbit, &mv.stack.data[0]
}

func (a *adjuster) gobuf(gp *g) {
	a.word(uintptr(unsafe.Pointer(&gp.sched.ctxt)))
	a.word(uintptr(unsafe.Pointer(&gp.sched.bp)))
	if gp.syscallsp != 0 {
		a.word(uintptr(unsafe.Pointer(&gp.syscallsp)))
		a.word(uintptr(unsafe.Pointer(&gp.syscallbp)))
	}
}

func (a *adjuster) defers(gp *g) {
	a.word(uintptr(unsafe.Pointer(&gp._defer)))
	for d := gp._defer; d != nil; {
		// d may already be the new address of a record that still lies in the old block
		q := uintptr(unsafe.Pointer(d))
		if q-a.delta-a.old.lo < a.old.hi-a.old.lo {
			q -= a.delta
		}
		r := (*_defer)(unsafe.Pointer(q))
		a.word(uintptr(unsafe.Pointer(&r.fn)))
		a.word(uintptr(unsafe.Pointer(&r.link)))
		a.word(uintptr(unsafe.Pointer(&r.sp)))
		d = r.link
	}
}

func (a *adjuster) panics(gp *g) {
	a.word(uintptr(unsafe.Pointer(&gp._panic)))
	for p := gp._panic; p != nil; {
		q := uintptr(unsafe.Pointer(p))
		if q-a.delta-a.old.lo < a.old.hi-a.old.lo {
			q -= a.delta
		}
		r := (*_panic)(unsafe.Pointer(q))
		a.word(uintptr(unsafe.Pointer(&r.link)))
		a.word(uintptr(unsafe.Pointer(&r.sp)))
		a.word(uintptr(unsafe.Pointer(&r.deferSP)))
		p = r.link
	}
}

func (a *adjuster) sudogs(gp *g) {
	for s := gp.waiting; s != nil; s = s.waitlink {
		a.word(uintptr(unsafe.Pointer(&s.elem)))
	}
}

// shrinkstack halves a stack of which less than a quarter is used. The world is stopped.
func shrinkstack(gp *g) {
	size := gp.stack.hi - gp.stack.lo
	if size/2 < stackMin || debug.gcshrinkstackoff != 0 {
		return
	}
	if gp.stack.hi-gp.sched.sp+abi.StackNosplitBase >= size/4 {
		return
	}
	copystack(gp, size/2)
}

func badmorestackg0() {
	writeErrStr("fatal: morestack on g0\n")
	var u unwinder
	u.initAt(sys.GetCallerPC(), sys.GetCallerSP(), nil, true)
	printTraceback(&u, 0, 50, true)
	abort()
}

func badmorestackgsignal() {
	writeErrStr("fatal: morestack on gsignal\n")
	abort()
}
