// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Allocation. Small objects come from spans of their size class which the p owns (mcache), refilled from mcentral, which
// sweeps on the way; large ones are spans of their own. Small objects without pointers below 16 bytes share blocks.
//
// How the collector finds the pointers of an object: see spanKind. Objects up to 512 bytes have their bits at the span's
// beginning, written here; above, the span remembers the type, whose mask is repeated over the object's whole size: so those
// objects are always cleared to their end.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"internal/runtime/math"
	"internal/runtime/sys"
	"unsafe"
)

const (
	maxSmallSize = gc.MaxSmallSize
	maxBitsSize  = 512 // largest object with its bits in the span
	heapBitsSize = pageSize / goarch.PtrSize / 8
	maxTinySize  = gc.TinySize

	maxAlloc = 1 << 47
)

// mcache is the p's own memory: one span per class.
type mcache struct {
	tiny       uintptr
	tinyoffset uintptr
	tinyAllocs uint64
	alloc      [numSpanClasses]*mspan
	scanAlloc  uintptr // bytes handed out since the last look at the trigger
}

// mcentral is what is common for one span class.
type mcentral struct {
	lock    mutex
	partial mSpanList // swept, with free objects
	full    mSpanList // swept, none free
	unswept mSpanList
}

// emptySpan stands in the cache where there is no span: nothing is free in it.
var emptySpan mspan

func (c *mcache) init() {
	for i := range c.alloc {
		c.alloc[i] = &emptySpan
	}
}

// Counts since start, updated when spans change hands.
var (
	memstatSys        uint64
	memstatMallocs    uint64
	memstatFrees      uint64
	memstatAlloc      uint64 // bytes ever allocated, whole spans' worth
	memstatFreed      uint64
	memstatLargeAlloc uint64
	memstatLargeN     uint64
	memstatTiny       uint64
	sizeMallocs       [gc.NumSizeClasses]uint64
	sizeFrees         [gc.NumSizeClasses]uint64

	heapLive uint64 // bytes in use as of the last collection, plus what was handed out since
)

func sizeToClass(size uintptr) uint8 {
	if size <= gc.SmallSizeMax-8 {
		return gc.SizeToSizeClass8[(size+gc.SmallSizeDiv-1)/gc.SmallSizeDiv]
	}
	return gc.SizeToSizeClass128[(size-gc.SmallSizeMax+gc.LargeSizeDiv-1)/gc.LargeSizeDiv]
}

// roundupsize is the size a block of at least size bytes really has.
func roundupsize(size uintptr, noscan bool) uintptr {
	if size <= maxSmallSize {
		if size == 0 {
			return 0
		}
		return uintptr(gc.SizeClassToSize[sizeToClass(size)])
	}
	r := size + pageSize - 1
	if r < size {
		return size
	}
	return r &^ (pageSize - 1)
}

// nextFree takes a free object out of the cached span of a class.
func (c *mcache) nextFree(sc spanClass) (uintptr, *mspan) {
	s := c.alloc[sc]
	for {
		if cache := s.allocCache; cache != 0 {
			i := s.cacheBase + uint32(sys.TrailingZeros64(cache))
			s.allocCache = cache & (cache - 1)
			s.allocCount++
			return s.start + uintptr(i)*s.elemsize, s
		}
		if s.nwords > 1 && s.nextFreeSlow() {
			continue
		}
		s = c.refill(sc)
	}
}

// refill replaces the full cached span of a class.
func (c *mcache) refill(sc spanClass) *mspan {
	var s *mspan
	systemstack(func() {
		s = c.refill1(sc)
	})
	return s
}

func (c *mcache) refill1(sc spanClass) *mspan {
	if s := c.alloc[sc]; s != &emptySpan {
		c.alloc[sc] = &emptySpan
		mheap_.central[sc].uncache(s)
	}
	s := mheap_.central[sc].cacheSpan(sc)
	if s == nil {
		throwOOM()
	}
	s.cached = true
	s.resetCache()
	if s.allocCache == 0 && !s.nextFreeSlow() {
		throw("refill: span without free objects")
	}
	free := uint64(s.nelems-s.allocCount) * uint64(s.elemsize)
	atomic.Xadd64(&heapLive, int64(free))
	atomic.Xadd64(&memstatAlloc, int64(free))
	atomic.Xadd64(&memstatMallocs, int64(s.nelems-s.allocCount))
	atomic.Xadd64(&sizeMallocs[sc.sizeclass()], int64(s.nelems-s.allocCount))
	c.alloc[sc] = s
	return s
}

// uncache takes a span back from an mcache.
func (c *mcentral) uncache(s *mspan) {
	w := s.cacheBase / 64
	for i := uint32(0); i < w; i++ {
		*(*uint64)(add(unsafe.Pointer(s.allocBits), uintptr(i)*8)) = ^uint64(0)
	}
	*(*uint64)(add(unsafe.Pointer(s.allocBits), uintptr(w)*8)) = ^s.allocCache
	s.cached = false
	lock(&c.lock)
	if free := s.nelems - s.allocCount; free != 0 {
		// counted as handed out by refill
		n := uint64(free) * uint64(s.elemsize)
		atomic.Xadd64(&heapLive, -int64(n))
		atomic.Xadd64(&memstatAlloc, -int64(n))
		atomic.Xadd64(&memstatMallocs, -int64(free))
		atomic.Xadd64(&sizeMallocs[s.class.sizeclass()], -int64(free))
		c.partial.insert(s)
	} else {
		c.full.insert(s)
	}
	unlock(&c.lock)
}

// cacheSpan finds or makes a span with free objects.
func (c *mcentral) cacheSpan(sc spanClass) *mspan {
	lock(&c.lock)
	if s := c.partial.first; s != nil {
		c.partial.remove(s)
		unlock(&c.lock)
		return s
	}
	for s := c.unswept.first; s != nil; s = c.unswept.first {
		c.unswept.remove(s)
		unlock(&c.lock)
		s.sweep()
		if s.allocCount < s.nelems {
			return s
		}
		lock(&c.lock)
		c.full.insert(s)
	}
	unlock(&c.lock)
	size := uintptr(gc.SizeClassToSize[sc.sizeclass()])
	kind := spanNoscan
	if !sc.noscan() {
		kind = spanTyped
		if size <= maxBitsSize {
			kind = spanBits
		}
	}
	s := mheap_.allocSpan(uintptr(gc.SizeClassToNPages[sc.sizeclass()]), kind, sc, true)
	if s != nil {
		mheap_.initObjects(s, size)
	}
	return s
}

// releaseAll returns all spans of a cache; the world is stopped or the p is ours.
func (c *mcache) releaseAll() {
	for i := range c.alloc {
		if s := c.alloc[i]; s != &emptySpan && s != nil {
			c.alloc[i] = &emptySpan
			mheap_.central[i].uncache(s)
		}
	}
	c.tiny = 0
	c.tinyoffset = 0
	memstatTiny += c.tinyAllocs
	c.tinyAllocs = 0
}

func throwOOM() {
	throw("runtime: out of memory")
}

// mallocgc allocates size bytes for a value (or array of values) of type typ; typ nil = no pointers.
//
//go:linkname mallocgc
func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	mp := getg().m
	mp.locks++
	c := &mp.p.mcache
	if typ == nil || typ.PtrBytes == 0 {
		var x uintptr
		if size < maxTinySize {
			x = c.tinyAlloc(size, needzero)
		} else if size <= maxSmallSize {
			sc := makeSpanClass(sizeToClass(size), true)
			var s *mspan
			x, s = c.nextFree(sc)
			if needzero && s.needzero {
				memclrNoHeapPointers(unsafe.Pointer(x), s.elemsize)
			}
		} else {
			x = largeAlloc(size, nil, needzero)
		}
		mp.locks--
		obj := unsafe.Pointer(x) // from here on the collector must see it
		mallocDone(mp)
		return obj
	}
	var x uintptr
	if size <= maxBitsSize {
		sc := makeSpanClass(sizeToClass(size), false)
		var s *mspan
		x, s = c.nextFree(sc)
		if s.needzero {
			memclrNoHeapPointers(unsafe.Pointer(x), s.elemsize)
		}
		s.writeHeapBits(x, size, typ)
	} else if size <= maxSmallSize {
		sc := makeSpanClass(sizeToClass(size), false)
		var s *mspan
		x, s = c.nextFree(sc)
		if s.needzero {
			memclrNoHeapPointers(unsafe.Pointer(x), s.elemsize)
		}
		*(**_type)(add(unsafe.Pointer(s.types), uintptr(s.objIndex(x))*8)) = typ
	} else {
		x = largeAlloc(size, typ, true)
	}
	mp.locks--
	obj := unsafe.Pointer(x) // from here on the collector must see it
	mallocDone(mp)
	return obj
}

// mallocDone is the safe point of every allocation: begins a collection when it is time, yields when asked.
func mallocDone(mp *m) {
	if atomic.Load64(&heapLive) >= gcTrigger {
		gcMaybeStart(mp)
	}
	gp := getg()
	if gp.stackguard0 == stackPreempt && mp.locks == 0 && gp == mp.curg {
		preemptPark()
	}
}

// tinyAlloc puts a small pointer-free object into the current shared block.
func (c *mcache) tinyAlloc(size uintptr, needzero bool) uintptr {
	off := c.tinyoffset
	if size&7 == 0 {
		off = alignUp(off, 8)
	} else if size&3 == 0 {
		off = alignUp(off, 4)
	} else if size&1 == 0 {
		off = alignUp(off, 2)
	}
	if c.tiny != 0 && off+size <= maxTinySize {
		c.tinyoffset = off + size
		c.tinyAllocs++
		return c.tiny + off
	}
	x, _ := c.nextFree(makeSpanClass(gc.TinySizeClass, true))
	*(*[2]uint64)(unsafe.Pointer(x)) = [2]uint64{}
	if c.tiny == 0 || size < c.tinyoffset {
		c.tiny = x
		c.tinyoffset = size
	}
	return x
}

func largeAlloc(size uintptr, typ *_type, needzero bool) uintptr {
	var s *mspan
	systemstack(func() {
		s = largeAlloc1(size, typ)
	})
	if s.needzero && (needzero || typ != nil) {
		// not on the system stack: this takes long
		memclrNoHeapPointers(unsafe.Pointer(s.base), s.elemsize)
	}
	if typ != nil {
		s.largeType = typ
	}
	return s.base
}

func largeAlloc1(size uintptr, typ *_type) *mspan {
	if size+pageSize < size || size > maxAlloc {
		throwOOM()
	}
	kind := spanNoscan
	if typ != nil {
		kind = spanLarge
	}
	h := &mheap_
	s := h.allocSpan(divRoundUp(size, pageSize), kind, makeSpanClass(0, typ == nil), true)
	if s == nil {
		gcReclaim()
		s = h.allocSpan(divRoundUp(size, pageSize), kind, makeSpanClass(0, typ == nil), true)
		if s == nil {
			throwOOM()
		}
	}
	h.initObjects(s, s.npages<<pageShift)
	s.allocCount = 1
	s.allocCache = 0
	*s.allocBits = 1
	s.largeSize = size
	s.largeType = nil // until it is cleared
	lock(&h.lock)
	h.large.insert(s)
	unlock(&h.lock)
	atomic.Xadd64(&heapLive, int64(s.elemsize))
	atomic.Xadd64(&memstatAlloc, int64(s.elemsize))
	atomic.Xadd64(&memstatMallocs, 1)
	atomic.Xadd64(&sizeMallocs[0], 1)
	return s
}

// writeHeapBits notes which words of the new object at x are pointers. size is what was asked for: one or more values
// of typ.
func (s *mspan) writeHeapBits(x, size uintptr, typ *_type) {
	nw := s.elemsize / goarch.PtrSize // at most 64
	var bits uint64
	if size <= goarch.PtrSize {
		bits = 1
	} else {
		bits = *(*uint64)(unsafe.Pointer(typ.GCData))
		if ts := typ.Size_; ts < size {
			// an array: repeat the mask
			if ts == goarch.PtrSize {
				bits = 1<<(size/goarch.PtrSize) - 1
				if size == 64*goarch.PtrSize {
					bits = ^uint64(0)
				}
			} else {
				one := bits
				for off := ts; off < size; off += ts {
					bits |= one << (off / goarch.PtrSize)
				}
			}
		}
	}
	w := (x - s.start) / goarch.PtrSize
	p := (*uint64)(unsafe.Pointer(s.base + w/64*8))
	sh := w % 64
	mask := ^uint64(0)
	if nw < 64 {
		mask = 1<<nw - 1
	}
	*p = *p&^(mask<<sh) | bits<<sh
	if sh+nw > 64 {
		q := (*uint64)(add(unsafe.Pointer(p), 8))
		*q = *q&^(mask>>(64-sh)) | bits>>(64-sh)
	}
}

// heapBits returns the pointer bits of the object at x.
func (s *mspan) heapBits(x uintptr) uint64 {
	nw := s.elemsize / goarch.PtrSize
	w := (x - s.start) / goarch.PtrSize
	p := (*uint64)(unsafe.Pointer(s.base + w/64*8))
	sh := w % 64
	bits := *p >> sh
	if sh+nw > 64 {
		bits |= *(*uint64)(add(unsafe.Pointer(p), 8)) << (64 - sh)
	}
	if nw < 64 {
		bits &= 1<<nw - 1
	}
	return bits
}

// gcMask is the pointer mask of a type, one bit per word over PtrBytes; masks of large types are made when first needed.
func gcMask(t *_type) *byte {
	if t.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		return t.GCData
	}
	slot := (*unsafe.Pointer)(unsafe.Pointer(t.GCData))
	if p := atomic.Loadp(unsafe.Pointer(slot)); p != nil {
		return (*byte)(p)
	}
	n := (t.PtrBytes/goarch.PtrSize + 63) / 64 * 8
	p := persistentalloc(n, 8)
	buildMask(t, (*byte)(p), 0)
	atomic.StorepNoWB(unsafe.Pointer(slot), p)
	return (*byte)(p)
}

// buildMask sets the bits of a value of type t that begins at word w.
func buildMask(t *_type, dst *byte, w uintptr) {
	if t.PtrBytes == 0 {
		return
	}
	if t.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		for i := uintptr(0); i < t.PtrBytes/goarch.PtrSize; i++ {
			if *(*byte)(add(unsafe.Pointer(t.GCData), i/8))>>(i%8)&1 != 0 {
				*(*byte)(add(unsafe.Pointer(dst), (w+i)/8)) |= 1 << ((w + i) % 8)
			}
		}
		return
	}
	switch t.Kind_ {
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			buildMask(a.Elem, dst, w+i*a.Elem.Size_/goarch.PtrSize)
		}
	case abi.Struct:
		st := (*abi.StructType)(unsafe.Pointer(t))
		for i := range st.Fields {
			f := &st.Fields[i]
			buildMask(f.Typ, dst, w+f.Offset/goarch.PtrSize)
		}
	default:
		throw("buildMask: unexpected kind")
	}
}

func newobject(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

// newarray allocates n values of a type.
//
//go:linkname newarray
func newarray(typ *_type, n int) unsafe.Pointer {
	if n == 1 {
		return mallocgc(typ.Size_, typ, true)
	}
	mem, overflow := math.MulUintptr(typ.Size_, uintptr(n))
	if overflow || mem > maxAlloc || n < 0 {
		panic(plainError("runtime: allocation size out of range"))
	}
	return mallocgc(mem, typ, true)
}

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }
