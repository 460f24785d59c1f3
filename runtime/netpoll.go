// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The network poller: epoll, edge triggered, made at the first descriptor. Each descriptor has a pollDesc with one
// place for a reader and one for a writer that wait, and their deadlines.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/syscall/linux"
	"unsafe"
)

const (
	pollNoError        = 0
	pollErrClosing     = 1
	pollErrTimeout     = 2
	pollErrNotPollable = 3

	// States of a side besides "a goroutine waits" (its address).
	pdNil   = 0
	pdReady = 1
	pdWait  = 2
)

// pollDesc is one descriptor; never freed, so that late events find it: fdseq tells whether they still mean it.
type pollDesc struct {
	link    *pollDesc
	fd      uintptr
	fdseq   uintptr
	rg      uintptr // pdNil, pdReady, pdWait or *g
	wg      uintptr
	lock    mutex
	closing bool
	everr   uint32
	rt      timer
	wt      timer
	rd      int64 // deadline; -1 = passed
	wd      int64
	rseq    uintptr // distinguishes deadlines set one after the other
	wseq    uintptr
}

var netpollState struct {
	inited  uint32
	lock    mutex
	epfd    int32
	eventfd int32
	free    *pollDesc
	waiters atomic.Int32
	wakeSig uint32
}

func netpollinited() bool { return atomic.Load(&netpollState.inited) != 0 }

func netpollAnyWaiters() bool { return netpollState.waiters.Load() > 0 }

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() { netpollGenericInit() }

func netpollGenericInit() {
	if netpollinited() {
		return
	}
	lock(&netpollState.lock)
	if netpollState.inited == 0 {
		fd, e := linux.EpollCreate1(linux.EPOLL_CLOEXEC)
		if e != 0 {
			throw("runtime: netpollinit failed")
		}
		netpollState.epfd = fd
		ev, e := linux.Eventfd(0, linux.EFD_CLOEXEC|linux.EFD_NONBLOCK)
		if e != 0 {
			throw("runtime: eventfd failed")
		}
		netpollState.eventfd = ev
		var e1 linux.EpollEvent
		e1.Events = linux.EPOLLIN
		*(*uintptr)(unsafe.Pointer(&e1.Data)) = 0
		linux.EpollCtl(fd, linux.EPOLL_CTL_ADD, ev, &e1)
		atomic.Storeint64(&sched.lastpoll, 1)
		atomic.Store(&netpollState.inited, 1)
		// who sleeps until now would hear neither of descriptors nor of earlier timers
		atomic.Store(&netpollState.wakeSig, 1)
		signalEventfd()
		futexwakeup(&netpollState.wakeSig, 1)
	}
	unlock(&netpollState.lock)
}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool {
	return netpollinited() && (fd == uintptr(netpollState.epfd) || fd == uintptr(netpollState.eventfd))
}

func allocPollDesc() *pollDesc {
	lock(&netpollState.lock)
	pd := netpollState.free
	if pd == nil {
		const n = 4
		const size = (unsafe.Sizeof(pollDesc{}) + 63) &^ 63 // see pdTag
		p := persistentalloc(size*n, 64)
		for i := uintptr(0); i < n; i++ {
			d := (*pollDesc)(add(p, i*size))
			d.rt.initTimer()
			d.wt.initTimer()
			d.link = pd
			pd = d
		}
	}
	netpollState.free = pd.link
	unlock(&netpollState.lock)
	return pd
}

// pdTag packs a pollDesc and its use number into an event's 64 bits: addresses have 48 bits, the lowest 6 are 0.
func pdTag(pd *pollDesc) uint64 {
	return uint64(uintptr(unsafe.Pointer(pd)))<<16 | uint64(pd.fdseq&0x3fffff)
}

func pdUntag(v uint64) (*pollDesc, uintptr) {
	return (*pollDesc)(unsafe.Pointer(uintptr(v >> 22 << 6))), uintptr(v & 0x3fffff)
}

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (*pollDesc, int) {
	pd := allocPollDesc()
	lock(&pd.lock)
	pd.fd = fd
	pd.closing = false
	pd.everr = 0
	pd.fdseq++
	pd.rseq++
	pd.rg = pdNil
	pd.rd = 0
	pd.wseq++
	pd.wg = pdNil
	pd.wd = 0
	unlock(&pd.lock)
	var ev linux.EpollEvent
	ev.Events = linux.EPOLLIN | linux.EPOLLOUT | linux.EPOLLRDHUP | linux.EPOLLET
	*(*uint64)(unsafe.Pointer(&ev.Data)) = pdTag(pd)
	e := linux.EpollCtl(netpollState.epfd, linux.EPOLL_CTL_ADD, int32(fd), &ev)
	if e != 0 {
		freePollDesc(pd)
		return nil, int(e)
	}
	return pd, 0
}

func freePollDesc(pd *pollDesc) {
	lock(&netpollState.lock)
	pd.fdseq++
	pd.link = netpollState.free
	netpollState.free = pd
	unlock(&netpollState.lock)
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(pd *pollDesc) {
	if !pd.closing {
		throw("runtime: close polldesc w/o unblock")
	}
	var ev linux.EpollEvent
	linux.EpollCtl(netpollState.epfd, linux.EPOLL_CTL_DEL, int32(pd.fd), &ev)
	freePollDesc(pd)
}

func (pd *pollDesc) side(mode int) *uintptr {
	if mode == 'r' {
		return &pd.rg
	}
	return &pd.wg
}

func (pd *pollDesc) check(mode int) int {
	if pd.closing {
		return pollErrClosing
	}
	if mode == 'r' && pd.rd < 0 || mode == 'w' && pd.wd < 0 {
		return pollErrTimeout
	}
	if mode == 'r' && atomic.Load(&pd.everr) != 0 {
		return pollErrNotPollable
	}
	return pollNoError
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(pd *pollDesc, mode int) int {
	if e := pd.check(mode); e != pollNoError {
		return e
	}
	atomic.Storeuintptr(pd.side(mode), pdNil)
	return pollNoError
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(pd *pollDesc, mode int) int {
	if e := pd.check(mode); e != pollNoError {
		return e
	}
	for !netpollblock(pd, mode, false) {
		if e := pd.check(mode); e != pollNoError {
			return e
		}
		// a deadline that was moved meanwhile woke us
	}
	return pollNoError
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(pd *pollDesc, mode int) {
	for !netpollblock(pd, mode, true) {
	}
}

// netpollblock waits until the side is ready; false when it was ended by deadline or close.
func netpollblock(pd *pollDesc, mode int, waitio bool) bool {
	p := pd.side(mode)
	for {
		if atomic.Casuintptr(p, pdReady, pdNil) {
			return true
		}
		if atomic.Casuintptr(p, pdNil, pdWait) {
			break
		}
		if v := atomic.Loaduintptr(p); v != pdReady && v != pdNil {
			throw("runtime: double wait")
		}
	}
	if waitio || pd.check(mode) == pollNoError {
		gopark(netpollblockcommit, unsafe.Pointer(p), waitReasonIOWait)
	}
	old := atomic.Xchguintptr(p, pdNil)
	if old > pdWait {
		throw("runtime: corrupted polldesc")
	}
	return old == pdReady
}

func netpollblockcommit(gp *g, p unsafe.Pointer) bool {
	if atomic.Casuintptr((*uintptr)(p), pdWait, uintptr(unsafe.Pointer(gp))) {
		netpollState.waiters.Add(1)
		return true
	}
	return false
}

// netpollunblock wakes who waits on a side: ready = by an event. Returns the goroutine.
func netpollunblock(pd *pollDesc, mode int, ready bool) *g {
	p := pd.side(mode)
	for {
		old := atomic.Loaduintptr(p)
		if old == pdReady || old == pdNil && !ready {
			return nil
		}
		nu := uintptr(pdNil)
		if ready {
			nu = pdReady
		}
		if atomic.Casuintptr(p, old, nu) {
			if old == pdWait || old == pdNil {
				return nil
			}
			netpollState.waiters.Add(-1)
			return (*g)(unsafe.Pointer(old))
		}
	}
}

//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(pd *pollDesc, d int64, mode int) {
	lock(&pd.lock)
	if pd.closing {
		unlock(&pd.lock)
		return
	}
	if d > 0 {
		// d is a duration from now
		d += nanotime()
		if d < 0 {
			d = 1<<63 - 1
		}
	}
	var rg, wg *g
	if mode == 'r' || mode == 'r'+'w' {
		pd.rd = d
		pd.rseq++
		if d > 0 {
			pd.rt.modify(d, netpollReadDeadline, pdAny(pd), pd.rseq)
		} else {
			pd.rt.stop()
			if d < 0 {
				rg = netpollunblock(pd, 'r', false)
			}
		}
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.wd = d
		pd.wseq++
		if d > 0 {
			pd.wt.modify(d, netpollWriteDeadline, pdAny(pd), pd.wseq)
		} else {
			pd.wt.stop()
			if d < 0 {
				wg = netpollunblock(pd, 'w', false)
			}
		}
	}
	unlock(&pd.lock)
	if rg != nil {
		goready(rg)
	}
	if wg != nil {
		goready(wg)
	}
}

func pdAny(pd *pollDesc) any { return pd }

func netpollReadDeadline(arg any, seq uintptr, delta int64) {
	pd := arg.(*pollDesc)
	lock(&pd.lock)
	if seq != pd.rseq || pd.rd <= 0 || pd.closing {
		unlock(&pd.lock)
		return
	}
	pd.rd = -1
	gp := netpollunblock(pd, 'r', false)
	unlock(&pd.lock)
	if gp != nil {
		goready(gp)
	}
}

func netpollWriteDeadline(arg any, seq uintptr, delta int64) {
	pd := arg.(*pollDesc)
	lock(&pd.lock)
	if seq != pd.wseq || pd.wd <= 0 || pd.closing {
		unlock(&pd.lock)
		return
	}
	pd.wd = -1
	gp := netpollunblock(pd, 'w', false)
	unlock(&pd.lock)
	if gp != nil {
		goready(gp)
	}
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(pd *pollDesc) {
	lock(&pd.lock)
	if pd.closing {
		throw("runtime: unblock on closing polldesc")
	}
	pd.closing = true
	pd.rseq++
	pd.wseq++
	rg := netpollunblock(pd, 'r', false)
	wg := netpollunblock(pd, 'w', false)
	pd.rt.stop()
	pd.wt.stop()
	unlock(&pd.lock)
	if rg != nil {
		goready(rg)
	}
	if wg != nil {
		goready(wg)
	}
}

// netpollBreak wakes the thread that sleeps in the poller.
func netpollBreak() {
	before := netpollinited()
	if !atomic.Cas(&netpollState.wakeSig, 0, 1) {
		return
	}
	if !before {
		futexwakeup(&netpollState.wakeSig, 1)
		if !netpollinited() {
			return
		}
	}
	signalEventfd()
}

func signalEventfd() {
	one := uint64(1)
	syscall6(sys_write, uintptr(netpollState.eventfd), uintptr(unsafe.Pointer(&one)), 8, 0, 0, 0)
}

// netpollSleep waits for events, at most delay nanoseconds (-1: for ever), also when there is no poller yet.
func netpollSleep(delay int64) *g {
	if !netpollinited() {
		if delay != 0 {
			if atomic.Load(&netpollState.wakeSig) == 0 {
				futexsleep(&netpollState.wakeSig, 0, delay)
			}
		}
		atomic.Store(&netpollState.wakeSig, 0)
		return nil
	}
	return netpoll(delay)
}

// netpoll returns the goroutines for whose descriptors there are events. delay 0: don't wait; -1: wait for ever. The
// kernel takes nanoseconds.
func netpoll(delay int64) *g {
	var events [64]linux.EpollEvent
	var ts timespec
	tp := unsafe.Pointer(nil)
	if delay >= 0 {
		ts.sec = delay / 1000000000
		ts.nsec = delay % 1000000000
		tp = unsafe.Pointer(&ts)
	}
	n := syscall6(sys_epoll_pwait2, uintptr(netpollState.epfd), uintptr(unsafe.Pointer(&events)), 64, uintptr(tp), 0, 0)
	if n == -_ENOSYS {
		ms := int32(-1)
		if delay >= 0 {
			ms = int32((delay + 999999) / 1000000)
			if delay > 1e15 {
				ms = 1e9
			}
		}
		k, _ := linux.EpollWait(netpollState.epfd, events[:], 64, ms)
		n = int(k)
	}
	if n <= 0 {
		return nil
	}
	var list *g
	for i := 0; i < n; i++ {
		ev := &events[i]
		data := *(*uint64)(unsafe.Pointer(&ev.Data))
		if data == 0 {
			if delay != 0 {
				var b [8]byte
				read(netpollState.eventfd, unsafe.Pointer(&b), 8)
				atomic.Store(&netpollState.wakeSig, 0)
			}
			continue
		}
		pd, seq := pdUntag(data)
		if pd.fdseq&0x3fffff != seq {
			continue
		}
		err := ev.Events == linux.EPOLLERR
		if err {
			atomic.Store(&pd.everr, 1)
		} else {
			atomic.Store(&pd.everr, 0)
		}
		if ev.Events&(linux.EPOLLIN|linux.EPOLLRDHUP|linux.EPOLLHUP|linux.EPOLLERR) != 0 {
			if gp := netpollunblock(pd, 'r', true); gp != nil {
				gp.schedlink = list
				list = gp
			}
		}
		if ev.Events&(linux.EPOLLOUT|linux.EPOLLHUP|linux.EPOLLERR) != 0 {
			if gp := netpollunblock(pd, 'w', true); gp != nil {
				gp.schedlink = list
				list = gp
			}
		}
	}
	return list
}
