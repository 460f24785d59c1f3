// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The three players of the scheduler: g (a goroutine), m (a thread of the system), p (the right to run Go code, with
// what belongs to it: run queue, memory cache, timers). g and m never move and are never freed; the collector reads them
// conservatively, so that a pointer in any of their words keeps its object alive.

package runtime

import (
	"internal/abi"
	"unsafe"
)

type _type = abi.Type
type maptype = abi.MapType
type chantype = abi.ChanType
type slicetype = abi.SliceType
type functype = abi.FuncType
type ptrtype = abi.PtrType
type itab = abi.ITab
type interfacetype = abi.InterfaceType

type funcval struct {
	fn uintptr
	// captured variables follow
}

type iface struct {
	tab  *itab
	data unsafe.Pointer
}

type eface struct {
	_type *_type
	data  unsafe.Pointer
}

type slice struct {
	array unsafe.Pointer
	len   int
	cap   int
}

type stringStruct struct {
	str unsafe.Pointer
	len int
}

type stack struct {
	lo uintptr
	hi uintptr
}

// gobuf is where a goroutine that doesn't run continues: SP as it is after the return to pc, and what DX and BP hold.
// The assembly knows the offsets.
type gobuf struct {
	sp   uintptr
	pc   uintptr
	ctxt unsafe.Pointer
	bp   uintptr
}

// States of a goroutine.
const (
	_Gidle = iota
	_Grunnable
	_Grunning
	_Gsyscall
	_Gwaiting
	_Gdead
	_Gpreempted
)

// g is a goroutine. The compiler and the assembly know the offsets of the fields up to goid.
type g struct {
	stack       stack   // 0, 8
	stackguard0 uintptr // 16: compared with SP by every prologue; stackPreempt asks to yield
	stackguard1 uintptr // 24
	m           *m      // 32: nil while not running
	sched       gobuf   // 40 sp, 48 pc, 56 ctxt, 64 bp
	goid        uint64  // 72

	status        uint32
	waitreason    waitReason
	preempt       bool // stackguard0 asks to yield
	asyncSafe     bool // stopped at an asynchronous point: the innermost frame is scanned conservatively
	paniconfault  bool
	fipsBypass    bool
	fipsIndicator uint8
	isSystem      bool
	lockedExt     bool
	coroarg       *coro
	syncGroup     *synctestBubble
	waitsince     int64
	schedlink     *g
	lockedm       *m
	_panic        *_panic
	_defer        *_defer
	waiting       *sudog // sudogs this goroutine is queued with (select: in lock order)
	param         unsafe.Pointer
	selectDone    uint32
	sig           uint32
	sigcode0      uintptr
	sigcode1      uintptr
	sigpc         uintptr
	syscallsp     uintptr
	syscallpc     uintptr
	syscallbp     uintptr
	gopc          uintptr // pc of the go statement
	startpc       uintptr
	parentGoid    uint64
	labels        unsafe.Pointer
	timer         *timer
	sleepWhen     int64
	allIndex      int
	bubbleWait    bool
}

// m is a thread. The assembly knows the offsets of g0, gsignal and curg.
type m struct {
	g0            *g // 0: the goroutine of the scheduler, on the thread's own stack
	gsignal       *g // 8
	curg          *g // 16: the user goroutine that runs, or nil
	p             *p
	oldp          *p
	nextp         *p
	id            int64
	tid           uint32
	locks         int32
	park          note
	alllink       *m
	idlelink      *m
	spinning      bool
	blocked       bool
	dying         int32
	throwing      int32
	preemptoff    string
	lockedg       *g
	lockedExt     uint32
	lockedInt     uint32
	rng           uint64
	mstartfn      func()
	sigmask       sigset
	signalPending uint32
	perThread     uint32 // asked to make the system call of perThread.args
	freeSudog     *sudog
	freeSudogN    int32
	waitunlockf   func(*g, unsafe.Pointer) bool
	waitlock      unsafe.Pointer
	helperWork    gcWork
	gcHelp        uint32
	stackCache    [stackOrders]stackFreeList
	deferpool     *_defer
	printlock     int8
	pcCache       [pcCacheSize]pcCacheEntry // last: not looked at by the collector
}

// States of a p.
const (
	_Pidle = iota
	_Prunning
	_Psyscall
	_Pgcstop
	_Pdead
)

const runqSize = 256

// p is the right to run Go code.
type p struct {
	id          int32
	status      uint32
	link        *p
	m           *m
	schedtick   uint32
	syscalltick uint32
	sysmontick  sysmontick
	preempt     bool
	mcache      mcache

	runqhead uint32
	runqtail uint32
	runq     [runqSize]*g
	runnext  *g

	gFree  *g
	gFreeN int32

	timers timerHeap

	gcw gcWork
}

type sysmontick struct {
	schedtick   uint32
	syscalltick uint32
	schedwhen   int64
	syscallwhen int64
}

// sudog is a goroutine in a wait queue of a channel or a semaphore.
type sudog struct {
	g           *g
	next        *sudog
	prev        *sudog
	elem        unsafe.Pointer // data element (may point into a stack), or the semaphore's address
	c           *hchan
	waitlink    *sudog // g.waiting list, or semaphore list
	waittail    *sudog
	acquiretime int64
	releasetime int64
	ticket      uint32
	isSelect    bool
	success     bool
	waiters     uint16
}

// _defer is one deferred call. The compiler makes it in the frame (deferprocStack) with fn set, or the runtime on the heap.
type _defer struct {
	fn        func()
	link      *_defer
	sp        uintptr // SP of the function that defers, at its calls
	pc        uintptr // return address of the call of deferproc there
	heap      bool
	rangefunc bool           // a marker: its list `head` holds the defers of range-over-func bodies
	head      unsafe.Pointer // *_defer, of a rangefunc marker
}

// _panic is one panic (or Goexit) in progress. It lives in the frame of gopanic (or Goexit).
type _panic struct {
	arg         any
	link        *_panic
	sp          uintptr // SP of gopanic at its call of runPanicDefers: identifies the caller of the deferred functions
	deferSP     uintptr // of the record whose function runs: where to continue when it recovers
	deferPC     uintptr
	goexit      bool
	recovered   bool
	repanicked  bool
	printing    bool // its value is being made text
	deferreturn bool
}

type waitReason uint8

const (
	waitReasonZero waitReason = iota
	waitReasonGCAssistMarking
	waitReasonIOWait
	waitReasonChanReceiveNilChan
	waitReasonChanSendNilChan
	waitReasonSelect
	waitReasonSelectNoCases
	waitReasonGCWorkerIdle
	waitReasonChanReceive
	waitReasonChanSend
	waitReasonFinalizerWait
	waitReasonForceGCIdle
	waitReasonSemacquire
	waitReasonSleep
	waitReasonSyncCondWait
	waitReasonSyncMutexLock
	waitReasonSyncRWMutexRLock
	waitReasonSyncRWMutexLock
	waitReasonSyncWaitGroupWait
	waitReasonTraceReaderBlocked
	waitReasonStoppingTheWorld
	waitReasonCoroutine
	waitReasonSynctestRun
	waitReasonSynctestWait
	waitReasonSynctestChanReceive
	waitReasonSynctestChanSend
	waitReasonSynctestSelect
	waitReasonCleanupWait
	waitReasonSignalWait
)

var waitReasonStrings = [...]string{
	waitReasonZero:                "",
	waitReasonGCAssistMarking:     "GC assist marking",
	waitReasonIOWait:              "IO wait",
	waitReasonChanReceiveNilChan:  "chan receive (nil chan)",
	waitReasonChanSendNilChan:     "chan send (nil chan)",
	waitReasonSelect:              "select",
	waitReasonSelectNoCases:       "select (no cases)",
	waitReasonGCWorkerIdle:        "GC worker (idle)",
	waitReasonChanReceive:         "chan receive",
	waitReasonChanSend:            "chan send",
	waitReasonFinalizerWait:       "finalizer wait",
	waitReasonForceGCIdle:         "force gc (idle)",
	waitReasonSemacquire:          "semacquire",
	waitReasonSleep:               "sleep",
	waitReasonSyncCondWait:        "sync.Cond.Wait",
	waitReasonSyncMutexLock:       "sync.Mutex.Lock",
	waitReasonSyncRWMutexRLock:    "sync.RWMutex.RLock",
	waitReasonSyncRWMutexLock:     "sync.RWMutex.Lock",
	waitReasonSyncWaitGroupWait:   "sync.WaitGroup.Wait",
	waitReasonTraceReaderBlocked:  "trace reader (blocked)",
	waitReasonStoppingTheWorld:    "stopping the world",
	waitReasonCoroutine:           "coroutine",
	waitReasonSynctestRun:         "synctest.Run",
	waitReasonSynctestWait:        "synctest.Wait",
	waitReasonSynctestChanReceive: "chan receive (durable)",
	waitReasonSynctestChanSend:    "chan send (durable)",
	waitReasonSynctestSelect:      "select (durable)",
	waitReasonCleanupWait:         "cleanup wait",
	waitReasonSignalWait:          "syscall", // shown like the wait for a signal always was
}

func (w waitReason) String() string {
	if int(w) >= len(waitReasonStrings) {
		return "unknown wait reason"
	}
	return waitReasonStrings[w]
}

var (
	m0 m
	g0 g // of m0

	allglock mutex
	allgs    []*g // storage off the heap, see allgadd
	allm     *m
	allp     []*p
	p0       p

	gomaxprocs   int32
	ncpu         int32
	physPageSize uintptr = 4096
)
