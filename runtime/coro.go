// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Coroutines for iter.Pull: a goroutine that runs only when it is switched to, in exchange for the one that switches.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// coro holds the goroutine that does not run now.
type coro struct {
	gp uintptr // *g
	f  func(*coro)
}

//go:linkname newcoro
func newcoro(f func(*coro)) *coro {
	c := new(coro)
	c.f = f
	gp := getg()
	start := corostart
	fn := *(**funcval)(unsafe.Pointer(&start))
	systemstack(func() {
		ng := newproc1(fn, gp, 0, stackMin)
		if gp.syncGroup != nil {
			ng.syncGroup = gp.syncGroup
			gp.syncGroup.add(ng)
			ng.waitreason = waitReasonCoroutine
			gp.syncGroup.changeStatus(ng, true)
		}
		casgstatus(ng, _Grunnable, _Gwaiting)
		ng.waitreason = waitReasonCoroutine
		ng.coroarg = c
		ng.gopc = gp.gopc
		c.gp = uintptr(unsafe.Pointer(ng))
	})
	return c
}

// corostart is the first function of a coroutine.
func corostart() {
	gp := getg()
	c := gp.coroarg
	gp.coroarg = nil
	defer coroexit(c)
	c.f(c)
}

// coroexit ends the coroutine and switches to the one that waits.
func coroexit(c *coro) {
	gp := getg()
	gp.coroarg = c
	mcall(coroexit_m)
}

func coroexit_m(gp *g) {
	c := gp.coroarg
	gp.coroarg = nil
	next := (*g)(unsafe.Pointer(atomic.Xchguintptr(&c.gp, 0)))
	gdestroy(gp)
	coroRun(next)
}

// coroswitch runs the other side of c and waits until it switches back.
//
//go:linkname coroswitch
func coroswitch(c *coro) {
	gp := getg()
	gp.coroarg = c
	mcall(coroswitch_m)
}

func coroswitch_m(gp *g) {
	mp := getg().m
	c := gp.coroarg
	gp.coroarg = nil
	gp.waitreason = waitReasonCoroutine
	if gp.syncGroup != nil {
		gp.syncGroup.incActive() // until the other side counts
		gp.syncGroup.changeStatus(gp, true)
	}
	casgstatus(gp, _Grunning, _Gwaiting)
	dropg(mp, gp)
	next := (*g)(unsafe.Pointer(atomic.Xchguintptr(&c.gp, uintptr(unsafe.Pointer(gp)))))
	if next == nil {
		throw("coroswitch on exited coro")
	}
	if next.syncGroup != nil {
		next.syncGroup.changeStatus(next, false)
	}
	if gp.syncGroup != nil {
		gp.syncGroup.decActive()
	}
	coroExecute(next)
}

// coroRun continues a waiting goroutine on this thread at once.
func coroRun(next *g) {
	if next.syncGroup != nil {
		next.syncGroup.changeStatus(next, false)
	}
	coroExecute(next)
}

func coroExecute(next *g) {
	mp := getg().m
	casgstatus(next, _Gwaiting, _Grunnable)
	if next.lockedm != nil && next.lockedm != mp || mp.lockedg != nil && mp.lockedg != next {
		runqput(mp.p, next, true)
		schedule()
	}
	execute(next, true)
}
