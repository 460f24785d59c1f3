// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Timers: a 4-ary heap per p, kept in order eagerly: stopping and resetting are done at once under the heap's lock.
// Threads that look for work run what is due; the one that sleeps sleeps until the earliest.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// timer is the runtime's part of time.Timer and time.Ticker, and what sleeping goroutines and deadlines use.
type timer struct {
	lock   mutex // guards heap membership and the fields below against stop and reset
	ts     *timerHeap
	i      int32 // position in the heap, -1 = not there
	isChan bool
	when   int64
	period int64
	f      func(arg any, seq uintptr, delta int64)
	arg    any
	seq    uintptr
	bubble *synctestBubble
	order  uint32 // of timers of a bubble that are due at one instant: random, or programs would rely on it
}

// timeTimer is what package time sees of a timer: its first two words.
type timeTimer struct {
	c    unsafe.Pointer
	init bool
	timer
}

type timerEntry struct {
	when int64
	t    *timer
}

// timerHeap is a p's (or a bubble's) timers.
type timerHeap struct {
	lock   mutex
	count  int32
	first  int64 // time of the earliest, 0 = none
	heap   []timerEntry
	bubble *synctestBubble
}

func (h *timerHeap) n() int32        { return int32(atomic.Load(pint32(&h.count))) }
func (h *timerHeap) wakeTime() int64 { return atomic.Loadint64(&h.first) }

func (h *timerHeap) due(now int64) bool {
	w := h.wakeTime()
	return w != 0 && w <= now
}

// timersEarliest is the time of the earliest timer of all ps, 0 = none.
func timersEarliest() int64 {
	best := int64(0)
	for _, pp := range allp {
		if w := pp.timers.wakeTime(); w != 0 && (best == 0 || w < best) {
			best = w
		}
	}
	return best
}

func (e *timerEntry) before(o *timerEntry) bool {
	return e.when < o.when || e.when == o.when && e.t.order < o.t.order
}

func (h *timerHeap) up(i int) {
	e := h.heap[i]
	for i > 0 {
		p := (i - 1) / 4
		if !e.before(&h.heap[p]) {
			break
		}
		h.heap[i] = h.heap[p]
		h.heap[i].t.i = int32(i)
		i = p
	}
	h.heap[i] = e
	e.t.i = int32(i)
}

func (h *timerHeap) down(i int) {
	n := len(h.heap)
	e := h.heap[i]
	for {
		c := 4*i + 1
		if c >= n {
			break
		}
		best := c
		for k := c + 1; k < c+4 && k < n; k++ {
			if h.heap[k].before(&h.heap[best]) {
				best = k
			}
		}
		if !h.heap[best].before(&e) {
			break
		}
		h.heap[i] = h.heap[best]
		h.heap[i].t.i = int32(i)
		i = best
	}
	h.heap[i] = e
	e.t.i = int32(i)
}

func (h *timerHeap) changed() {
	w := int64(0)
	if len(h.heap) > 0 {
		w = h.heap[0].when
		if w <= 0 {
			w = 1
		}
	}
	atomic.Storeint64(&h.first, w)
	atomic.Store(pint32(&h.count), uint32(len(h.heap)))
}

// add puts a timer into the heap; both are locked. True when it now is the earliest.
func (h *timerHeap) add(t *timer) bool {
	t.ts = h
	if len(h.heap) == cap(h.heap) {
		h.growHeap()
	}
	h.heap = h.heap[:len(h.heap)+1]
	i := len(h.heap) - 1
	h.heap[i] = timerEntry{t.when, t}
	h.up(i)
	h.changed()
	return t.i == 0
}

func (h *timerHeap) growHeap() {
	n := 2 * cap(h.heap)
	if n == 0 {
		n = 8
	}
	var nh []timerEntry
	if h.bubble != nil {
		nh = make([]timerEntry, n)
	} else {
		// the collector looks at the timers of a p by itself: markTimers
		nh = unsafe.Slice((*timerEntry)(mallocgc(uintptr(n)*unsafe.Sizeof(timerEntry{}), nil, true)), n)
	}
	nh = nh[:len(h.heap)]
	copy(nh, h.heap)
	h.heap = nh
}

// markTimers marks a p's timers, but for those of channels: these need not fire where nobody has the channel.
func (h *timerHeap) markTimers(w *gcWork) {
	for i := range h.heap {
		if t := h.heap[i].t; !t.isChan {
			w.maybe(uintptr(unsafe.Pointer(t)))
		}
	}
}

// dropDead forgets the timers that were not marked.
func (h *timerHeap) dropDead() {
	n := 0
	for _, e := range h.heap {
		if e.t.isChan && !isMarked(uintptr(unsafe.Pointer(e.t))) {
			continue // its memory is freed
		}
		h.heap[n] = e
		e.t.i = int32(n)
		n++
	}
	if n == len(h.heap) {
		return
	}
	clear(h.heap[n:])
	h.heap = h.heap[:n]
	for i := (n+2)/4 - 1; i >= 0; i-- {
		h.down(i)
	}
	h.changed()
}

func (h *timerHeap) remove(t *timer) {
	i := int(t.i)
	last := len(h.heap) - 1
	if i != last {
		h.heap[i] = h.heap[last]
		h.heap[i].t.i = int32(i)
	}
	h.heap[last] = timerEntry{}
	h.heap = h.heap[:last]
	if i != last {
		h.down(i)
		h.up(int(h.heap[i].t.i))
	}
	t.i = -1
	t.ts = nil
	h.changed()
}

// moveTo hands all timers to another heap (a p goes away; the world is stopped).
func (h *timerHeap) moveTo(o *timerHeap) {
	for _, e := range h.heap {
		e.t.i = -1
		o.add(e.t)
	}
	h.heap = nil
	h.changed()
}

// heapFor is the heap a timer is put into: the current p's, or its bubble's.
func (t *timer) heapFor() *timerHeap {
	if t.bubble != nil {
		return &t.bubble.timers
	}
	return &getg().m.p.timers
}

// start makes the timer fire at when; t.lock is held, the timer is not in a heap. Returns whether a sleeper must know.
func (t *timer) start(when int64) bool {
	if when < 0 {
		when = 1<<63 - 1
	}
	t.when = when
	if t.bubble != nil {
		t.order = cheaprand()
	}
	h := t.heapFor()
	lock(&h.lock)
	first := h.add(t)
	unlock(&h.lock)
	return first && t.bubble == nil
}

// stop takes the timer out of its heap; t.lock is held. True when it was there.
func (t *timer) unheap() bool {
	h := t.ts
	if h == nil {
		return false
	}
	lock(&h.lock)
	was := t.ts == h && t.i >= 0
	if was {
		h.remove(t)
	}
	unlock(&h.lock)
	return was
}

// timeNow is the clock that a timer goes by.
func (h *timerHeap) now() int64 {
	if h.bubble != nil {
		return h.bubble.now
	}
	return nanotime()
}

// run runs the timers that are due; returns the time it looked at.
func (h *timerHeap) run(now int64) int64 {
	if now == 0 {
		now = h.now()
	}
	if !h.due(now) {
		return now
	}
	for {
		lock(&h.lock)
		if len(h.heap) == 0 || h.heap[0].when > now {
			unlock(&h.lock)
			return now
		}
		t := h.heap[0].t
		if t.when > h.heap[0].when {
			// put off by reset, without moving it
			h.heap[0].when = t.when
			h.down(0)
			h.changed()
			unlock(&h.lock)
			continue
		}
		delta := now - t.when
		f, arg, seq := t.f, t.arg, t.seq
		if t.isChan {
			// the value is sent before the timer leaves the heap, and under the heap's lock, so that a stop or
			// reset that comes now waits and then finds the value to drop
			t.call(f, arg, seq, delta)
		}
		if t.period > 0 {
			next := t.when + t.period*(1+delta/t.period)
			if next < 0 {
				next = 1<<63 - 1
			}
			t.when = next
			h.heap[0].when = next
			h.down(0)
			h.changed()
		} else {
			h.remove(t)
		}
		unlock(&h.lock)
		if !t.isChan {
			t.call(f, arg, seq, delta)
		}
	}
}

// call calls the timer's function, as a member of the timer's bubble.
func (t *timer) call(f func(any, uintptr, int64), arg any, seq uintptr, delta int64) {
	if t.bubble != nil {
		t.bubble.runTimer(f, arg, seq, delta)
		return
	}
	f(arg, seq, delta)
}

// runBubbled fires a bubble's timer that is due already: its clock does not advance before all goroutines are blocked.
func (t *timer) runBubbled(when int64) {
	if b := t.bubble; b != nil && when <= b.now {
		systemstack(func() {
			b.timers.run(b.now)
		})
	}
}

// maybeRunChan lets a channel's timer fire if it is due and nobody had reason to look yet.
func (t *timer) maybeRunChan() {
	h := t.ts
	if h == nil || h.bubble != nil && getg().syncGroup != h.bubble {
		return
	}
	if t.when > h.now() {
		return
	}
	systemstack(func() {
		h.run(0)
	})
}

// clearChan drops a value that a stopped or reset timer had sent.
func (t *timer) clearChan(c *hchan) bool {
	if c == nil {
		return false
	}
	lock(&c.lock)
	had := c.qcount > 0
	if had {
		memclrNoHeapPointers(c.slot(c.recvx), uintptr(c.elemsize))
		c.recvx++
		if c.recvx == c.dataqsiz {
			c.recvx = 0
		}
		c.qcount = 0
		c.sendx = c.recvx
	}
	unlock(&c.lock)
	return had
}

// Package time.

//go:linkname time_Sleep time.Sleep
func time_Sleep(ns int64) {
	if ns <= 0 {
		return
	}
	gp := getg()
	t := gp.timer
	if t == nil {
		t = new(timer)
		t.i = -1
		t.f = goroutineReady
		gp.timer = t
	}
	t.arg = gp
	t.bubble = gp.syncGroup
	now := nanotime()
	if gp.syncGroup != nil {
		now = gp.syncGroup.now
	}
	when := now + ns
	if when < 0 {
		when = 1<<63 - 1
	}
	gp.sleepWhen = when
	gopark(startSleep, unsafe.Pointer(t), waitReasonSleep)
}

// startSleep runs after the goroutine is parked, or the timer could fire before.
func startSleep(gp *g, p unsafe.Pointer) bool {
	t := (*timer)(p)
	lock(&t.lock)
	first := t.start(gp.sleepWhen)
	unlock(&t.lock)
	if first {
		timerAdded(gp.sleepWhen)
	}
	return true
}

// timerAdded: a timer became the earliest of its p. The p's own thread is awake; if another one sleeps in the poller
// for longer than that, wake it only when nobody would look in time.
func timerAdded(when int64) {
	if atomic.Load(&sched.poller) != 0 {
		if u := atomic.Loadint64(&sched.pollUntil); u == 0 || u > when {
			netpollBreak()
		}
	}
}

func goroutineReady(arg any, _ uintptr, _ int64) {
	goready(arg.(*g))
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer {
	tt := new(timeTimer)
	t := &tt.timer
	t.i = -1
	t.f = f
	t.arg = arg
	t.period = period
	t.bubble = getg().syncGroup
	if c != nil {
		t.isChan = true
		c.timer = t
	}
	tt.init = true
	mp := acquirem()
	lock(&t.lock)
	first := t.start(when)
	unlock(&t.lock)
	releasem(mp)
	if first {
		timerAdded(when)
	}
	t.runBubbled(when)
	return tt
}

//go:linkname stopTimer time.stopTimer
func stopTimer(tt *timeTimer) bool {
	t := &tt.timer
	if t.isChan {
		t.maybeRunChan()
	}
	checkTimerBubble(t, "stop of synctest timer from outside bubble")
	mp := acquirem()
	lock(&t.lock)
	was := t.unheap()
	if t.isChan && t.clearChan((*hchan)(tt.c)) {
		was = true
	}
	unlock(&t.lock)
	releasem(mp)
	return was
}

func checkTimerBubble(t *timer, msg string) {
	if t.bubble != nil && t.bubble != getg().syncGroup {
		fatal(msg)
	}
}

//go:linkname resetTimer time.resetTimer
func resetTimer(tt *timeTimer, when, period int64) bool {
	t := &tt.timer
	checkTimerBubble(t, "reset of synctest timer from outside bubble")
	return t.reset(when, period, (*hchan)(tt.c))
}

func (t *timer) reset(when, period int64, c *hchan) bool {
	mp := acquirem()
	lock(&t.lock)
	was := false
	first := false
	if t.putOff(when, period) {
		was = true
		if t.isChan {
			t.clearChan(c)
		}
	} else {
		was = t.unheap()
		if t.isChan && t.clearChan(c) {
			was = true
		}
		t.period = period
		first = t.start(when)
	}
	unlock(&t.lock)
	releasem(mp)
	if first {
		timerAdded(when)
	}
	t.runBubbled(when)
	return was
}

// putOff makes a timer that is in a heap fire later than it would, leaving it where it is: it moves when its old time comes.
func (t *timer) putOff(when, period int64) bool {
	h := t.ts
	if h == nil || when < 0 {
		return false
	}
	lock(&h.lock)
	ok := t.ts == h && t.i >= 0 && when >= h.heap[t.i].when
	if ok {
		t.when = when
		t.period = period
	}
	unlock(&h.lock)
	return ok
}

// modify is for the runtime's own timers: sets everything and starts it.
func (t *timer) modify(when int64, f func(arg any, seq uintptr, delta int64), arg any, seq uintptr) {
	mp := acquirem()
	lock(&t.lock)
	t.unheap()
	t.f = f
	t.arg = arg
	t.seq = seq
	t.bubble = nil
	t.period = 0
	first := t.start(when)
	unlock(&t.lock)
	releasem(mp)
	if first {
		timerAdded(when)
	}
}

func (t *timer) initTimer() { t.i = -1 }

func (t *timer) stop() bool {
	mp := acquirem()
	lock(&t.lock)
	was := t.unheap()
	unlock(&t.lock)
	releasem(mp)
	return was
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := getg().syncGroup; b != nil {
		return b.now
	}
	return nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if b := getg().syncGroup; b != nil {
		// without a monotonic reading: times from inside and outside would be compared by it
		return b.now / 1000000000, int32(b.now % 1000000000), 0
	}
	return time_now()
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	sec, nsec = walltime()
	return sec, nsec, nanotime()
}

//go:linkname fips_monoTime crypto/internal/fips140deps/time.monoTime
func fips_monoTime() int64 { return nanotime() }

//go:linkname haveHighResSleep
var haveHighResSleep = true
