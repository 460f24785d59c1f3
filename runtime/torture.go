// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// GODEBUG=gctorture=N makes errors of pointer maps visible: every Nth allocation collects, what was freed is
// overwritten, and behind every Nth allocation the goroutine's stack moves at its next call, the old one overwritten.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// Patterns that are no addresses.
const (
	tortureFreed = 0xdeaddeaddeaddead
	tortureStack = 0xdeadbeefdeadbeef
)

var tortureCount uint32

// tortureDue counts allocations and says whether the current one collects.
func tortureDue() bool {
	if debug.gctorture == 0 {
		return true // the trigger was reached
	}
	if !mainStarted || atomic.Xadd(&tortureCount, 1)%uint32(debug.gctorture) != 0 {
		return false
	}
	if gp := getg(); gp == gp.m.curg {
		gp.preempt = true
		gp.stackguard0 = stackPreempt
	}
	return true
}

// clobberFreed overwrites the objects of s that are about to become free.
func (s *mspan) clobberFreed() {
	for i := uint32(0); i < s.nelems; i++ {
		word, bit := uintptr(i/64)*8, uint64(1)<<(i%64)
		used := *(*uint64)(add(unsafe.Pointer(s.allocBits), word))&bit != 0
		marked := *(*uint64)(add(unsafe.Pointer(s.markBits), word))&bit != 0
		if used && !marked {
			clobber(s.objBase(i), s.elemsize, tortureFreed)
		}
	}
}

func clobber(p, n uintptr, with uint64) {
	for end := p + n; p < end; p += goarch.PtrSize {
		*(*uint64)(unsafe.Pointer(p)) = with
	}
}

// tortureStackMove gives a goroutine that stands in a prologue another stack of the same size.
func tortureStackMove(gp *g) {
	if debug.gctorture != 0 {
		copystack(gp, gp.stack.hi-gp.stack.lo)
	}
}
