// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Variables on stacks that pointers lead to. Pointer maps name the words of a frame that its function may still read;
// a variable whose address was taken may be reached in other ways: by callees, by other such variables, by deferred
// calls. The scan of a stack collects all variables of this kind, lowest first, and all pointers into the stack, and
// then looks at those variables that are reached.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"unsafe"
)

// stackVar is such a variable.
type stackVar struct {
	base uintptr
	bits *byte
	nbit int32
	seen bool
}

// stackScan is what a marker remembers of the stack that it scans. The tables lie off the heap and grow as needed.
type stackScan struct {
	lo, size uintptr
	vars     []stackVar
	pointers []uintptr // into the stack, not yet followed
}

func (s *stackScan) start(stk stack) {
	s.lo = stk.lo
	s.size = stk.hi - stk.lo
	s.vars = s.vars[:0]
	s.pointers = s.pointers[:0]
}

func (s *stackScan) addVar(v stackVar) {
	n := len(s.vars)
	if n == cap(s.vars) {
		p, size := growOffHeap(unsafe.Pointer(unsafe.SliceData(s.vars)), uintptr(n)*unsafe.Sizeof(v))
		s.vars = unsafe.Slice((*stackVar)(p), size/unsafe.Sizeof(v))
	}
	s.vars = s.vars[:n+1]
	s.vars[n] = v
}

func (s *stackScan) addPointer(v uintptr) {
	n := len(s.pointers)
	if n == cap(s.pointers) {
		p, size := growOffHeap(unsafe.Pointer(unsafe.SliceData(s.pointers)), uintptr(n)*unsafe.Sizeof(v))
		s.pointers = unsafe.Slice((*uintptr)(p), size/unsafe.Sizeof(v))
	}
	s.pointers = s.pointers[:n+1]
	s.pointers[n] = v
}

// growOffHeap moves a table of size bytes, all in use, to a block twice as large.
func growOffHeap(old unsafe.Pointer, size uintptr) (unsafe.Pointer, uintptr) {
	if size == 0 {
		const first = 4096
		return sysAlloc(first), first
	}
	p := sysAlloc(size * 2)
	memmove(p, old, size)
	munmap(uintptr(old), size)
	memstatSys -= uint64(size)
	return p, size * 2
}

// word is mark for a word of a stack: the pointer may lead into the stack itself.
func (w *gcWork) word(p uintptr) {
	if p-w.stack.lo < w.stack.size {
		w.stack.addPointer(p)
		return
	}
	w.mark(p)
}

// collectVars notes the variables of a frame.
func (w *gcWork) collectVars(fr *stkframe) {
	for it := fr.vars(); it.next(); {
		w.stack.addVar(it.v)
	}
}

// stackVars visits the variables of a frame that pointers may lead to, lowest first.
type stackVars struct {
	v    stackVar
	varp uintptr
	p    unsafe.Pointer
	left int32
}

func (fr *stkframe) vars() stackVars {
	it := stackVars{varp: fr.varp}
	if p := funcdata(fr.f, abi.FUNCDATA_StackObjects); p != nil && fr.fp != fr.sp+goarch.PtrSize {
		it.left = *(*int32)(p)
		it.p = add(p, 4)
	}
	return it // none at the function's entry, where there is no frame yet
}

func (it *stackVars) next() bool {
	if it.left == 0 {
		return false
	}
	it.left--
	off, nbit := *(*int32)(it.p), *(*int32)(add(it.p, 4))
	it.v = stackVar{it.varp + uintptr(off), (*byte)(add(it.p, 8)), nbit, false}
	it.p = add(it.p, 8+uintptr(nbit+31)/32*4)
	return true
}

// followStack looks at the variables that pointers into the stack lead to.
func (w *gcWork) followStack() {
	s := &w.stack
	for len(s.pointers) > 0 {
		p := s.pointers[len(s.pointers)-1]
		s.pointers = s.pointers[:len(s.pointers)-1]
		if v := s.find(p); v != nil && !v.seen {
			v.seen = true
			w.scanFrameBits(v.base, v.nbit, v.bits)
		}
	}
	s.lo, s.size = 0, 0
}

// find returns the variable that p points into, or just behind.
func (s *stackScan) find(p uintptr) *stackVar {
	lo, hi := 0, len(s.vars)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if s.vars[mid].base <= p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return nil
	}
	v := &s.vars[lo-1]
	if p-v.base >= uintptr(v.nbit)*goarch.PtrSize {
		return nil
	}
	return v
}
