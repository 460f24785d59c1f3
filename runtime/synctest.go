// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Bubbles of testing/synctest: groups of goroutines with a clock of their own, which advances when all of them are
// durably blocked.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// synctestBubble is one bubble.
type synctestBubble struct {
	lock    mutex
	id      uint64
	now     int64
	timers  timerHeap
	root    *g
	main    *g
	waiter  *g // goroutine in Wait
	waiting bool
	done    bool
	total   int // goroutines
	running int // not durably blocked
	active  int // holds: somebody is about to change a status
}

var bubbleGen uint64

// bubbleEpoch is midnight UTC of 2000-01-01.
const bubbleEpoch = 946684800000000000

func (b *synctestBubble) add(gp *g) {
	lock(&b.lock)
	b.total++
	b.running++
	unlock(&b.lock)
}

func (b *synctestBubble) remove(gp *g) {
	lock(&b.lock)
	b.total--
	b.running--
	if gp == b.main {
		b.done = true
	}
	wake := b.maybeWake()
	unlock(&b.lock)
	if wake != nil {
		goready(wake)
	}
}

// durable: a wait that only other goroutines of the bubble, or its clock, can end.
func durable(gp *g) bool {
	switch gp.waitreason {
	case waitReasonSleep, waitReasonSyncCondWait, waitReasonSynctestRun, waitReasonSynctestWait, waitReasonCoroutine,
		waitReasonSynctestChanReceive, waitReasonSynctestChanSend, waitReasonSynctestSelect,
		waitReasonChanReceiveNilChan, waitReasonChanSendNilChan, waitReasonSelectNoCases:
		return true
	case waitReasonSyncWaitGroupWait:
		return gp.bubbleWait
	}
	return false
}

// changeStatus: gp goes to sleep (or wakes up).
func (b *synctestBubble) changeStatus(gp *g, sleeps bool) {
	if !durable(gp) {
		return
	}
	lock(&b.lock)
	if sleeps {
		b.running--
	} else {
		b.running++
	}
	wake := b.maybeWake()
	unlock(&b.lock)
	if wake != nil {
		goready(wake)
	}
}

func (b *synctestBubble) incActive() {
	lock(&b.lock)
	b.active++
	unlock(&b.lock)
}

func (b *synctestBubble) decActive() {
	lock(&b.lock)
	b.active--
	wake := b.maybeWake()
	unlock(&b.lock)
	if wake != nil {
		goready(wake)
	}
}

// maybeWake returns who goes on when everybody is blocked: the one in Wait, or the root, which advances the clock.
func (b *synctestBubble) maybeWake() *g {
	if b.running > 0 || b.active > 0 {
		return nil
	}
	b.active++ // until the one we wake has looked
	if b.waiter != nil {
		gp := b.waiter
		b.waiter = nil
		return gp
	}
	if b.waiting {
		b.waiting = false
		return b.root
	}
	b.active--
	return nil
}

// runTimer calls a timer's function as a member of the bubble.
func (b *synctestBubble) runTimer(f func(any, uintptr, int64), arg any, seq uintptr, delta int64) {
	gp := getg()
	old := gp.syncGroup
	gp.syncGroup = b
	f(arg, seq, delta)
	gp.syncGroup = old
}

//go:linkname synctestRun internal/synctest.Run
func synctestRun(f func()) {
	gp := getg()
	if gp.syncGroup != nil {
		panic(plainError("synctest.Run called from within a synctest bubble"))
	}
	b := new(synctestBubble)
	b.id = atomic.Xadd64(&bubbleGen, 1)
	b.now = bubbleEpoch
	b.timers.bubble = b
	b.root = gp
	b.total = 1
	b.running = 1
	gp.syncGroup = b
	gp.waitreason = waitReasonSynctestRun
	fn := *(**funcval)(unsafe.Pointer(&f))
	heapSink = unsafe.Pointer(fn)
	systemstack(func() {
		ng := newproc1(fn, gp, 0, stackMin)
		ng.syncGroup = b
		b.add(ng)
		b.main = ng
		runqput(getg().m.p, ng, true)
	})
	for {
		lock(&b.lock)
		b.waiting = true
		unlock(&b.lock)
		gopark(synctestIdle, nil, waitReasonSynctestRun)
		lock(&b.lock)
		b.active--
		if b.total == 1 {
			unlock(&b.lock)
			break
		}
		next := b.timers.wakeTime()
		if next == 0 || b.done { // time stops when the first goroutine has ended
			main := b.done
			unlock(&b.lock)
			gp.syncGroup = nil
			if main {
				panic(synctestDeadlock("deadlock: main bubble goroutine has exited but blocked goroutines remain"))
			}
			panic(synctestDeadlock("deadlock: all goroutines in bubble are blocked"))
		}
		if next > b.now {
			b.now = next
		}
		unlock(&b.lock)
		b.timers.run(b.now)
	}
	gp.syncGroup = nil
}

func synctestIdle(gp *g, _ unsafe.Pointer) bool { return true }

func synctestDeadlock(s string) error { return plainError(s) }

//go:linkname synctestWait internal/synctest.Wait
func synctestWait() {
	gp := getg()
	b := gp.syncGroup
	if b == nil {
		panic(plainError("goroutine is not in a bubble"))
	}
	lock(&b.lock)
	if b.waiter != nil {
		unlock(&b.lock)
		panic(plainError("wait already in progress"))
	}
	b.waiter = gp
	unlock(&b.lock)
	gopark(synctestIdle, nil, waitReasonSynctestWait)
	lock(&b.lock)
	b.active--
	unlock(&b.lock)
}

//go:linkname synctest_isInBubble internal/synctest.IsInBubble
func synctest_isInBubble() bool { return getg().syncGroup != nil }

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return getg().syncGroup != nil }

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	if b := getg().syncGroup; b != nil {
		b.incActive()
		return b
	}
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) { b.(*synctestBubble).decActive() }

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(b any, f func()) {
	gp := getg()
	if gp.syncGroup != nil {
		panic(plainError("goroutine is already bubbled"))
	}
	gp.syncGroup = b.(*synctestBubble)
	defer func() {
		gp.syncGroup = nil
	}()
	f()
}

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	b := getg().syncGroup
	base := heapBase(p)
	if b == nil || base == 0 {
		return 0
	}
	r := 1
	systemstack(func() {
		lock(&specials.lock)
		s := findSpecial(base, specialBubble)
		if s == nil {
			s = newSpecial(base, specialBubble)
			s.handle = unsafe.Pointer(b)
		} else if s.handle != unsafe.Pointer(b) {
			r = 2
		}
		unlock(&specials.lock)
	})
	return r
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
	base := heapBase(p)
	systemstack(func() {
		lock(&specials.lock)
		if s := findSpecial(base, specialBubble); s != nil {
			dropSpecial(s)
		}
		unlock(&specials.lock)
	})
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	base := heapBase(p)
	r := false
	systemstack(func() {
		lock(&specials.lock)
		s := findSpecial(base, specialBubble)
		r = s != nil && s.handle == unsafe.Pointer(getg().m.curg.syncGroup)
		unlock(&specials.lock)
	})
	return r
}
