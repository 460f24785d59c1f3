// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Semaphores for package sync and internal/poll: goroutines wait for a uint32 of the caller to become positive, in queues
// found by its address; and the ticket queues of sync.Cond.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

const semTabSize = 251

// semaRoot is a bucket: a list of addresses (next, prev), each with its queue (waitlink).
type semaRoot struct {
	lock  mutex
	nwait atomic.Int32
	head  *sudog
	_     [40]byte
}

var semtable [semTabSize]semaRoot

func semroot(addr *uint32) *semaRoot {
	return &semtable[(uintptr(unsafe.Pointer(addr))>>3)%semTabSize]
}

func cansemacquire(addr *uint32) bool {
	for {
		v := atomic.Load(addr)
		if v == 0 {
			return false
		}
		if atomic.Cas(addr, v, v-1) {
			return true
		}
	}
}

func semacquire(addr *uint32) { semacquire1(addr, false, 0, 0, waitReasonSemacquire) }

// semacquire1 waits until *addr > 0 and decrements it. lifo: wait in front of the others.
func semacquire1(addr *uint32, lifo bool, profile int, skipframes int, reason waitReason) {
	gp := getg()
	if gp != gp.m.curg {
		throw("semacquire not on the G stack")
	}
	if cansemacquire(addr) {
		return
	}
	s := acquireSudog()
	root := semroot(addr)
	t0 := int64(0)
	if profile != 0 && (blockprofilerate > 0 || mutexprofilerate > 0) {
		t0 = cputicks()
	}
	s.acquiretime = t0
	s.releasetime = 0
	s.ticket = 0
	for {
		lock(&root.lock)
		root.nwait.Add(1)
		if cansemacquire(addr) {
			root.nwait.Add(-1)
			unlock(&root.lock)
			break
		}
		root.queue(addr, s, lifo)
		goparkunlock(&root.lock, reason)
		if s.ticket != 0 || cansemacquire(addr) {
			break
		}
	}
	if t0 != 0 {
		blockevent(cputicks()-t0, 3+skipframes)
	}
	releaseSudog(s)
}

func semrelease(addr *uint32) { semrelease1(addr, false, 0) }

// semrelease1 increments *addr and wakes a waiter. handoff: the waiter gets the count and the processor.
func semrelease1(addr *uint32, handoff bool, skipframes int) {
	root := semroot(addr)
	atomic.Xadd(addr, 1)
	if root.nwait.Load() == 0 {
		return
	}
	lock(&root.lock)
	if root.nwait.Load() == 0 {
		unlock(&root.lock)
		return
	}
	s := root.dequeue(addr)
	if s != nil {
		root.nwait.Add(-1)
	}
	unlock(&root.lock)
	if s == nil {
		return
	}
	if s.acquiretime != 0 && mutexprofilerate > 0 {
		mutexevent(cputicks()-s.acquiretime, 3+skipframes)
	}
	if handoff && cansemacquire(addr) {
		s.ticket = 1
	}
	gp := s.g
	goready(gp)
	if s.ticket == 1 && getg().m.locks == 0 {
		goyield()
	}
}

func (r *semaRoot) find(addr *uint32) *sudog {
	for t := r.head; t != nil; t = t.next {
		if t.elem == unsafe.Pointer(addr) {
			return t
		}
	}
	return nil
}

func (r *semaRoot) queue(addr *uint32, s *sudog, lifo bool) {
	s.g = getg()
	s.elem = unsafe.Pointer(addr)
	s.next = nil
	s.prev = nil
	s.waitlink = nil
	s.waittail = nil
	t := r.find(addr)
	if t == nil {
		s.next = r.head
		if r.head != nil {
			r.head.prev = s
		}
		r.head = s
		return
	}
	if lifo {
		// s takes t's place
		r.replace(t, s)
		s.waitlink = t
		s.waittail = t.waittail
		if s.waittail == nil {
			s.waittail = t
		}
		t.waittail = nil
		return
	}
	if t.waittail == nil {
		t.waitlink = s
	} else {
		t.waittail.waitlink = s
	}
	t.waittail = s
}

// replace puts s where t is in the list of addresses; s nil removes t.
func (r *semaRoot) replace(t, s *sudog) {
	prev, next := t.prev, t.next
	if s != nil {
		s.prev = prev
		s.next = next
		if prev != nil {
			prev.next = s
		} else {
			r.head = s
		}
		if next != nil {
			next.prev = s
		}
	} else {
		if prev != nil {
			prev.next = next
		} else {
			r.head = next
		}
		if next != nil {
			next.prev = prev
		}
	}
	t.next = nil
	t.prev = nil
}

func (r *semaRoot) dequeue(addr *uint32) *sudog {
	s := r.find(addr)
	if s == nil {
		return nil
	}
	if t := s.waitlink; t != nil {
		r.replace(s, t)
		if t.waitlink != nil {
			t.waittail = s.waittail
		} else {
			t.waittail = nil
		}
	} else {
		r.replace(s, nil)
	}
	s.elem = nil
	s.waitlink = nil
	s.waittail = nil
	return s
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
func sync_runtime_Semacquire(addr *uint32) { semacquire1(addr, false, 1, 0, waitReasonSemacquire) }

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
func poll_runtime_Semacquire(addr *uint32) { semacquire1(addr, false, 1, 0, waitReasonSemacquire) }

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
func sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease1(addr, handoff, skipframes)
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease1(addr, handoff, skipframes)
}

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) { semrelease(addr) }

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, 1, skipframes, waitReasonSyncMutexLock)
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, 1, skipframes, waitReasonSyncRWMutexRLock)
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire1(addr, lifo, 1, skipframes, waitReasonSyncRWMutexLock)
}

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_runtime_SemacquireWaitGroup(addr *uint32, synctestDurable bool) {
	reason := waitReasonSyncWaitGroupWait
	getg().bubbleWait = synctestDurable
	semacquire1(addr, false, 1, 0, reason)
	getg().bubbleWait = false
}

//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool {
	if i >= 4 || ncpu <= 1 || gomaxprocs <= sched.npidle+sched.nmspinning+1 {
		return false
	}
	return runqempty(getg().m.p)
}

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() { procyield(30) }

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 { return nanotime() }

//go:linkname sync_throw sync.throw
func sync_throw(s string) { throw(s) }

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) { fatal(s) }

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) { throw(s) }

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) { fatal(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { fatal(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { fatal(s) }

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { fatal(s) }

//go:linkname cgroup_throw internal/runtime/cgroup.throw
func cgroup_throw(s string) { throw(s) }

// notifyList is the wait queue of a sync.Cond: tickets are handed out in order and notified in order.
type notifyList struct {
	wait   atomic.Uint32
	notify uint32
	lock   mutex
	_      uint32
	head   *sudog
	tail   *sudog
}

func before(a, b uint32) bool { return int32(a-b) < 0 }

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 { return l.wait.Add(1) - 1 }

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, t uint32) {
	lock(&l.lock)
	if before(t, l.notify) {
		unlock(&l.lock)
		return
	}
	s := acquireSudog()
	s.g = getg()
	s.ticket = t
	s.next = nil
	if l.tail == nil {
		l.head = s
	} else {
		l.tail.next = s
	}
	l.tail = s
	goparkunlock(&l.lock, waitReasonSyncCondWait)
	releaseSudog(s)
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) {
	if l.wait.Load() == atomic.Load(&l.notify) {
		return
	}
	lock(&l.lock)
	s := l.head
	l.head = nil
	l.tail = nil
	atomic.Store(&l.notify, l.wait.Load())
	unlock(&l.lock)
	for s != nil {
		next := s.next
		s.next = nil
		goready(s.g)
		s = next
	}
}

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) {
	if l.wait.Load() == atomic.Load(&l.notify) {
		return
	}
	lock(&l.lock)
	t := l.notify
	if t == l.wait.Load() {
		unlock(&l.lock)
		return
	}
	atomic.Store(&l.notify, t+1)
	var prev *sudog
	for s := l.head; s != nil; prev, s = s, s.next {
		if s.ticket == t {
			if prev == nil {
				l.head = s.next
			} else {
				prev.next = s.next
			}
			if l.tail == s {
				l.tail = prev
			}
			unlock(&l.lock)
			s.next = nil
			goready(s.g)
			return
		}
	}
	unlock(&l.lock)
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		throw("bad notifyList size")
	}
}
