// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The collector: stops the world, marks what is reachable with all processors that are free, starts the world, sweeps.
// Stacks, globals and the heap are read precisely, by the maps of the compiler and of the types; the records of
// goroutines, threads and processors, and frames that were stopped between two calls, conservatively.
//
// Sweeping only exchanges bitmaps: what was marked is what is allocated. It is done by allocation, span by span, and
// for the rest by the goroutine that ran the cycle, while others run already.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

const heapMinimum = 4 << 20

var gcState struct {
	running     uint32 // a cycle is being run
	cycles      uint32
	forced      uint32
	percent     int32
	memLimit    int64
	lock        mutex
	marked      uint64 // bytes marked by the last cycle
	stackScan   uint64
	globalScan  uint64
	startTime   int64
	lastGC      int64 // wall clock, ns
	pauseTotal  uint64
	pauseNs     [256]uint64
	pauseEnd    [256]uint64
	cpuNs       int64
	marking     bool
	poolCleanup func()
	blockForce  bool
	sweepDone   uint32
}

// gcTrigger: a collection starts when heapLive reaches it.
var gcTrigger uint64 = ^uint64(0)

func gcinit() {
	worldsema.sema = 1
	gcState.percent = 100
	gcState.memLimit = 1<<63 - 1
	if s := gogetenv("GOGC"); s == "off" {
		gcState.percent = -1
	} else if n, ok := atoi32(s); ok {
		gcState.percent = n
	}
	if s := gogetenv("GOMEMLIMIT"); s != "" && s != "off" {
		n, ok := parseByteCount(s)
		if !ok {
			print("GOMEMLIMIT=", s, "\n")
			throw("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`")
		}
		gcState.memLimit = n
	}
	gcSetTrigger()
}

// gcSetTrigger computes at which size of the heap the next cycle starts.
func gcSetTrigger() {
	goal := ^uint64(0)
	if p := gcState.percent; p >= 0 {
		live := gcState.marked
		goal = live + (live+gcState.stackScan+gcState.globalScan)*uint64(p)/100
		if m := heapMinimum * uint64(p) / 100; goal < m {
			goal = m
		}
	}
	if gcState.memLimit != 1<<63-1 {
		other := int64(memstatSys) - int64(mheap_.mapped) + int64(stackInUse)
		g := gcState.memLimit - other
		g -= g / 32
		if g < int64(gcState.marked)+int64(gcState.marked/16)+64<<10 {
			g = int64(gcState.marked) + int64(gcState.marked/16) + 64<<10
		}
		if uint64(g) < goal {
			goal = uint64(g)
		}
	}
	if debug.gctorture != 0 {
		goal = 0
	}
	atomic.Store64(&gcTrigger, goal)
}

// gcMaybeStart runs a cycle if the caller may.
func gcMaybeStart(mp *m) {
	gp := getg()
	if !tortureDue() || mp.locks != 0 || gp != mp.curg || mp.preemptoff != "" || gcState.blockForce || !mainStarted {
		return
	}
	if !atomic.Cas(&gcState.running, 0, 1) {
		return
	}
	if atomic.Load64(&heapLive) < gcTrigger {
		atomic.Store(&gcState.running, 0)
		return
	}
	gcCycle(false)
	atomic.Store(&gcState.running, 0)
}

// GC runs a collection, and returns when it is complete, memory freed.
func GC() {
	for !atomic.Cas(&gcState.running, 0, 1) {
		Gosched()
	}
	gcState.forced++
	gcCycle(true)
	atomic.Store(&gcState.running, 0)
	yieldToFinalizers()
}

// gcCycle is one collection.
func gcCycle(forced bool) {
	if startTime == 0 {
		startTime = startedAt()
	}
	t0 := nanotime()
	gcSweepAll() // what is left of the last one
	stopTheWorld()
	start := nanotime()
	if gcState.poolCleanup != nil {
		gcState.poolCleanup()
	}
	clearBoringCaches()
	live0 := heapLive
	gp := getg()
	gp.waitreason = waitReasonZero
	systemstack(func() {
		gcMark(gp)
	})
	end := nanotime()
	gcFinish(start, end)
	startTheWorld()
	gcSweepAll()
	if mheap_.freePages<<pageShift > heapMinimum*4 {
		systemstack(func() {
			mheap_.scavenge(2)
		})
	}
	if debug.gctrace > 0 {
		gcPrintTrace(t0, start, end, live0, forced)
	}
	wakeFinalizers()
}

// gcFinish notes the pause. World stopped.
func gcFinish(start, end int64) {
	ns := uint64(end - start)
	i := (gcState.cycles - 1) % 256
	gcState.pauseNs[i] = ns
	sec, nsec := walltime()
	gcState.lastGC = sec*1000000000 + int64(nsec)
	gcState.pauseEnd[i] = uint64(gcState.lastGC)
	gcState.pauseTotal += ns
	gcState.cpuNs += (end - start) * int64(gomaxprocs)
}

// Marking.

// workbuf is a block of addresses of objects to scan.
type workbuf struct {
	next *workbuf
	n    int
	obj  [254]uintptr
}

// gcWork is a marker's own store of work.
type gcWork struct {
	buf   *workbuf
	bytes uint64
	ring  [markRing]markSlot
	pos   uint32
	stack stackScan
}

var work struct {
	lock      mutex
	full      *workbuf
	empty     *workbuf
	nfull     int32
	single    bool  // one marker only: no atomic instructions
	helpers   int32 // markers wanted besides the one that runs the cycle
	active    int32 // markers that may still produce work
	nextStack uint32
	done      uint32
}

func getEmptyBuf() *workbuf {
	lock(&work.lock)
	b := work.empty
	if b != nil {
		work.empty = b.next
		b.next = nil
		b.n = 0
	}
	unlock(&work.lock)
	if b == nil {
		p := persistentalloc(unsafe.Sizeof(workbuf{})*8, 64)
		for i := uintptr(1); i < 8; i++ {
			putEmptyBuf((*workbuf)(add(p, i*unsafe.Sizeof(workbuf{}))))
		}
		b = (*workbuf)(p)
	}
	return b
}

func putEmptyBuf(b *workbuf) {
	lock(&work.lock)
	b.next = work.empty
	work.empty = b
	unlock(&work.lock)
}

func (w *gcWork) put(p uintptr) {
	b := w.buf
	if b.n == len(b.obj) {
		lock(&work.lock)
		b.next = work.full
		work.full = b
		atomic.Xadd(pint32(&work.nfull), 1)
		unlock(&work.lock)
		b = getEmptyBuf()
		w.buf = b
	}
	b.obj[b.n] = p
	b.n++
}

// get returns the next object, 0 when neither this marker nor the common store has one.
func (w *gcWork) get() uintptr {
	b := w.buf
	if b.n == 0 {
		w.flush()
		if b = w.buf; b.n != 0 {
			b.n--
			return b.obj[b.n]
		}
		if atomic.Load(pint32(&work.nfull)) == 0 {
			return 0
		}
		lock(&work.lock)
		f := work.full
		if f == nil {
			unlock(&work.lock)
			return 0
		}
		work.full = f.next
		atomic.Xadd(pint32(&work.nfull), -1)
		b.next = work.empty
		work.empty = b
		unlock(&work.lock)
		f.next = nil
		w.buf = f
		b = f
	}
	b.n--
	return b.obj[b.n]
}

// share gives half of a marker's work to others who have none.
func (w *gcWork) share() {
	b := w.buf
	if b.n < 8 {
		return
	}
	nb := getEmptyBuf()
	k := b.n / 2
	memmove(unsafe.Pointer(&nb.obj), unsafe.Pointer(&b.obj), uintptr(k)*8)
	memmove(unsafe.Pointer(&b.obj), unsafe.Pointer(&b.obj[k]), uintptr(b.n-k)*8)
	nb.n = k
	b.n -= k
	lock(&work.lock)
	nb.next = work.full
	work.full = nb
	atomic.Xadd(pint32(&work.nfull), 1)
	unlock(&work.lock)
}

// gcMark marks everything that is reachable. World stopped, on g0.
func gcMark(self *g) {
	for _, pp := range allp {
		pp.mcache.releaseAll()
	}
	gcState.marking = true
	w := &getg().m.p.gcw
	if w.buf == nil {
		w.buf = getEmptyBuf()
	}
	w.bytes = 0
	work.nextStack = 0
	work.single = true
	work.done = 0
	gcStartHelpers()
	w.markRoots()
	w.drainAll(self)
	// objects with weak pointers, finalizers, cleanups
	markSpecials(w, self)
	gcStopHelpers()
	for _, pp := range allp {
		pp.timers.dropDead()
	}
	gcState.marking = false
	total := uint64(0)
	for _, pp := range allp {
		total += pp.gcw.bytes
		pp.gcw.bytes = 0
	}
	for mp := allm; mp != nil; mp = mp.alllink {
		total += mp.helperWork.bytes
		mp.helperWork.bytes = 0
	}
	gcState.marked = total
	atomic.Store64(&heapLive, total)
	gcState.cycles++
	freeLargeUnmarked()
	gcQueueSweep()
	gcSetTrigger()
	shrinkStacks(self)
}

// markRoots marks what globals and the runtime's records point to.
func (w *gcWork) markRoots() {
	md := &firstmoduledata
	w.scanMask(md.data, md.edata-md.data, (*byte)(unsafe.Pointer(md.gcdatamask)))
	w.scanMask(md.bss, md.ebss-md.bss, (*byte)(unsafe.Pointer(md.gcbssmask)))
	gcState.globalScan = uint64(md.edata - md.data + md.ebss - md.bss)
	for mp := allm; mp != nil; mp = mp.alllink {
		w.scanConservative(uintptr(unsafe.Pointer(mp)), unsafe.Sizeof(m{})-unsafe.Sizeof(mp.pcCache))
	}
	for _, pp := range allp {
		w.scanConservative(uintptr(unsafe.Pointer(pp)), unsafe.Sizeof(p{}))
		pp.timers.markTimers(w)
	}
	markItabs(w)
	markSpecialRoots(w)
	gcState.stackScan = 0
}

// markItabs: method tables made at run time may be of types that reflect made.
func markItabs(w *gcWork) {
	t := itabs
	if t == nil {
		return
	}
	for i := uintptr(0); i < t.size; i++ {
		if m := (*itab)(*t.slot(i)); m != nil {
			w.maybe(uintptr(unsafe.Pointer(m.Type)))
			w.maybe(uintptr(unsafe.Pointer(m.Inter)))
		}
	}
}

// drainAll marks stacks and everything reachable; returns when no marker has work left.
func (w *gcWork) drainAll(self *g) {
	w.markStacks(self)
	w.finishDrain()
}

// markStacks scans goroutines that no other marker has taken.
func (w *gcWork) markStacks(self *g) {
	for {
		i := atomic.Xadd(&work.nextStack, 1) - 1
		if i >= uint32(len(allgs)) {
			return
		}
		w.scanGoroutine(allgs[i])
	}
}

// drain scans objects until there are none, here or in the common store.
func (w *gcWork) drain() {
	// objects whose first words are on their way into the cache: marking waits for memory most of the time
	var ahead [8]uintptr
	n := uint(0)
	for {
		p := w.get()
		if p != 0 {
			sys.Prefetch(p)
			p, ahead[n%8] = ahead[n%8], p
			n++
			if p == 0 {
				continue
			}
		} else {
			for i := 0; i < len(ahead) && p == 0; i++ {
				p, ahead[n%8] = ahead[n%8], 0
				n++
			}
			if p == 0 {
				return
			}
		}
		w.scanObject(p)
		if !work.single && atomic.Load(pint32(&work.nfull)) == 0 && w.buf.n >= 32 {
			w.share()
		}
	}
}

// mark marks the object that a precise pointer points into.
func (w *gcWork) mark(p uintptr) {
	h := &mheap_
	i := (p - h.base) >> pageShift
	if i >= h.npages {
		return
	}
	s := *h.spanSlot(i)
	if s == nil || s.state != mSpanInUse {
		return
	}
	w.markIn(s, p)
}

// maybe marks the object that a word may point into.
func (w *gcWork) maybe(p uintptr) {
	w.mark(p)
}

func (w *gcWork) markIn(s *mspan, p uintptr) {
	if p-s.start >= s.npages<<pageShift {
		return
	}
	i := s.objIndex(p)
	if i >= s.nelems {
		return
	}
	word := (*uint64)(add(unsafe.Pointer(s.markBits), uintptr(i/64)*8))
	sys.Prefetch(uintptr(unsafe.Pointer(word)))
	slot := &w.ring[w.pos%markRing]
	w.pos++
	if slot.s != nil {
		w.markObject(slot.s, slot.i)
	}
	slot.s = s
	slot.i = i
}

// markRing is how many pointers wait for the cache before their mark bits are looked at.
const markRing = 8

type markSlot struct {
	s *mspan
	i uint32
}

// flush looks at all pointers that wait.
func (w *gcWork) flush() {
	for i := range w.ring {
		slot := &w.ring[i]
		if s := slot.s; s != nil {
			slot.s = nil
			w.markObject(s, slot.i)
		}
	}
}

func (w *gcWork) markObject(s *mspan, i uint32) {
	word := (*uint64)(add(unsafe.Pointer(s.markBits), uintptr(i/64)*8))
	bit := uint64(1) << (i % 64)
	if *word&bit != 0 {
		return
	}
	// a pointer that was left behind may name a free slot
	if *(*uint64)(add(unsafe.Pointer(s.allocBits), uintptr(i/64)*8))&bit == 0 {
		return
	}
	if work.single {
		*word |= bit
	} else if atomic.Or64(word, bit)&bit != 0 {
		return
	}
	w.bytes += uint64(s.elemsize)
	if s.kind != spanNoscan {
		p := s.objBase(i)
		sys.Prefetch(p)
		w.put(p)
	}
}

const obletSize = 128 << 10

// scanObject marks what the object at p points to. p may be inside of a large object: a part of it is meant.
func (w *gcWork) scanObject(p uintptr) {
	s := spanOf(p)
	switch s.kind {
	case spanBits:
		for bits := s.heapBits(p); bits != 0; bits &= bits - 1 {
			v := *(*uintptr)(unsafe.Pointer(p + uintptr(sys.TrailingZeros64(bits))*goarch.PtrSize))
			if v != 0 {
				w.mark(v)
			}
		}
	case spanTyped:
		i := s.objIndex(p)
		t := *(**_type)(add(unsafe.Pointer(s.types), uintptr(i)*8))
		if t != nil {
			w.scanTyped(p, s.elemsize, t)
		}
	case spanLarge:
		t := s.largeType
		if t == nil {
			return
		}
		size := s.base + s.largeSize - p
		if t.Size_ <= obletSize/2 {
			step := obletSize / t.Size_ * t.Size_
			if p == s.base {
				for q := p + step; q < s.base+s.largeSize; q += step {
					w.put(q)
				}
			}
			if size > step {
				size = step
			}
		}
		w.scanTyped(p, size, t)
	}
}

// scanTyped scans an array of values of type t that fills size bytes.
func (w *gcWork) scanTyped(p, size uintptr, t *_type) {
	mask := gcMask(t)
	for end := p + size; p+t.PtrBytes <= end; p += t.Size_ {
		w.scanMask(p, t.PtrBytes, mask)
	}
}

// scanMask scans n bytes whose pointers are set bits of mask (read in words of 64 bits).
func (w *gcWork) scanMask(p, n uintptr, mask *byte) {
	for off := uintptr(0); off < n; off += 64 * goarch.PtrSize {
		bits := *(*uint64)(add(unsafe.Pointer(mask), off/64))
		if left := (n - off) / goarch.PtrSize; left < 64 {
			bits &= 1<<left - 1
		}
		for ; bits != 0; bits &= bits - 1 {
			v := *(*uintptr)(unsafe.Pointer(p + off + uintptr(sys.TrailingZeros64(bits))*goarch.PtrSize))
			if v != 0 {
				w.mark(v)
			}
		}
	}
}

func (w *gcWork) scanConservative(p, n uintptr) {
	for end := p + n; p+goarch.PtrSize <= end; p += goarch.PtrSize {
		w.maybe(*(*uintptr)(unsafe.Pointer(p)))
	}
}

// scanGoroutine marks what a goroutine's record and stack point to.
func (w *gcWork) scanGoroutine(gp *g) {
	switch readgstatus(gp) {
	case _Gdead, _Gidle:
		return
	}
	w.stack.start(gp.stack)
	// not the stack's own bounds: what lies right behind it is no use of the object there
	bounds := unsafe.Offsetof(gp.m)
	w.scanStackWords(uintptr(unsafe.Pointer(gp))+bounds, unsafe.Sizeof(g{})-bounds)
	for s := gp.waiting; s != nil; s = s.waitlink {
		w.word(uintptr(s.elem))
	}
	// A record in a frame may hang on one on the heap, from where nothing else leads into the stack.
	for d := gp._defer; d != nil; d = d.link {
		w.scanStackWords(uintptr(unsafe.Pointer(d)), unsafe.Sizeof(*d))
	}
	var u unwinder
	for u.init(gp); u.valid(); u.next() {
		w.scanFrame(gp, &u)
	}
	if u.failed {
		print("runtime: goroutine ", gp.goid, ": cannot unwind at pc=", hex(u.frame.pc), " sp=", hex(u.frame.sp), " stack=[",
			hex(gp.stack.lo), ",", hex(gp.stack.hi), "] ", funcname(u.frame.f), "\n")
		throw("gc: incomplete stack")
	}
	w.followStack()
}

// scanStackWords is scanConservative for what may point into the stack.
func (w *gcWork) scanStackWords(p, n uintptr) {
	for end := p + n; p+goarch.PtrSize <= end; p += goarch.PtrSize {
		w.word(*(*uintptr)(unsafe.Pointer(p)))
	}
}

func (w *gcWork) scanFrame(gp *g, u *unwinder) {
	fr := &u.frame
	if u.interrupted && !u.faulted {
		// stopped between calls: any word of the frame may be a pointer, and so may the saved registers below it
		w.scanStackWords(u.prevsp, fr.fp-u.prevsp)
	} else {
		if nbit, bits := fr.localBits(); nbit > 0 {
			w.scanFrameBits(fr.varp-uintptr(nbit)*goarch.PtrSize, nbit, bits)
		}
		w.collectVars(fr)
	}
	nbit, bits, small := fr.argBits(gp)
	if bits != nil {
		w.scanFrameBits(fr.argp, nbit, bits)
	} else {
		for i := uintptr(0); small != 0; i++ {
			if small&1 != 0 {
				w.word(*(*uintptr)(unsafe.Pointer(fr.argp + i*goarch.PtrSize)))
			}
			small >>= 1
		}
	}
	if isReflectStub(fr.f) {
		w.word(*(*uintptr)(unsafe.Pointer(fr.sp)))
		for i := uintptr(0); i < 9; i++ {
			w.word(*(*uintptr)(unsafe.Pointer(fr.sp + 40 + 192 + i*8)))
		}
		if n, data := reflectStubArgs(fr); n > 0 {
			w.scanFrameBits(fr.argp, int32(n), data)
		}
	}
}

func (w *gcWork) scanFrameBits(base uintptr, nbit int32, bits *byte) {
	for i := int32(0); i < nbit; i += 8 {
		b := *(*byte)(add(unsafe.Pointer(bits), uintptr(i/8)))
		if nbit-i < 8 {
			b &= 1<<uint(nbit-i) - 1
		}
		for j := uintptr(0); b != 0; j++ {
			if b&1 != 0 {
				if v := *(*uintptr)(unsafe.Pointer(base + (uintptr(i)+j)*goarch.PtrSize)); v != 0 {
					w.word(v)
				}
			}
			b >>= 1
		}
	}
}

// isMarked says whether the object at an address was reached. Not heap: true.
func isMarked(p uintptr) bool {
	_, s, i := findObject(p)
	if s == nil {
		return true
	}
	return *(*uint64)(add(unsafe.Pointer(s.markBits), uintptr(i/64)*8))>>(i%64)&1 != 0
}

// Sweeping.

// sweep makes what was not marked free. s is in no list.
func (s *mspan) sweep() {
	live := uint32(0)
	for i := uintptr(0); i < uintptr(s.nwords); i++ {
		live += uint32(sys.OnesCount64(*(*uint64)(add(unsafe.Pointer(s.markBits), i*8))))
	}
	freed := s.allocCount - live
	if debug.gctorture != 0 {
		s.clobberFreed()
	}
	if freed != 0 {
		atomic.Xadd64(&memstatFrees, int64(freed))
		atomic.Xadd64(&memstatFreed, int64(uintptr(freed)*s.elemsize))
		atomic.Xadd64(&sizeFrees[s.class.sizeclass()], int64(freed))
		s.needzero = true
	}
	s.allocCount = live
	a := s.allocBits
	s.allocBits = s.markBits
	s.markBits = a
	for i := uintptr(0); i < uintptr(s.nwords); i++ {
		*(*uint64)(add(unsafe.Pointer(a), i*8)) = 0
	}
	s.swept = true
}

// queueSweep puts all spans of objects into their lists of unswept ones. World stopped.
func gcQueueSweep() {
	for i := range mheap_.central {
		c := &mheap_.central[i]
		c.unswept.takeAll(&c.partial)
		c.unswept.takeAll(&c.full)
	}
}

// gcSweepAll sweeps everything that allocation has not swept yet.
func gcSweepAll() {
	for i := range mheap_.central {
		if mheap_.central[i].unswept.first != nil {
			c := &mheap_.central[i]
			systemstack(func() {
				c.sweepAll()
			})
		}
	}
}

// freeLargeUnmarked frees large objects that were not reached. World stopped.
func freeLargeUnmarked() {
	h := &mheap_
	for s := h.large.first; s != nil; {
		next := s.next
		if *s.markBits == 0 {
			h.large.remove(s)
			memstatFrees++
			memstatFreed += uint64(s.elemsize)
			sizeFrees[0]++
			if debug.gctorture != 0 {
				clobber(s.base, s.npages<<pageShift, tortureFreed)
			}
			h.freeSpan(s)
		} else {
			*s.markBits = 0
		}
		s = next
	}
}

// gcReclaim tries hard to free memory before giving up: nothing can be done while a caller may hold locks.
func gcReclaim() {
	for i := range mheap_.central {
		mheap_.central[i].sweepAll()
	}
}

// sweepAll sweeps what is left; spans without any object go back to the heap.
func (c *mcentral) sweepAll() {
	if c.unswept.first == nil {
		return
	}
	for n := 0; ; n++ {
		lock(&c.lock)
		s := c.unswept.first
		if s == nil {
			unlock(&c.lock)
			return
		}
		c.unswept.remove(s)
		unlock(&c.lock)
		s.sweep()
		if s.allocCount == 0 {
			mheap_.freeSpan(s)
			continue
		}
		lock(&c.lock)
		if s.allocCount < s.nelems {
			c.partial.insert(s)
		} else {
			c.full.insert(s)
		}
		unlock(&c.lock)
	}
}

// shrinkStacks halves stacks that are much too large. World stopped.
func shrinkStacks(self *g) {
	for i := 0; i < len(allgs); i++ {
		gp := allgs[i]
		st := readgstatus(gp)
		if gp == self || st != _Gwaiting && st != _Grunnable || gp.asyncSafe || gp.waiting != nil || gp.syscallsp != 0 ||
			gp.stack.hi-gp.stack.lo <= 16<<10 || gp.coroarg != nil {
			continue
		}
		shrinkstack(gp)
	}
}
