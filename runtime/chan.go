// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Channels. Whoever finds the other side waiting hands the element over directly, stack to stack, and makes the other
// runnable next on the same p.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/math"
	"unsafe"
)

type hchan struct {
	qcount   uint           // elements in the buffer
	dataqsiz uint           // size of the buffer
	buf      unsafe.Pointer // the buffer
	elemsize uint16
	synctest bool // belongs to a bubble
	closed   uint32
	timer    *timer // of a timer's channel
	elemtype *_type
	sendx    uint
	recvx    uint
	recvq    waitq
	sendq    waitq
	bubble   *synctestBubble
	lock     mutex
}

type waitq struct {
	first *sudog
	last  *sudog
}

const hchanSize = (unsafe.Sizeof(hchan{}) + 7) &^ 7

func makechan64(t *chantype, size int64) *hchan { return makechan(t, int(size)) }

func makechan(t *chantype, size int) *hchan {
	elem := t.Elem
	if elem.Size_ >= 1<<16 {
		throw("makechan: invalid channel element type")
	}
	mem, overflow := math.MulUintptr(elem.Size_, uintptr(size))
	if overflow || mem > maxAlloc-hchanSize || size < 0 {
		panic(plainError("makechan: size out of range"))
	}
	bubble := getg().syncGroup
	var c *hchan
	if mem != 0 && elem.PtrBytes == 0 && bubble == nil {
		// one object, in which the collector need not look: who waits is found from the goroutine
		c = (*hchan)(mallocgc(hchanSize+mem, nil, true))
		c.buf = add(unsafe.Pointer(c), hchanSize)
	} else if c = new(hchan); mem == 0 {
		c.buf = unsafe.Pointer(&c.buf)
	} else {
		c.buf = mallocgc(mem, elem, true)
	}
	c.elemsize = uint16(elem.Size_)
	c.elemtype = elem
	c.dataqsiz = uint(size)
	c.bubble = bubble
	return c
}

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *chantype, size int) *hchan { return makechan(t, size) }

func (c *hchan) slot(i uint) unsafe.Pointer {
	return add(c.buf, uintptr(i)*uintptr(c.elemsize))
}

func (q *waitq) enqueue(s *sudog) {
	s.next = nil
	s.prev = q.last
	if q.last == nil {
		q.first = s
	} else {
		q.last.next = s
	}
	q.last = s
}

// dequeue takes the first waiter; one in a select counts only if this is the case that wins.
func (q *waitq) dequeue() *sudog {
	for {
		s := q.first
		if s == nil {
			return nil
		}
		q.remove(s)
		if s.isSelect && !atomic.Cas(&s.g.selectDone, 0, 1) {
			continue
		}
		return s
	}
}

func (q *waitq) remove(s *sudog) {
	if s.prev != nil {
		s.prev.next = s.next
	} else if q.first == s {
		q.first = s.next
	} else {
		return // was taken
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		q.last = s.prev
	}
	s.next = nil
	s.prev = nil
}

func acquireSudog() *sudog {
	mp := acquirem()
	s := mp.freeSudog
	if s != nil {
		mp.freeSudog = s.next
		mp.freeSudogN--
		s.next = nil
		releasem(mp)
		return s
	}
	releasem(mp)
	return new(sudog)
}

func releaseSudog(s *sudog) {
	s.g = nil
	s.elem = nil
	s.c = nil
	s.isSelect = false
	s.success = false
	s.prev = nil
	s.waitlink = nil
	s.ticket = 0
	mp := acquirem()
	if mp.freeSudogN < 128 {
		s.next = mp.freeSudog
		mp.freeSudog = s
		mp.freeSudogN++
	} else {
		s.next = nil
	}
	releasem(mp)
}

func chansend1(c *hchan, elem unsafe.Pointer) { chansend(c, elem, true) }

func checkBubble(c *hchan, what string) {
	gp := getg()
	if gp == gp.m.g0 {
		return // a timer's function, for whoever looks at its channel
	}
	if c.bubble != nil && gp.syncGroup != c.bubble {
		fatal(what)
	}
}

// chansend sends *ep; without block it returns false instead of waiting.
func chansend(c *hchan, ep unsafe.Pointer, block bool) bool {
	if c == nil {
		if !block {
			return false
		}
		gopark(nil, nil, waitReasonChanSendNilChan)
		throw("unreachable")
	}
	if c.bubble != nil {
		checkBubble(c, "send on synctest channel from outside bubble")
	}
	if !block && c.closed == 0 && c.full() {
		return false
	}
	lock(&c.lock)
	if c.closed != 0 {
		unlock(&c.lock)
		panic(plainError("send on closed channel"))
	}
	if s := c.recvq.dequeue(); s != nil {
		gp := s.g
		if s.elem != nil {
			memmove(s.elem, ep, uintptr(c.elemsize))
			s.elem = nil
		}
		unlock(&c.lock)
		gp.param = unsafe.Pointer(s)
		s.success = true
		goready(gp)
		return true
	}
	if c.qcount < c.dataqsiz {
		memmove(c.slot(c.sendx), ep, uintptr(c.elemsize))
		c.sendx++
		if c.sendx == c.dataqsiz {
			c.sendx = 0
		}
		c.qcount++
		unlock(&c.lock)
		return true
	}
	if !block {
		unlock(&c.lock)
		return false
	}
	gp := getg()
	s := acquireSudog()
	s.elem = ep
	s.g = gp
	s.c = c
	gp.waiting = s
	gp.param = nil
	c.sendq.enqueue(s)
	reason := waitReasonChanSend
	if c.bubble != nil {
		reason = waitReasonSynctestChanSend
	}
	gopark(parkunlock, unsafe.Pointer(&c.lock), reason)
	keepalivePtr(ep)
	gp.waiting = nil
	closed := !s.success
	gp.param = nil
	releaseSudog(s)
	if closed {
		if c.closed == 0 {
			throw("chansend: spurious wakeup")
		}
		panic(plainError("send on closed channel"))
	}
	return true
}

// keepalivePtr keeps a pointer live up to here.
//
//go:noinline
func keepalivePtr(p unsafe.Pointer) {}

func (c *hchan) full() bool {
	if c.dataqsiz == 0 {
		return c.recvq.first == nil
	}
	return c.qcount == c.dataqsiz
}

func (c *hchan) empty() bool {
	if c.dataqsiz == 0 {
		return atomic.Loadp(unsafe.Pointer(&c.sendq.first)) == nil
	}
	if c.timer != nil {
		c.timer.maybeRunChan()
	}
	return atomic.Loaduint(&c.qcount) == 0
}

func chanrecv1(c *hchan, elem unsafe.Pointer) { chanrecv(c, elem, true) }

func chanrecv2(c *hchan, elem unsafe.Pointer) (received bool) {
	_, received = chanrecv(c, elem, true)
	return
}

// chanrecv receives into *ep (ep may be nil).
func chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {
	if c == nil {
		if !block {
			return
		}
		gopark(nil, nil, waitReasonChanReceiveNilChan)
		throw("unreachable")
	}
	if c.bubble != nil {
		checkBubble(c, "receive on synctest channel from outside bubble")
	}
	if c.timer != nil {
		c.timer.maybeRunChan()
	}
	if !block && c.empty() {
		if atomic.Load(&c.closed) == 0 {
			return
		}
		if c.empty() {
			if ep != nil {
				memclrNoHeapPointers(ep, uintptr(c.elemsize))
			}
			return true, false
		}
	}
	lock(&c.lock)
	if c.closed != 0 {
		if c.qcount == 0 {
			unlock(&c.lock)
			if ep != nil {
				memclrNoHeapPointers(ep, uintptr(c.elemsize))
			}
			return true, false
		}
	} else if s := c.sendq.dequeue(); s != nil {
		if c.dataqsiz == 0 {
			if ep != nil {
				memmove(ep, s.elem, uintptr(c.elemsize))
			}
		} else {
			// the buffer is full: take its first, the sender's goes to the end
			q := c.slot(c.recvx)
			if ep != nil {
				memmove(ep, q, uintptr(c.elemsize))
			}
			memmove(q, s.elem, uintptr(c.elemsize))
			c.recvx++
			if c.recvx == c.dataqsiz {
				c.recvx = 0
			}
			c.sendx = c.recvx
		}
		s.elem = nil
		gp := s.g
		unlock(&c.lock)
		gp.param = unsafe.Pointer(s)
		s.success = true
		goready(gp)
		return true, true
	}
	if c.qcount > 0 {
		q := c.slot(c.recvx)
		if ep != nil {
			memmove(ep, q, uintptr(c.elemsize))
		}
		memclrNoHeapPointers(q, uintptr(c.elemsize))
		c.recvx++
		if c.recvx == c.dataqsiz {
			c.recvx = 0
		}
		c.qcount--
		unlock(&c.lock)
		return true, true
	}
	if !block {
		unlock(&c.lock)
		return false, false
	}
	gp := getg()
	s := acquireSudog()
	s.elem = ep
	s.g = gp
	s.c = c
	gp.waiting = s
	gp.param = nil
	c.recvq.enqueue(s)
	reason := waitReasonChanReceive
	if c.bubble != nil {
		reason = waitReasonSynctestChanReceive
	}
	gopark(parkunlock, unsafe.Pointer(&c.lock), reason)
	keepalivePtr(ep)
	gp.waiting = nil
	ok := s.success
	gp.param = nil
	releaseSudog(s)
	return true, ok
}

func closechan(c *hchan) {
	if c == nil {
		panic(plainError("close of nil channel"))
	}
	if c.bubble != nil {
		checkBubble(c, "close of synctest channel from outside bubble")
	}
	lock(&c.lock)
	if c.closed != 0 {
		unlock(&c.lock)
		panic(plainError("close of closed channel"))
	}
	atomic.Store(&c.closed, 1)
	var list *g
	for {
		s := c.recvq.dequeue()
		if s == nil {
			break
		}
		if s.elem != nil {
			memclrNoHeapPointers(s.elem, uintptr(c.elemsize))
			s.elem = nil
		}
		list = closeWake(s, list)
	}
	for {
		s := c.sendq.dequeue()
		if s == nil {
			break
		}
		s.elem = nil
		list = closeWake(s, list)
	}
	unlock(&c.lock)
	for list != nil {
		gp := list
		list = gp.schedlink
		gp.schedlink = nil
		goready(gp)
	}
}

func closeWake(s *sudog, list *g) *g {
	gp := s.g
	gp.param = unsafe.Pointer(s)
	s.success = false
	gp.schedlink = list
	return gp
}

func selectnbsend(c *hchan, elem unsafe.Pointer) bool { return chansend(c, elem, false) }

func selectnbrecv(elem unsafe.Pointer, c *hchan) (selected, received bool) {
	return chanrecv(c, elem, false)
}

func chanlen(c *hchan) int {
	if c == nil {
		return 0
	}
	if c.timer != nil {
		return 0 // such a channel appears unbuffered
	}
	return int(c.qcount)
}

func chancap(c *hchan) int {
	if c == nil || c.timer != nil {
		return 0
	}
	return int(c.dataqsiz)
}

//go:linkname reflect_chansend reflect.chansend0
func reflect_chansend(c *hchan, elem unsafe.Pointer, nb bool) bool { return chansend(c, elem, !nb) }

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c *hchan, nb bool, elem unsafe.Pointer) (selected, received bool) {
	return chanrecv(c, elem, !nb)
}

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c *hchan) int { return chancap(c) }

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c *hchan) { closechan(c) }

//go:linkname chanbuf
func chanbuf(c *hchan, i uint) unsafe.Pointer { return c.slot(i) }
