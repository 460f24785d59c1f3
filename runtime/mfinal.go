// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What is attached to heap objects: finalizers, cleanups, weak pointers, pins, bubbles. One hash table by the object's
// address, outside of the heap.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

type specialKind uint8

const (
	specialFinalizer specialKind = iota
	specialCleanup
	specialWeak
	specialPin
	specialBubble
)

// special is one attachment. The collector knows its pointer fields (fn, arg, handle).
type special struct {
	next   *special // of the same bucket
	base   uintptr  // the object
	ptr    uintptr  // what was given: may point inside of it
	kind   specialKind
	id     uint64
	fn     unsafe.Pointer // finalizer: *funcval; cleanup: *cleanupCall
	handle unsafe.Pointer // weak: the word that package weak keeps; bubble
	fint   *_type
	ot     *ptrtype
	nret   uintptr
}

var specials struct {
	lock  mutex
	tab   unsafe.Pointer // *[size]*special
	size  uintptr
	count uintptr
	free  *special
	idgen uint64
}

func specialHash(base uintptr) uintptr { return base >> 4 * 0x9e3779b97f4a7c15 >> 20 }

func specialSlot(i uintptr) **special {
	return (**special)(add(specials.tab, i*8))
}

func specialBucket(base uintptr) **special {
	if specials.size == 0 {
		specials.size = 64
		specials.tab = persistentalloc(64*8, 8)
	}
	return specialSlot(specialHash(base) & (specials.size - 1))
}

// newSpecial adds a record; specials.lock is held.
func newSpecial(base uintptr, kind specialKind) *special {
	if specials.count >= specials.size*2 && specials.size != 0 {
		growSpecials()
	}
	s := specials.free
	if s == nil {
		const n = 16
		p := persistentalloc(unsafe.Sizeof(special{})*n, 8)
		for i := uintptr(0); i < n; i++ {
			x := (*special)(add(p, i*unsafe.Sizeof(special{})))
			x.next = s
			s = x
		}
	}
	specials.free = s.next
	*s = special{}
	s.base = base
	s.kind = kind
	b := specialBucket(base)
	s.next = *b
	*b = s
	specials.count++
	return s
}

func growSpecials() {
	old, n := specials.tab, specials.size
	specials.size = n * 4
	specials.tab = persistentalloc(specials.size*8, 8)
	for i := uintptr(0); i < n; i++ {
		for s := *(**special)(add(old, i*8)); s != nil; {
			next := s.next
			b := specialBucket(s.base)
			s.next = *b
			*b = s
			s = next
		}
	}
}

func findSpecial(base uintptr, kind specialKind) *special {
	if specials.count == 0 {
		return nil
	}
	for s := *specialBucket(base); s != nil; s = s.next {
		if s.base == base && s.kind == kind {
			return s
		}
	}
	return nil
}

// findFinalizer: objects that share a tiny block have a finalizer each.
func findFinalizer(base, ptr uintptr) *special {
	if specials.count == 0 {
		return nil
	}
	for s := *specialBucket(base); s != nil; s = s.next {
		if s.base == base && s.ptr == ptr && s.kind == specialFinalizer {
			return s
		}
	}
	return nil
}

// dropSpecial takes a record out.
func dropSpecial(x *special) {
	for p := specialBucket(x.base); *p != nil; p = &(*p).next {
		if *p == x {
			*p = x.next
			specials.count--
			*x = special{}
			x.next = specials.free
			specials.free = x
			return
		}
	}
}

// heapBase is the start of the object that p points into, 0 when it isn't on the heap.
func heapBase(p unsafe.Pointer) uintptr {
	base, _, _ := findObject(uintptr(p))
	return base
}

// SetFinalizer sets the function to call when obj has become unreachable.
func SetFinalizer(obj any, finalizer any) {
	e := (*eface)(unsafe.Pointer(&obj))
	etyp := e._type
	if etyp == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if etyp.Kind_ != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + toRType(etyp).string() + ", not pointer")
	}
	ot := (*ptrtype)(unsafe.Pointer(etyp))
	if e.data == nil {
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
	base := heapBase(e.data)
	if base == 0 {
		if inDataOrBSS(uintptr(e.data)) || uintptr(e.data) == uintptr(unsafe.Pointer(&zerobase)) {
			return // global objects live for ever
		}
		throw("runtime.SetFinalizer: pointer not in heap")
	}
	if uintptr(e.data) != base {
		// small pointer-free objects share a block
		if ot.Elem == nil || ot.Elem.PtrBytes != 0 || ot.Elem.Size_ >= maxTinySize {
			throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
		}
	}
	ptr := uintptr(e.data)
	f := (*eface)(unsafe.Pointer(&finalizer))
	ftyp := f._type
	if ftyp == nil {
		systemstack(func() {
			lock(&specials.lock)
			if s := findFinalizer(base, ptr); s != nil {
				dropSpecial(s)
			}
			unlock(&specials.lock)
		})
		return
	}
	if ftyp.Kind_ != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + toRType(ftyp).string() + ", not a function")
	}
	ft := (*functype)(unsafe.Pointer(ftyp))
	if ft.IsVariadic() {
		throw("runtime.SetFinalizer: cannot pass " + toRType(etyp).string() + " to finalizer " + toRType(ftyp).string() + " because dotdotdot")
	}
	if ft.InCount != 1 {
		throw("runtime.SetFinalizer: cannot pass " + toRType(etyp).string() + " to finalizer " + toRType(ftyp).string())
	}
	fint := ft.InSlice()[0]
	ok := false
	switch {
	case fint == etyp:
		ok = true
	case fint.Kind_ == abi.Pointer:
		if (fint.Uncommon() == nil || etyp.Uncommon() == nil) && (*ptrtype)(unsafe.Pointer(fint)).Elem == ot.Elem {
			ok = true
		}
	case fint.Kind_ == abi.Interface:
		it := (*interfacetype)(unsafe.Pointer(fint))
		ok = len(it.Methods) == 0 || assertE2I2(it, etyp) != nil
	}
	if !ok {
		throw("runtime.SetFinalizer: cannot pass " + toRType(etyp).string() + " to finalizer " + toRType(ftyp).string())
	}
	nret := uintptr(0)
	for _, t := range ft.OutSlice() {
		nret = alignUp(nret, uintptr(t.Align_)) + t.Size_
	}
	fn := f.data
	dup := false
	systemstack(func() {
		lock(&specials.lock)
		if findFinalizer(base, ptr) != nil {
			dup = true
		} else {
			s := newSpecial(base, specialFinalizer)
			s.ptr = ptr
			s.fn = fn
			s.fint = fint
			s.ot = ot
			s.nret = nret
		}
		unlock(&specials.lock)
	})
	if dup {
		throw("runtime.SetFinalizer: finalizer already set")
	}
	heapSink = fn
	KeepAlive(obj)
}

func inDataOrBSS(p uintptr) bool {
	md := &firstmoduledata
	return md.noptrdata <= p && p < md.enoptrdata || md.data <= p && p < md.edata || md.bss <= p && p < md.ebss ||
		md.noptrbss <= p && p < md.enoptrbss || md.rodata <= p && p < md.erodata || md.types <= p && p < md.etypes ||
		md.text <= p && p < md.end
}

// heapSink takes pointers that live on only in records the compiler does not see: what they point to must not be in a frame.
var heapSink unsafe.Pointer

// Cleanup is a handle to a cleanup call.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

// AddCleanup arranges for cleanup(arg) to be called some time after ptr's object has become unreachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic(plainError("runtime.AddCleanup: ptr is nil"))
	}
	c := new(cleanupOf[S])
	c.fn = cleanup
	c.arg = arg
	return addCleanup(unsafe.Pointer(ptr), c, argPointsTo(unsafe.Pointer(ptr), unsafe.Pointer(&arg), unsafe.Sizeof(arg)))
}

// cleanupCall is a call to be made; the runtime's code has no closures on the heap.
type cleanupCall interface{ call() }

type cleanupOf[S any] struct {
	fn  func(S)
	arg S
}

func (c *cleanupOf[S]) call() { c.fn(c.arg) }

// argPointsTo says whether arg is the very pointer ptr: then the object could never become unreachable.
func argPointsTo(ptr, arg unsafe.Pointer, size uintptr) bool {
	return size == 8 && *(*unsafe.Pointer)(arg) == ptr
}

func addCleanup(ptr unsafe.Pointer, fn cleanupCall, same bool) Cleanup {
	if same {
		panic(plainError("runtime.AddCleanup: ptr is equal to arg, cleanup will never run"))
	}
	base := heapBase(ptr)
	if base == 0 {
		if inDataOrBSS(uintptr(ptr)) || ptr == unsafe.Pointer(&zerobase) {
			return Cleanup{}
		}
		throw("runtime.AddCleanup: ptr not in allocated block")
	}
	box := new(cleanupCall)
	*box = fn
	heapSink = unsafe.Pointer(box)
	id := uint64(0)
	systemstack(func() {
		lock(&specials.lock)
		s := newSpecial(base, specialCleanup)
		s.fn = unsafe.Pointer(box)
		specials.idgen++
		s.id = specials.idgen
		id = s.id
		unlock(&specials.lock)
	})
	KeepAlive(ptr)
	return Cleanup{id, base}
}

// Stop cancels the cleanup call, if it has not been queued yet.
func (c Cleanup) Stop() {
	if c.id == 0 {
		return
	}
	systemstack(func() {
		lock(&specials.lock)
		for s := *specialBucket(c.ptr); s != nil; s = s.next {
			if s.kind == specialCleanup && s.id == c.id {
				dropSpecial(s)
				break
			}
		}
		unlock(&specials.lock)
	})
}

// Weak pointers: a handle, one word on the heap, that the collector clears.

//go:linkname weak_registerWeakPointer weak.runtime_registerWeakPointer
func weak_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	base := heapBase(p)
	if base == 0 {
		return immortalHandle(p)
	}
	fresh := mallocgc(8, nil, true)
	if heapBase(fresh) != uintptr(fresh) {
		// a shared tiny block: the handle must not keep anything else alive, nor be found by the wrong address
		fresh = mallocgc(16, nil, true)
	}
	var h unsafe.Pointer
	systemstack(func() {
		lock(&specials.lock)
		for s := *specialBucket(base); s != nil; s = s.next {
			if s.base == base && s.kind == specialWeak && s.ptr == uintptr(p) {
				h = s.handle
				break
			}
		}
		if h == nil {
			s := newSpecial(base, specialWeak)
			s.ptr = uintptr(p)
			s.handle = fresh
			*(*uintptr)(fresh) = uintptr(p)
			h = fresh
		}
		unlock(&specials.lock)
	})
	KeepAlive(p)
	return h
}

// immortalHandle: weak pointers to what is not on the heap never become nil.
func immortalHandle(p unsafe.Pointer) unsafe.Pointer {
	var h unsafe.Pointer
	systemstack(func() {
		lock(&specials.lock)
		s := findSpecial(uintptr(p), specialWeak)
		if s == nil {
			s = newSpecial(uintptr(p), specialWeak)
			s.ptr = uintptr(p)
			s.handle = persistentalloc(8, 8)
			*(*uintptr)(s.handle) = uintptr(p)
		}
		h = s.handle
		unlock(&specials.lock)
	})
	return h
}

//go:linkname weak_makeStrongFromWeak weak.runtime_makeStrongFromWeak
func weak_makeStrongFromWeak(u unsafe.Pointer) unsafe.Pointer {
	// the collector clears handles with the world stopped; a pointer read here keeps the object from then on
	return *(*unsafe.Pointer)(u)
}

// Marking.

// markSpecialRoots marks what attachments refer to: functions, handles, and what finalizable objects point to (not the
// objects themselves), so that of a chain of them only the first is finalized.
func markSpecialRoots(w *gcWork) {
	markQueues(w)
	if specials.count == 0 {
		return
	}
	for i := uintptr(0); i < specials.size; i++ {
		for s := *specialSlot(i); s != nil; s = s.next {
			if s.fn != nil {
				w.maybe(uintptr(s.fn))
			}
			if s.handle != nil {
				w.maybe(uintptr(s.handle))
			}
			switch s.kind {
			case specialFinalizer:
				w.maybe(uintptr(unsafe.Pointer(s.fint)))
				w.maybe(uintptr(unsafe.Pointer(s.ot)))
				if sp := spanOfHeap(s.base); sp != nil && sp.kind != spanNoscan {
					w.scanObject(s.base)
				}
			case specialPin:
				w.maybe(s.base)
			}
		}
	}
}

// markSpecials deals with attachments of objects that were not reached.
func markSpecials(w *gcWork, self *g) {
	if specials.count == 0 {
		return
	}
	// weak pointers first
	eachDead(specialWeak, func(s *special) {
		*(*uintptr)(s.handle) = 0
		dropSpecial(s)
	})
	// objects with finalizers come back for one cycle
	eachDead(specialFinalizer, func(s *special) {
		queueFinalizer(s)
	})
	markQueues(w)
	w.finishDrain()
	eachDead(specialCleanup, func(s *special) {
		queueCleanup(s)
		dropSpecial(s)
	})
	eachDead(specialBubble, dropSpecial)
}

// markQueues marks what calls that are due need.
func markQueues(w *gcWork) {
	for f := finq.first; f != nil; f = f.next {
		w.maybe(f.ptr)
		w.maybe(uintptr(f.fn))
		w.maybe(uintptr(unsafe.Pointer(f.fint)))
		w.maybe(uintptr(unsafe.Pointer(f.ot)))
	}
	for f := cleanq.first; f != nil; f = f.next {
		w.maybe(uintptr(f.fn))
	}
}

// eachDead visits the attachments of a kind whose objects are not marked. visit may drop the record.
func eachDead(kind specialKind, visit func(*special)) {
	for i := uintptr(0); i < specials.size; i++ {
		for s := *specialSlot(i); s != nil; {
			next := s.next
			if s.kind == kind && !isMarked(s.base) {
				visit(s)
			}
			s = next
		}
	}
}

// Queues of calls to be made.

type finCall struct {
	next *finCall
	ptr  uintptr
	fn   unsafe.Pointer
	fint *_type
	ot   *ptrtype
	nret uintptr
}

var finq struct {
	lock    mutex
	first   *finCall
	last    *finCall
	free    *finCall
	g       *g
	wait    bool
	started uint32
	queued  uint64
	ran     uint64
}

var cleanq struct {
	first   *finCall
	last    *finCall
	g       *g
	wait    bool
	started uint32
	queued  uint64
	ran     uint64
	running uint32
}

func newFinCall() *finCall {
	f := finq.free
	if f == nil {
		const n = 16
		p := persistentalloc(unsafe.Sizeof(finCall{})*n, 8)
		for i := uintptr(0); i < n; i++ {
			x := (*finCall)(add(p, i*unsafe.Sizeof(finCall{})))
			x.next = f
			f = x
		}
	}
	finq.free = f.next
	*f = finCall{}
	return f
}

func queueFinalizer(s *special) {
	f := newFinCall()
	f.ptr = s.ptr
	f.fn = s.fn
	f.fint = s.fint
	f.ot = s.ot
	f.nret = s.nret
	if finq.last == nil {
		finq.first = f
	} else {
		finq.last.next = f
	}
	finq.last = f
	finq.queued++
	dropSpecial(s)
}

func queueCleanup(s *special) {
	f := newFinCall()
	f.fn = s.fn
	if cleanq.last == nil {
		cleanq.first = f
	} else {
		cleanq.last.next = f
	}
	cleanq.last = f
	cleanq.queued++
}

// The goroutines that make the calls exist from the first call on.

func startFinalizerG() {
	if atomic.Load(&finq.started) == 0 && atomic.Cas(&finq.started, 0, 1) {
		goOutside(runfinq)
	}
}

func startCleanupG() {
	if atomic.Load(&cleanq.started) == 0 && atomic.Cas(&cleanq.started, 0, 1) {
		goOutside(runCleanupQueue)
	}
}

// goOutside starts a goroutine of the runtime's own: it belongs to no bubble and has no labels, whoever happens to need it first.
func goOutside(f func()) {
	gp := getg()
	bubble, labels := gp.syncGroup, gp.labels
	gp.syncGroup, gp.labels = nil, nil
	newproc(*(**funcval)(unsafe.Pointer(&f))) // "go f()" would make a closure, on this stack
	gp.syncGroup, gp.labels = bubble, labels
}

// wakeFinalizers wakes the goroutines that make the calls.
func wakeFinalizers() {
	if finq.first != nil {
		startFinalizerG()
	}
	if cleanq.first != nil {
		startCleanupG()
	}
	var g1, g2 *g
	lock(&finq.lock)
	if finq.first != nil && finq.wait {
		finq.wait = false
		g1 = finq.g
	}
	if cleanq.first != nil && cleanq.wait {
		cleanq.wait = false
		g2 = cleanq.g
	}
	unlock(&finq.lock)
	if g1 != nil {
		goready(g1)
	}
	if g2 != nil {
		goready(g2)
	}
}

// yieldToFinalizers gives what a forced collection made due a chance to be called before GC returns, as programs look for
// it right behind; not longer than a millisecond, and not when a call blocks.
func yieldToFinalizers() {
	gp := getg()
	if gp == finq.g || gp == cleanq.g {
		return
	}
	for start := nanotime(); callsPending() && nanotime()-start < 1000000; {
		Gosched()
	}
}

// callsPending says whether a finalizer or cleanup is due and its goroutine could run.
func callsPending() bool {
	lock(&finq.lock)
	f := callPending(finq.first, finq.g, finq.wait) || callPending(cleanq.first, cleanq.g, cleanq.wait)
	unlock(&finq.lock)
	return f
}

func callPending(first *finCall, gp *g, wait bool) bool {
	if gp == nil {
		return first != nil
	}
	return !wait && readgstatus(gp) != _Gwaiting
}

// runfinq runs finalizers, one after the other.
func runfinq() {
	gp := getg()
	gp.becomeSystem()
	for {
		lock(&finq.lock)
		finq.g = gp
		f := finq.first
		if f == nil {
			finq.wait = true
			goparkunlock(&finq.lock, waitReasonFinalizerWait)
			continue
		}
		finq.first = f.next
		if finq.first == nil {
			finq.last = nil
		}
		ptr, fn, fint, ot, nret := unsafe.Pointer(f.ptr), f.fn, f.fint, f.ot, f.nret
		*f = finCall{}
		f.next = finq.free
		finq.free = f
		unlock(&finq.lock)
		callFinalizer(ptr, fn, fint, ot, nret)
		finq.ran++
	}
}

func callFinalizer(ptr, fn unsafe.Pointer, fint *_type, ot *ptrtype, nret uintptr) {
	var regs abi.RegArgs
	switch fint.Kind_ {
	case abi.Pointer:
		regs.Ints[0] = uintptr(ptr)
		regs.Ptrs[0] = ptr
	case abi.Interface:
		it := (*interfacetype)(unsafe.Pointer(fint))
		if len(it.Methods) == 0 {
			regs.Ints[0] = uintptr(unsafe.Pointer(ot))
		} else {
			regs.Ints[0] = uintptr(unsafe.Pointer(assertE2I(it, &ot.Type)))
		}
		regs.Ints[1] = uintptr(ptr)
		regs.Ptrs[1] = ptr
	default:
		throw("bad kind in runfinq")
	}
	frame := alignUp(nret, 8) + 64
	room := mallocgc(frame, nil, true)
	reflectcall(nil, fn, room, uint32(frame), uint32(frame), uint32(frame), &regs)
	KeepAlive(ptr)
}

// runCleanupQueue runs cleanups.
func runCleanupQueue() {
	gp := getg()
	gp.becomeSystem()
	for {
		lock(&finq.lock)
		cleanq.g = gp
		f := cleanq.first
		if f == nil {
			cleanq.wait = true
			atomic.Store(&cleanq.running, 0)
			goparkunlock(&finq.lock, waitReasonCleanupWait)
			continue
		}
		atomic.Store(&cleanq.running, 1)
		cleanq.first = f.next
		if cleanq.first == nil {
			cleanq.last = nil
		}
		box := (*cleanupCall)(f.fn)
		*f = finCall{}
		f.next = finq.free
		finq.free = f
		unlock(&finq.lock)
		(*box).call()
		cleanq.ran++
	}
}

func blockUntilEmptyCleanupQueue(timeout int64) bool {
	start := nanotime()
	for nanotime()-start < timeout {
		lock(&finq.lock)
		empty := cleanq.first == nil && (cleanq.started == 0 || cleanq.wait)
		unlock(&finq.lock)
		if empty {
			return true
		}
		Gosched()
	}
	return false
}

//go:linkname unique_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyCleanupQueue(timeout)
}

//go:linkname sync_test_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyCleanupQueue(timeout)
}

// Pinner keeps objects where they are: they are not collected, and nothing moves here.
type Pinner struct {
	p *pinner
}

type pinner struct {
	refs []unsafe.Pointer
}

// Pin pins the object that pointer points to.
func (p *Pinner) Pin(pointer any) {
	e := (*eface)(unsafe.Pointer(&pointer))
	if e._type == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if k := e._type.Kind_; k != abi.Pointer && k != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + toRType(e._type).string()))
	}
	if p.p == nil {
		p.p = new(pinner)
	}
	p.p.refs = append(p.p.refs, e.data)
	addPin(e.data)
}

// Unpin unpins all pinned objects.
func (p *Pinner) Unpin() {
	if p.p == nil {
		return
	}
	for _, q := range p.p.refs {
		dropPin(q)
	}
	p.p = nil
}

func addPin(p unsafe.Pointer) {
	base := heapBase(p)
	if base == 0 {
		return
	}
	systemstack(func() {
		lock(&specials.lock)
		s := findSpecial(base, specialPin)
		if s == nil {
			s = newSpecial(base, specialPin)
		}
		s.id++
		unlock(&specials.lock)
	})
}

func dropPin(p unsafe.Pointer) {
	base := heapBase(p)
	if base == 0 {
		return
	}
	systemstack(func() {
		lock(&specials.lock)
		if s := findSpecial(base, specialPin); s != nil {
			s.id--
			if s.id == 0 {
				dropSpecial(s)
			}
		}
		unlock(&specials.lock)
	})
}
