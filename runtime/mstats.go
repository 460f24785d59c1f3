// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Memory statistics and the controls of runtime/debug.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"unsafe"
)

// MemStats records statistics about the memory allocator.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m with statistics as of the call.
func ReadMemStats(m *MemStats) {
	stopTheWorld()
	systemstack(func() {
		readMemStats(m)
	})
	startTheWorld()
}

func readMemStats(m *MemStats) {
	for _, pp := range allp {
		pp.mcache.releaseAll()
	}
	*m = MemStats{}
	m.TotalAlloc = memstatAlloc
	m.Mallocs = memstatMallocs + memstatTiny
	m.Frees = memstatFrees + memstatTiny
	m.HeapObjects = memstatMallocs - memstatFrees
	m.Alloc = memstatAlloc - memstatFreed
	m.HeapAlloc = m.Alloc
	h := &mheap_
	m.StackInuse = stackInUse
	m.StackSys = m.StackInuse
	free := uint64(h.freePages) << pageShift
	tail := uint64(h.mapped) - uint64(h.npages)<<pageShift
	m.HeapIdle = free + tail
	m.HeapInuse = uint64(h.npages)<<pageShift - free - stackInUse
	m.HeapSys = m.HeapIdle + m.HeapInuse
	m.HeapReleased = uint64(h.freeScav)<<pageShift + tail
	m.MSpanSys = 16 << 10
	m.MSpanInuse = 8 << 10
	m.MCacheInuse = uint64(len(allp)) * uint64(unsafe.Sizeof(mcache{}))
	m.MCacheSys = m.MCacheInuse
	m.OtherSys = memstatSys - uint64(h.mapped)
	m.GCSys = m.OtherSys / 2
	m.OtherSys -= m.GCSys
	m.Sys = m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.OtherSys + m.GCSys
	m.NextGC = gcTrigger
	m.LastGC = uint64(gcState.lastGC)
	m.PauseTotalNs = gcState.pauseTotal
	m.PauseNs = gcState.pauseNs
	m.PauseEnd = gcState.pauseEnd
	m.NumGC = gcState.cycles
	m.NumForcedGC = gcState.forced
	if t := nanotime() - startTime; startTime != 0 && t > 0 {
		m.GCCPUFraction = float64(gcState.cpuNs) / float64(t*int64(gomaxprocs))
	}
	m.EnableGC = true
	for i := range m.BySize {
		m.BySize[i].Size = uint32(gc.SizeClassToSize[i])
		if i > 0 {
			m.BySize[i].Mallocs = sizeMallocs[i]
			m.BySize[i].Frees = sizeFrees[i]
		}
	}
}

//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(pauses *[]uint64) {
	p := *pauses
	n := int(gcState.cycles)
	if n > 256 {
		n = 256
	}
	if cap(p) < 2*n+3 {
		throw("short slice passed to readGCStats")
	}
	p = p[:2*n+3]
	for i := 0; i < n; i++ {
		j := (int(gcState.cycles) - 1 - i) & 255
		p[i] = gcState.pauseNs[j]
		p[n+i] = gcState.pauseEnd[j]
	}
	p[2*n] = uint64(gcState.lastGC)
	p[2*n+1] = uint64(gcState.cycles)
	p[2*n+2] = gcState.pauseTotal
	*pauses = p
}

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(in int32) (out int32) {
	out = gcState.percent
	if in < 0 {
		in = -1
	}
	gcState.percent = in
	gcSetTrigger()
	if in >= 0 && atomic.Load64(&heapLive) >= gcTrigger {
		GC()
	}
	return out
}

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(in int64) (out int64) {
	out = gcState.memLimit
	if in >= 0 {
		gcState.memLimit = in
		gcSetTrigger()
	}
	return out
}

//go:linkname debug_freeOSMemory runtime/debug.freeOSMemory
func debug_freeOSMemory() {
	GC()
	systemstack(func() {
		mheap_.scavenge(0)
	})
}

//go:linkname setMaxStack runtime/debug.setMaxStack
func setMaxStack(in int) (out int) {
	out = int(maxstacksize)
	maxstacksize = uintptr(in)
	return out
}

//go:linkname setMaxThreads runtime/debug.setMaxThreads
func setMaxThreads(in int) (out int) {
	lock(&sched.lock)
	out = int(sched.maxmcount)
	if in > 0x7fffffff {
		in = 0x7fffffff
	}
	sched.maxmcount = int32(in)
	unlock(&sched.lock)
	if sched.mcount > int32(in) {
		print("runtime: program exceeds ", in, "-thread limit\n")
		throw("thread exhaustion")
	}
	return out
}

// WriteHeapDump writes the header of a heap dump, the parameters and an end mark: objects are not dumped.
//
//go:linkname debug_WriteHeapDump runtime/debug.WriteHeapDump
func debug_WriteHeapDump(fd uintptr) {
	stopTheWorld()
	const header = "go1.7 heap dump\n"
	write1(fd, unsafe.Pointer(unsafe.StringData(header)), int32(len(header)))
	var eof [1]byte
	write1(fd, unsafe.Pointer(&eof), 1)
	startTheWorld()
}

// GOMAXPROCS sets the number of processors that run Go code; n < 1 only asks.
func GOMAXPROCS(n int) int {
	if n <= 0 && getg().m.locks != 0 {
		// sync.Pool, pinned: it only wants room for those that exist
		return int(gomaxprocs)
	}
	if !procsInited {
		systemstack(procsInit)
	}
	if cgroupPending != 0 {
		systemstack(cgroupLook)
	}
	if procsWanted != 0 {
		cgroupApply()
	}
	old := int(gomaxprocs)
	if n <= 0 || n == old {
		if n == old {
			procsFixed = true
		}
		return old
	}
	procsFixed = true
	setProcs(int32(n))
	return old
}

func setProcs(n int32) {
	stopTheWorld()
	newprocs = n
	startTheWorld()
}

// SetDefaultGOMAXPROCS goes back to the number that the machine and the environment say.
func SetDefaultGOMAXPROCS() {
	if !procsInited {
		systemstack(procsInit)
	}
	procsFixed = false
	ncpuKnown = false
	n := numCPU()
	if v, ok := atoi32(gogetenv("GOMAXPROCS")); ok && v > 0 {
		n = v
	} else if n > 1 {
		n = cgroupLimit(n)
	}
	if n != gomaxprocs {
		setProcs(n)
	}
}

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(f func()) { gcState.poolCleanup = f }

//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(p unsafe.Pointer) {
	boringCaches = append(boringCaches, p)
}

// boringCaches are pointers in variables of the program that a collection clears.
var boringCaches []unsafe.Pointer

func clearBoringCaches() {
	for _, p := range boringCaches {
		storep((*unsafe.Pointer)(p), nil)
	}
}

//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	e := (*eface)(unsafe.Pointer(&x))
	t := (*ptrtype)(unsafe.Pointer(e._type)).Elem
	base, s, i := findObject(uintptr(e.data))
	var out []byte
	if s == nil {
		n := t.PtrBytes / 8
		m := gcMask(t)
		for j := uintptr(0); j < n; j++ {
			out = append(out, *(*byte)(add(unsafe.Pointer(m), j/8))>>(j%8)&1)
		}
		return out
	}
	switch s.kind {
	case spanBits:
		bits := s.heapBits(base)
		for j := uintptr(0); j < s.elemsize/8; j++ {
			out = append(out, byte(bits>>j&1))
		}
	case spanTyped, spanLarge:
		ot := s.largeType
		size := s.largeSize
		if s.kind == spanTyped {
			ot = *(**_type)(add(unsafe.Pointer(s.types), uintptr(i)*8))
			size = s.elemsize
		}
		m := gcMask(ot)
		for p := uintptr(0); p+8 <= size; p += 8 {
			j := p % ot.Size_ / 8
			b := byte(0)
			if j < ot.PtrBytes/8 {
				b = *(*byte)(add(unsafe.Pointer(m), j/8)) >> (j % 8) & 1
			}
			out = append(out, b)
		}
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}
