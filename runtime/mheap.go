// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Pages of the heap. One contiguous range of addresses is reserved at the first allocation; it becomes usable from its
// beginning, as far as pages are needed. A table with one word per page leads from an address to its span. Free runs of
// pages are spans too: in lists by length, and joined with free neighbours at once.

package runtime

import (
	"internal/runtime/gc"
	"internal/runtime/sys"
	"unsafe"
)

const (
	pageShift = gc.PageShift
	pageSize  = 1 << pageShift

	heapReserve = 1 << 39 // addresses asked for; halved as long as the system refuses
	heapChunk0  = 1 << 20 // made usable first
	heapChunk   = 4 << 20 // later

	maxSmallPages = 128 // free runs below this length have a list per length
)

type spanState uint8

const (
	mSpanDead   spanState = iota // record not in use
	mSpanFree                    // pages free
	mSpanInUse                   // objects
	mSpanManual                  // a stack
)

// Where an in-use span keeps its pointer maps.
type spanKind uint8

const (
	spanNoscan spanKind = iota // no pointers
	spanBits                   // one bit per word in the first 128 bytes of the (one-page) span
	spanTyped                  // a type per object beside the mark bits
	spanLarge                  // one object, its type in the record
	spanStack
)

type spanClass uint8

func makeSpanClass(sizeclass uint8, noscan bool) spanClass {
	return spanClass(sizeclass<<1) | spanClass(bool2int(noscan))
}

func (sc spanClass) sizeclass() uint8 { return uint8(sc >> 1) }
func (sc spanClass) noscan() bool     { return sc&1 != 0 }

const numSpanClasses = gc.NumSizeClasses << 1

// mspan is a run of pages.
type mspan struct {
	_        sys.NotInHeap
	next     *mspan
	prev     *mspan
	base     uintptr
	start    uintptr // of the first object
	npages   uintptr
	elemsize uintptr

	allocCache uint64 // set bits = free objects among the 64 from cacheBase on
	cacheBase  uint32
	nelems     uint32
	divMagic   uint32
	allocCount uint32 // live objects as of the last sweep or hand-out
	state      spanState
	kind       spanKind
	class      spanClass
	needzero   bool // pages may hold old data
	swept      bool // of the current cycle
	cached     bool
	scavenged  bool  // free pages given back to the system
	freeAge    uint8 // collections a free run has survived

	nwords    uint32  // words of each bitmap
	allocBits *uint64 // set = in use
	markBits  *uint64
	types     **_type // spanTyped: per object
	largeType *_type
	largeSize uintptr
}

type mSpanList struct {
	first *mspan
	last  *mspan
}

func (l *mSpanList) insert(s *mspan) {
	s.prev = nil
	s.next = l.first
	if l.first != nil {
		l.first.prev = s
	} else {
		l.last = s
	}
	l.first = s
}

func (l *mSpanList) remove(s *mspan) {
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		l.first = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		l.last = s.prev
	}
	s.next = nil
	s.prev = nil
}

// takeAll appends all spans of o, which is empty afterwards.
func (l *mSpanList) takeAll(o *mSpanList) {
	if o.first == nil {
		return
	}
	if l.last == nil {
		l.first = o.first
	} else {
		l.last.next = o.first
		o.first.prev = l.last
	}
	l.last = o.last
	o.first = nil
	o.last = nil
}

type mheap struct {
	lock        mutex
	base        uintptr // of the reserved range
	reserved    uintptr // bytes
	spans       uintptr // table of *mspan, one per page
	mapped      uintptr // bytes usable from base on
	spansMapped uintptr
	npages      uintptr // pages that belong to spans (free or not)

	free      [maxSmallPages]mSpanList // index = pages
	freeLarge mSpanList
	freeMask  [maxSmallPages / 64]uint64 // lists that are not empty

	freePages uintptr
	freeScav  uintptr   // of them, given back
	spanRecs  *mspan    // unused records
	large     mSpanList // in-use spans of one large object
	central   [numSpanClasses]mcentral
	side      [65]uintptr // free blocks beside spans, by 16 bytes
	sideLock  mutex
}

var mheap_ mheap

func (h *mheap) spanSlot(i uintptr) **mspan {
	return (**mspan)(unsafe.Pointer(h.spans + i*8))
}

// spanOf returns the span that an address belongs to, whatever its state, or nil.
func spanOf(p uintptr) *mspan {
	h := &mheap_
	i := (p - h.base) >> pageShift
	if i >= h.npages {
		return nil
	}
	return *h.spanSlot(i)
}

// spanOfHeap returns the span of objects that p points into, or nil.
func spanOfHeap(p uintptr) *mspan {
	s := spanOf(p)
	if s == nil || s.state != mSpanInUse || p-s.base >= s.npages<<pageShift {
		return nil
	}
	return s
}

// reserve gets the range of addresses.
func (h *mheap) reserve() {
	n := uintptr(heapReserve)
	for {
		tab := n >> pageShift * 8
		p, err := mmap(0xc000000000-tab, n+tab, _PROT_NONE, _MAP_PRIVATE|_MAP_ANON|_MAP_NORESERVE)
		if err == 0 {
			h.spans = p
			h.base = alignUp(p+tab, heapChunk)
			h.reserved = alignDown(p+tab+n-h.base, pageSize)
			return
		}
		n /= 2
		if n < 64<<20 {
			throw("runtime: cannot reserve heap address space")
		}
	}
}

// grow makes at least npages more pages usable and frees them. h.lock is held.
func (h *mheap) grow(npages uintptr) bool {
	if h.base == 0 {
		h.reserve()
	}
	need := npages << pageShift
	if last := h.lastFree(); last != nil && !last.scavenged {
		need -= last.npages << pageShift
	}
	avail := h.mapped - h.npages<<pageShift
	if avail < need {
		chunk := uintptr(heapChunk)
		if h.mapped < heapChunk {
			chunk = heapChunk0
		}
		ask := alignUp(need-avail, chunk)
		if h.mapped+ask > h.reserved {
			ask = alignUp(need-avail, pageSize)
			if h.mapped+ask > h.reserved {
				return false
			}
		}
		at := h.base + h.mapped
		if mprotect(at, ask, _PROT_READ|_PROT_WRITE) != 0 {
			return false
		}
		h.mapped += ask
		memstatSys += uint64(ask)
		tab := alignUp(h.mapped>>pageShift*8, 64<<10)
		if tab > h.spansMapped {
			if mprotect(h.spans+h.spansMapped, tab-h.spansMapped, _PROT_READ|_PROT_WRITE) != 0 {
				return false
			}
			h.spansMapped = tab
		}
	}
	// hand out what was asked for, small programs in pieces of 32 pages
	n := alignUp(need>>pageShift, 32)
	if room := (h.mapped - h.npages<<pageShift) >> pageShift; n > room {
		n = room
	}
	s := h.newRecord()
	s.base = h.base + h.npages<<pageShift
	s.npages = n
	s.needzero = false
	h.npages += n
	h.insertFree(s)
	return true
}

// lastFree is the free span at the end of the pages in use, if there is one.
func (h *mheap) lastFree() *mspan {
	if h.npages == 0 {
		return nil
	}
	s := *h.spanSlot(h.npages - 1)
	if s.state == mSpanFree {
		return s
	}
	return nil
}

func (h *mheap) newRecord() *mspan {
	s := h.spanRecs
	if s != nil {
		h.spanRecs = s.next
		*s = mspan{}
		return s
	}
	const batch = 16
	p := persistentalloc(unsafe.Sizeof(mspan{})*batch, 8)
	for i := uintptr(1); i < batch; i++ {
		r := (*mspan)(add(p, i*unsafe.Sizeof(mspan{})))
		r.next = h.spanRecs
		h.spanRecs = r
	}
	return (*mspan)(p)
}

func (h *mheap) freeRecord(s *mspan) {
	s.state = mSpanDead
	s.next = h.spanRecs
	h.spanRecs = s
}

func (h *mheap) freeList(n uintptr) *mSpanList {
	if n < maxSmallPages {
		return &h.free[n]
	}
	return &h.freeLarge
}

func (h *mheap) removeFree(s *mspan) {
	l := h.freeList(s.npages)
	l.remove(s)
	if s.npages < maxSmallPages && l.first == nil {
		h.freeMask[s.npages/64] &^= 1 << (s.npages % 64)
	}
	h.freePages -= s.npages
	if s.scavenged {
		h.freeScav -= s.npages
	}
}

// insertFree frees the pages of s, a record outside of all lists, and joins them with free neighbours.
func (h *mheap) insertFree(s *mspan) {
	i := (s.base - h.base) >> pageShift
	if i > 0 {
		if t := *h.spanSlot(i - 1); t != nil && t.state == mSpanFree && t.scavenged == s.scavenged {
			h.removeFree(t)
			s.base = t.base
			s.npages += t.npages
			s.needzero = s.needzero || t.needzero
			i -= t.npages
			h.freeRecord(t)
		}
	}
	if i+s.npages < h.npages {
		if t := *h.spanSlot(i + s.npages); t != nil && t.state == mSpanFree && t.scavenged == s.scavenged {
			h.removeFree(t)
			s.npages += t.npages
			s.needzero = s.needzero || t.needzero
			h.freeRecord(t)
		}
	}
	s.state = mSpanFree
	s.kind = 0
	s.freeAge = 0
	*h.spanSlot(i) = s
	*h.spanSlot(i + s.npages - 1) = s
	h.freeList(s.npages).insert(s)
	if s.npages < maxSmallPages {
		h.freeMask[s.npages/64] |= 1 << (s.npages % 64)
	}
	h.freePages += s.npages
	if s.scavenged {
		h.freeScav += s.npages
	}
}

// findFree returns the shortest free run of at least n pages, or nil.
func (h *mheap) findFree(n uintptr) *mspan {
	if n < maxSmallPages {
		w := n / 64
		m := h.freeMask[w] >> (n % 64) << (n % 64)
		for {
			if m != 0 {
				return h.free[w*64+uintptr(sys.TrailingZeros64(m))].first
			}
			w++
			if w == maxSmallPages/64 {
				break
			}
			m = h.freeMask[w]
		}
	}
	var best *mspan
	for s := h.freeLarge.first; s != nil; s = s.next {
		if s.npages >= n && (best == nil || s.npages < best.npages || s.npages == best.npages && s.base < best.base) {
			best = s
		}
	}
	return best
}

// allocSpan takes npages pages out of the free ones. elemsize 0: the caller fills in the rest.
func (h *mheap) allocSpan(npages uintptr, kind spanKind, class spanClass, zero bool) *mspan {
	lock(&h.lock)
	s := h.findFree(npages)
	if s == nil {
		if !h.grow(npages) {
			unlock(&h.lock)
			return nil
		}
		s = h.findFree(npages)
		if s == nil {
			unlock(&h.lock)
			return nil
		}
	}
	h.removeFree(s)
	if s.npages > npages {
		rest := h.newRecord()
		rest.base = s.base + npages<<pageShift
		rest.npages = s.npages - npages
		rest.needzero = s.needzero
		rest.scavenged = s.scavenged
		s.npages = npages
		s.state = kindState(kind)
		// so that the rest isn't joined again
		*h.spanSlot((s.base-h.base)>>pageShift + npages - 1) = s
		h.insertFree(rest)
	}
	s.state = kindState(kind)
	s.scavenged = false
	s.kind = kind
	s.class = class
	s.next = nil
	s.prev = nil
	i := (s.base - h.base) >> pageShift
	for j := uintptr(0); j < npages; j++ {
		*h.spanSlot(i + j) = s
	}
	unlock(&h.lock)
	return s
}

func kindState(k spanKind) spanState {
	if k == spanStack {
		return mSpanManual
	}
	return mSpanInUse
}

// freeSpan gives the pages of an in-use span back.
func (h *mheap) freeSpan(s *mspan) {
	h.freeSide(s)
	h.freeManual(s)
}

func (h *mheap) freeManual(s *mspan) {
	lock(&h.lock)
	s.needzero = true
	s.scavenged = false
	s.elemsize = 0
	s.largeType = nil
	s.cached = false
	h.insertFree(s)
	unlock(&h.lock)
}

// Side memory of spans: bitmaps and type arrays, in multiples of 16 bytes.

func (h *mheap) sideAlloc(n uintptr) unsafe.Pointer {
	n = alignUp(n, 16)
	if n > 1024 {
		return persistentalloc(n, 8)
	}
	lock(&h.sideLock)
	l := &h.side[n/16]
	p := *l
	if p != 0 {
		*l = *(*uintptr)(unsafe.Pointer(p))
		unlock(&h.sideLock)
		memclrNoHeapPointers(unsafe.Pointer(p), n)
		return unsafe.Pointer(p)
	}
	unlock(&h.sideLock)
	return persistentalloc(n, 8)
}

func (h *mheap) sideFree(p unsafe.Pointer, n uintptr) {
	n = alignUp(n, 16)
	if n > 1024 {
		return // only bitmaps of spans that are never made
	}
	lock(&h.sideLock)
	*(*uintptr)(p) = h.side[n/16]
	h.side[n/16] = uintptr(p)
	unlock(&h.sideLock)
}

// initObjects prepares an in-use span for objects of its class.
func (h *mheap) initObjects(s *mspan, elemsize uintptr) {
	bytes := s.npages << pageShift
	s.elemsize = elemsize
	s.start = s.base
	if s.kind == spanBits {
		bytes -= heapBitsSize
		s.start += heapBitsSize
	}
	if s.kind == spanLarge || s.class.sizeclass() == 0 {
		s.nelems = 1
		s.divMagic = 0
	} else {
		s.nelems = uint32(bytes / elemsize)
		s.divMagic = gc.SizeClassToDivMagic[s.class.sizeclass()]
	}
	s.nwords = (s.nelems + 63) / 64
	n := uintptr(s.nwords) * 16
	if s.kind == spanTyped {
		n += uintptr(s.nelems) * 8
	}
	p := h.sideAlloc(n)
	s.allocBits = (*uint64)(p)
	s.markBits = (*uint64)(add(p, uintptr(s.nwords)*8))
	if s.kind == spanTyped {
		s.types = (**_type)(add(p, uintptr(s.nwords)*16))
	}
	s.allocCount = 0
	s.swept = true
	s.cached = false
	s.resetCache()
	if s.kind == spanBits && !s.needzero {
		*(*uint64)(unsafe.Pointer(s.base)) = 0 // a fresh page: one fault, by writing
	}
	if s.kind == spanBits && s.needzero {
		memclrNoHeapPointers(unsafe.Pointer(s.base), heapBitsSize)
	}
}

func (h *mheap) freeSide(s *mspan) {
	if s.allocBits == nil {
		return
	}
	n := uintptr(s.nwords) * 16
	if s.kind == spanTyped {
		n += uintptr(s.nelems) * 8
	}
	p := s.allocBits
	if uintptr(unsafe.Pointer(s.markBits)) < uintptr(unsafe.Pointer(p)) {
		p = s.markBits
	}
	h.sideFree(unsafe.Pointer(p), n)
	s.allocBits = nil
	s.markBits = nil
	s.types = nil
}

// resetCache starts the search for free objects at the span's beginning.
func (s *mspan) resetCache() {
	s.cacheBase = 0
	s.allocCache = ^*s.allocBits & s.validMask(0)
}

// validMask has the bits of the objects that exist among the 64 of word w.
func (s *mspan) validMask(w uint32) uint64 {
	left := s.nelems - w*64
	if left >= 64 {
		return ^uint64(0)
	}
	return 1<<left - 1
}

// nextFreeSlow looks for a free object beyond the cached word; false when the span is full.
func (s *mspan) nextFreeSlow() bool {
	for w := s.cacheBase/64 + 1; w < s.nwords; w++ {
		s.cacheBase = w * 64
		s.allocCache = ^*(*uint64)(add(unsafe.Pointer(s.allocBits), uintptr(w)*8)) & s.validMask(w)
		if s.allocCache != 0 {
			return true
		}
	}
	return false
}

// objIndex is the number of the object that p points into.
func (s *mspan) objIndex(p uintptr) uint32 {
	return uint32(uint64(p-s.start) * uint64(s.divMagic) >> 32)
}

func (s *mspan) objBase(i uint32) uintptr { return s.start + uintptr(i)*s.elemsize }

// isFree says whether object i is not allocated. The owner of the span may be allocating from the cached word.
func (s *mspan) isFree(i uint32) bool {
	w := i / 64
	if s.cached {
		cw := s.cacheBase / 64
		if w < cw {
			return false
		}
		if w == cw {
			return s.allocCache>>(i%64)&1 != 0
		}
	}
	return *(*uint64)(add(unsafe.Pointer(s.allocBits), uintptr(w)*8))>>(i%64)&1 == 0
}

// findObject returns the start of the heap object that p points into and its span, 0 when there is none.
func findObject(p uintptr) (base uintptr, s *mspan, i uint32) {
	s = spanOfHeap(p)
	if s == nil || p < s.start {
		return 0, nil, 0
	}
	i = s.objIndex(p)
	if i >= s.nelems {
		return 0, nil, 0
	}
	return s.objBase(i), s, i
}

// scavenge gives free pages back to the system: runs that stayed free for minAge collections. Returns bytes released.
func (h *mheap) scavenge(minAge uint8) uintptr {
	total := uintptr(0)
	lock(&h.lock)
	for n := 1; n <= maxSmallPages; n++ {
		l := &h.freeLarge
		if n < maxSmallPages {
			l = &h.free[n]
		}
		for s := l.first; s != nil; s = s.next {
			if s.scavenged || s.freeAge < minAge || s.npages<<pageShift < 64<<10 && minAge > 0 {
				if s.freeAge < 255 {
					s.freeAge++
				}
				continue
			}
			madvise(s.base, s.npages<<pageShift, _MADV_DONTNEED)
			s.scavenged = true
			s.needzero = false
			h.freeScav += s.npages
			total += s.npages << pageShift
		}
	}
	unlock(&h.lock)
	return total
}
