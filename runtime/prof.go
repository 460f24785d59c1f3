// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Profiles. Goroutine profiles are complete; CPU profiles sample by SIGPROF; block and mutex profiles gather events by
// stack; the allocation profile holds what has been sampled (nothing, with this allocator).

package runtime

import (
	"internal/profilerecord"
	"internal/runtime/atomic"
	"unsafe"
)

// MemProfileRate is the mean of bytes allocated between samples of the allocation profile.
var MemProfileRate int = 512 * 1024

var disableMemoryProfiling bool

var blockprofilerate uint64
var mutexprofilerate uint64

// StackRecord is a stack of at most 32 return addresses.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack returns the addresses in use.
func (r *StackRecord) Stack() []uintptr { return trimZero(r.Stack0[:]) }

func trimZero(s []uintptr) []uintptr {
	for i, v := range s {
		if v == 0 {
			return s[:i]
		}
	}
	return s
}

// MemProfileRecord is an allocation site.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is what was allocated less what was freed.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is the number of objects allocated less that of those freed.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack returns the addresses in use.
func (r *MemProfileRecord) Stack() []uintptr { return trimZero(r.Stack0[:]) }

// BlockProfileRecord is a place where goroutines waited.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// MemProfile returns the allocation sites sampled so far: none.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

// eventBucket counts events of one stack.
type eventBucket struct {
	next   *eventBucket
	count  int64
	cycles int64
	n      int
	stk    [32]uintptr
}

type eventProfile struct {
	lock mutex
	n    int
	tab  [179]*eventBucket
}

var blockEvents, mutexEvents eventProfile

func (e *eventProfile) record(cycles int64, skip int) {
	var stk [32]uintptr
	n := callers(skip, stk[:])
	h := uintptr(0)
	for _, pc := range stk[:n] {
		h = h*31 + pc
	}
	lock(&e.lock)
	b := e.tab[h%uintptr(len(e.tab))]
	for ; b != nil; b = b.next {
		if b.n == n && b.stk == stk {
			break
		}
	}
	if b == nil {
		b = (*eventBucket)(persistentalloc(unsafe.Sizeof(eventBucket{}), 8))
		b.n = n
		b.stk = stk
		b.next = e.tab[h%uintptr(len(e.tab))]
		e.tab[h%uintptr(len(e.tab))] = b
		e.n++
	}
	b.count++
	b.cycles += cycles
	unlock(&e.lock)
}

//go:linkname blockevent
func blockevent(cycles int64, skip int) {
	if cycles <= 0 {
		cycles = 1
	}
	if rate := atomic.Load64(&blockprofilerate); rate > 0 && (uint64(cycles) >= rate || uint64(cheaprand())%rate < uint64(cycles)) {
		blockEvents.record(cycles, skip+1)
	}
}

func mutexevent(cycles int64, skip int) {
	if cycles < 0 {
		cycles = 0
	}
	if rate := atomic.Load64(&mutexprofilerate); rate > 0 && uint64(cheaprand())%rate == 0 {
		mutexEvents.record(cycles, skip+1)
	}
}

// SetBlockProfileRate samples one event per rate nanoseconds spent blocked.
func SetBlockProfileRate(rate int) {
	r := uint64(0)
	if rate == 1 {
		r = 1
	} else if rate > 0 {
		r = uint64(float64(rate) * float64(pprof_cyclesPerSecond()) / 1e9)
		if r == 0 {
			r = 1
		}
	}
	atomic.Store64(&blockprofilerate, r)
}

// SetMutexProfileFraction samples one of rate contention events; rate < 0 only asks.
func SetMutexProfileFraction(rate int) int {
	if rate < 0 {
		return int(mutexprofilerate)
	}
	old := mutexprofilerate
	atomic.Store64(&mutexprofilerate, uint64(rate))
	return int(old)
}

func (e *eventProfile) records(p []BlockProfileRecord) (n int, ok bool) {
	lock(&e.lock)
	n = e.n
	if n <= len(p) {
		ok = true
		i := 0
		for _, b := range e.tab {
			for ; b != nil; b = b.next {
				r := &p[i]
				r.Count = b.count
				r.Cycles = b.cycles
				r.Stack0 = b.stk
				i++
			}
		}
	}
	unlock(&e.lock)
	return
}

func (e *eventProfile) internal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	rec := make([]BlockProfileRecord, len(p))
	n, ok = e.records(rec)
	if ok {
		for i := 0; i < n; i++ {
			p[i] = profilerecord.BlockProfileRecord{Count: rec[i].Count, Cycles: rec[i].Cycles,
				Stack: append([]uintptr(nil), rec[i].Stack()...)}
		}
	}
	return
}

// BlockProfile returns the block profile.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return blockEvents.records(p) }

// MutexProfile returns the mutex profile.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return mutexEvents.records(p) }

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return blockEvents.internal(p)
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return mutexEvents.internal(p)
}

// ThreadCreateProfile returns a record per thread; who made them is not noted.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) {
	n = int(sched.mcount)
	if n <= len(p) {
		ok = true
		for i := 0; i < n; i++ {
			p[i] = StackRecord{}
		}
	}
	return
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	n = int(sched.mcount)
	if n <= len(p) {
		ok = true
		for i := 0; i < n; i++ {
			p[i].Stack = nil
		}
	}
	return
}

// goroutineProfile calls visit for every goroutine, the caller first, with the world stopped.
func goroutineProfile(limit int, add func(i int, gp *g, stk []uintptr)) (n int, ok bool) {
	gp := getg()
	buf := make([]uintptr, 128)
	stopTheWorld()
	n = 0
	for _, x := range allgs {
		if st := readgstatus(x); st != _Gdead && st != _Gidle && !x.isSystem {
			n++
		}
	}
	if n <= limit {
		ok = true
		add(0, gp, buf[:callers(1, buf)])
		i := 1
		for _, x := range allgs {
			if st := readgstatus(x); x == gp || st == _Gdead || st == _Gidle || x.isSystem {
				continue
			}
			add(i, x, buf[:gcallers(x, 0, buf[:])])
			i++
		}
	}
	startTheWorld()
	return
}

// GoroutineProfile returns the stacks of all goroutines.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	return goroutineProfile(len(p), func(i int, gp *g, stk []uintptr) {
		p[i] = StackRecord{}
		copy(p[i].Stack0[:], stk)
	})
}

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	if len(labels) != len(p) {
		labels = nil
	}
	return goroutineProfile(len(p), func(i int, gp *g, stk []uintptr) {
		p[i].Stack = append([]uintptr(nil), stk...)
		if labels != nil {
			labels[i] = gp.labels
		}
	})
}

//go:linkname pprof_goroutineLeakProfileWithLabels
func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { GC() }

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return 0 }

//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer { return getg().labels }

//go:linkname runtime_setProfLabel runtime/pprof.runtime_setProfLabel
func runtime_setProfLabel(labels unsafe.Pointer) { getg().labels = labels }

var ticksPerSecond int64

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 {
	if ticksPerSecond == 0 {
		t0, c0 := nanotime(), cputicks()
		usleep(2000)
		t1, c1 := nanotime(), cputicks()
		ticksPerSecond = int64(float64(c1-c0) * 1e9 / float64(t1-t0))
	}
	return ticksPerSecond
}

// CPU profile: the signal handler writes records into a ring that readProfile empties.

const profRing = 1 << 16

var cpuprof struct {
	lock   mutex
	on     bool
	hz     int32
	head   uint32 // next record to write (records of profWords)
	tail   uint32
	lost   uint64
	busy   uint32
	buf    *[profRing]profSample
	header bool
	eof    bool
}

type profSample struct {
	n    int32
	time int64
	tag  unsafe.Pointer
	stk  [64]uintptr
}

type itimerval struct {
	interval [2]int64
	value    [2]int64
}

// SetCPUProfileRate starts sampling hz times a second of CPU time; 0 stops.
func SetCPUProfileRate(hz int) {
	if hz < 0 {
		hz = 0
	}
	if hz > 1000000 {
		hz = 1000000
	}
	if hz > 0 {
		unmute(_SIGPROF)
	}
	lock(&cpuprof.lock)
	if hz > 0 {
		if cpuprof.on || cpuprof.buf != nil && !cpuprof.eof {
			print("runtime: cannot set CPU profile rate until previous profile has finished.\n")
			unlock(&cpuprof.lock)
			return
		}
		if cpuprof.buf == nil {
			p, err := mmap(0, unsafe.Sizeof(*cpuprof.buf), _PROT_READ|_PROT_WRITE, _MAP_PRIVATE|_MAP_ANON|_MAP_NORESERVE)
			if err != 0 {
				throw("cpu profile: out of memory")
			}
			cpuprof.buf = (*[profRing]profSample)(unsafe.Pointer(p))
		}
		cpuprof.head, cpuprof.tail = 0, 0
		cpuprof.header = true
		cpuprof.eof = false
		cpuprof.on = true
		cpuprof.hz = int32(hz)
		setProfTimer(hz)
	} else if cpuprof.on {
		setProfTimer(0)
		cpuprof.on = false
	}
	unlock(&cpuprof.lock)
}

func setProfTimer(hz int) {
	var it itimerval
	if hz > 0 {
		us := int64(1000000 / hz)
		it.interval[0] = us / 1000000
		it.interval[1] = us % 1000000
		it.value = it.interval
	}
	syscall6(sys_setitimer, 2, uintptr(unsafe.Pointer(&it)), 0, 0, 0, 0)
}

// sigprof takes a sample; false when no profile is being made.
func sigprof(mp *m, gp *g, c *ucontext) {
	if !cpuprof.on {
		return
	}
	if !atomic.Cas(&cpuprof.busy, 0, 1) {
		atomic.Xadd64(&cpuprof.lost, 1)
		return
	}
	h := cpuprof.head
	if h-atomic.Load(&cpuprof.tail) < profRing {
		s := &cpuprof.buf[h%profRing]
		s.time = nanotimeSignal()
		s.tag = nil
		if mp.curg != nil {
			s.tag = mp.curg.labels
		}
		var u unwinder
		pc, sp := uintptr(c.rip), uintptr(c.rsp)
		f := findfunc(pc)
		if f.valid() && gp == mp.curg && f.flag&8 == 0 {
			u.initAt(pc, sp, gp, false)
			s.n = int32(tracebackPCs(&u, 0, s.stk[:]))
		} else {
			s.stk[0] = pc + 1
			s.n = 1
			if cur := mp.curg; cur != nil && cur.sched.sp != 0 && gp != cur {
				u.init(cur)
				s.n = 1 + int32(tracebackPCs(&u, 0, s.stk[1:]))
			}
		}
		atomic.Store(&cpuprof.head, h+1)
	} else {
		atomic.Xadd64(&cpuprof.lost, 1)
	}
	atomic.Store(&cpuprof.busy, 0)
}

// nanotimeSignal reads the clock without looking at g: the handler may have interrupted anything.
func nanotimeSignal() int64 {
	var ts timespec
	syscall6(sys_clock_gettime, 1, uintptr(unsafe.Pointer(&ts)), 0, 0, 0, 0)
	return ts.sec*1000000000 + ts.nsec
}

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	for {
		if cpuprof.header {
			cpuprof.header = false
			data = append(data, 3, 0, uint64(cpuprof.hz))
			tags = append(tags, nil)
		}
		on := cpuprof.on
		head := atomic.Load(&cpuprof.head)
		for t := cpuprof.tail; t != head; t++ {
			s := &cpuprof.buf[t%profRing]
			data = append(data, uint64(3+s.n), uint64(s.time), 1)
			for _, pc := range s.stk[:s.n] {
				data = append(data, uint64(pc))
			}
			tags = append(tags, s.tag)
			atomic.Store(&cpuprof.tail, t+1)
		}
		if len(data) > 0 {
			return data, tags, false
		}
		if !on {
			cpuprof.eof = true
			return nil, nil, true
		}
		time_Sleep(100000000)
	}
}

// CPUProfile is obsolete: it panics.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// SetCgoTraceback has no effect: there is no cgo.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}
