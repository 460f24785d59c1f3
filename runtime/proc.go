// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Start of the program, and the scheduler: goroutines, threads, processors. Threads beyond the first appear when there
// is work for them; sysmon appears with the second processor's use.

package runtime

import (
	"internal/abi"
	"internal/cpu"
	"internal/runtime/atomic"
	"internal/runtime/maps"
	"internal/runtime/sys"
	"unsafe"
)

//go:linkname main_main main.main
func main_main()

// sched is the part of the scheduler that all share.
var sched struct {
	lock         mutex
	midle        *m
	nmidle       int32
	nmidlelocked int32
	mcount       int32
	maxmcount    int32
	nmsys        int32

	pidle      *p
	npidle     int32
	nmspinning int32

	runqhead *g
	runqtail *g
	runqsize int32

	gfree   *g
	ngfree  int32
	goidgen uint64
	ngsys   int32

	gcwaiting uint32
	stopwait  int32
	stopnote  note

	lastpoll  int64
	pollUntil int64
	poller    uint32 // a thread sleeps in the poller

	sysmonwait    uint32
	sysmonnote    note
	sysmonStarted uint32

	procresizetime int64
	allGCount      int32 // goroutines alive
	ngWaitingIO    int32
}

var (
	mainStarted   bool
	runningMain   bool
	startTime     int64
	runtimeInited bool
	panicking     atomic.Uint32
	mainInitDone  bool
	newprocs      int32
)

// rt0main runs on g0 of the first thread, called by rt0_go. entry and rt0 are the time stamp counter at the entry and at rt0_go.
func rt0main(c int32, v **byte, entry, rt0 int64) {
	g0.m = &m0
	m0.procid()
	p0.mcache.init()
	p0.m = &m0
	p0.status = _Prunning
	m0.p = &p0
	sysargs(c, v)
	if bootTrace != 0 {
		bootBegin(entry, rt0)
		bootStep("osinit")
	}
	osinit()
	if bootTrace != 0 {
		bootStep("schedinit")
	}
	schedinit()
	if bootTrace != 0 {
		bootStep("newproc")
	}
	runqput(&p0, newproc1((*funcval)(unsafe.Pointer(&mainFuncval)), nil, 0, mainStackSize), true)
	if bootTrace != 0 {
		bootStep("mstart")
	}
	mstart1()
}

// mainFuncval is the func value of runtime.main.
var mainFuncval uintptr

// mainStackSize: pages of it cost nothing before they are used, and main rarely has to move.
const mainStackSize = 32 << 10

func (mp *m) procid() { mp.locks = 0 }

// osinit is a station of every boot: tools look for it.
//
//go:noinline
func osinit() {
	ncpu = 1 // looked up when it matters, see numCPU
}

var ncpuKnown bool

// numCPU asks for the number of processors once.
func numCPU() int32 {
	if !ncpuKnown {
		ncpu = getproccount()
		ncpuKnown = true
	}
	return ncpu
}

func schedinit() {
	sched.maxmcount = 10000
	mainFuncval = abi.FuncPCABIInternal(main)
	vdsoGettimeofdaySym = abi.FuncPCABI0(gettimeofdayFallback)
	allm = &m0
	m0.id = 0
	sched.mcount = 1
	initSigStack(&m0)
	initsig()
	parseEnv()
	cpuinit()
	maps.AlgInit()
	gomaxprocs = 1
	allpInit()
	gcinit()
	runtimeInited = true
}

func cpuinit() {
	cpu.Initialize(gogetenv("GODEBUG"))
	x86HasPOPCNT = cpu.X86.HasPOPCNT
	x86HasSSE41 = cpu.X86.HasSSE41
	x86HasFMA = cpu.X86.HasFMA
	x86HasAVX = cpu.X86.HasAVX
	useERMS = cpu.X86.HasERMS
}

// main is the first goroutine.
func main() {
	mp := getg().m
	runningMain = true
	mainStarted = true
	if bootTrace != 0 {
		bootStep("runtime.main")
	}
	runInitTasks()
	mainInitDone = true
	if islibrary || isarchive {
		return
	}
	if bootTrace != 0 {
		bootStep("main.main")
	}
	main_main()
	mp = getg().m
	_ = mp
	if runningPanicDefers.Load() != 0 {
		// another goroutine panics: let it finish its message
		for i := 0; i < 1000 && runningPanicDefers.Load() != 0; i++ {
			Gosched()
		}
	}
	if panicking.Load() != 0 {
		gopark(nil, nil, waitReasonZero)
	}
	runExitHooks(0)
	exit(0)
	for {
		breakpoint()
	}
}

var runningPanicDefers atomic.Int32

// runInitTasks initializes all packages.
func runInitTasks() {
	md := &firstmoduledata
	for i := uintptr(0); i < md.ninittasks; i++ {
		doInit1(*(**initTask)(unsafe.Pointer(md.inittasks + i*8)))
	}
}

func doInit1(t *initTask) {
	switch t.state {
	case 2:
		return
	case 1:
		throw("recursive call during initialization - linker skew")
	}
	t.state = 1
	if bootTrace != 0 {
		bootInit(t, "begin")
	}
	var start initTrace
	if debug.inittrace != 0 {
		start = initTraceNow()
	}
	for i := uintptr(0); i < uintptr(t.nfns); i++ {
		p := add(unsafe.Pointer(t), 8+i*8)
		f := *(*func())(unsafe.Pointer(&p))
		f()
	}
	if debug.inittrace != 0 && t.nfns > 0 {
		start.print(initPackage(t))
	}
	t.state = 2
	if bootTrace != 0 {
		bootInit(t, "end")
	}
}

//go:linkname plugin_doInit runtime.doInit
func plugin_doInit(ts []*initTask) {
	for _, t := range ts {
		doInit1(t)
	}
}

// Goroutines.

// newproc starts a goroutine that runs fn: the go statement.
func newproc(fn *funcval) {
	gp := getg()
	pc := sys.GetCallerPC()
	if fn == nil {
		fatal("go of nil func value")
	}
	if !procsInited {
		systemstack(procsInit)
	}
	if cgroupPending == 2 && gp.m.locks == 0 && gp == gp.m.curg && gp.m.preemptoff == "" {
		systemstack(cgroupLook)
		cgroupApply()
	}
	systemstack(func() {
		mp := getg().m
		newg := newproc1(fn, gp, pc, stackMin)
		if gp.syncGroup != nil {
			newg.syncGroup = gp.syncGroup
			gp.syncGroup.add(newg)
		}
		runqput(mp.p, newg, true)
		if mainStarted {
			startSysmon()
			wakep()
		}
	})
}

// procsInited: the number of processors has been looked at. A program without go statements never does.
var procsInited bool

// procsInit sets GOMAXPROCS to what the machine and the environment say. Only one thread runs Go code yet.
func procsInit() {
	procsInited = true
	n := numCPU()
	if v, ok := atoi32(gogetenv("GOMAXPROCS")); ok && v > 0 {
		n = v
		procsFixed = true
	} else if n > 1 {
		cgroupPending = 1
	}
	if n > gomaxprocs {
		lock(&sched.lock)
		pp := getg().m.p
		procresize(n)
		pp.status = _Prunning
		unlock(&sched.lock)
	}
}

// The control group's limit takes several files to find out: the first go statement after sysmon has been up for a while
// does it, or a call of GOMAXPROCS.
var (
	cgroupPending uint32 // 1 = not looked at yet, 2 = it is time
	procsWanted   uint32 // what should be set; 0 = nothing
)

func cgroupLook() {
	if atomic.Xchg(&cgroupPending, 0) != 0 {
		n := numCPU()
		if k := cgroupLimit(n); k < n {
			atomic.Store(&procsWanted, uint32(k))
		}
	}
}

func cgroupApply() {
	if n := atomic.Xchg(&procsWanted, 0); n != 0 && !procsFixed && int32(n) != gomaxprocs {
		setProcs(int32(n))
	}
}

// procsFixed: GOMAXPROCS was set by the environment or a call; no automatic changes.
var procsFixed bool

func newproc1(fn *funcval, parent *g, pc uintptr, stacksize uintptr) *g {
	if fn == nil {
		fatal("go of nil func value")
	}
	mp := getg().m
	mp.locks++
	pp := mp.p
	newg := gfget(pp, stacksize)
	sp := newg.stack.hi - 48 // zeros above: room for what a callee may spill
	*(*uintptr)(unsafe.Pointer(sp)) = 0
	sp -= 8
	*(*uintptr)(unsafe.Pointer(sp)) = abi.FuncPCABI0(goexit) + 1
	newg.sched = gobuf{}
	newg.sched.sp = sp
	newg.sched.pc = fn.fn
	newg.sched.ctxt = unsafe.Pointer(fn)
	newg.startpc = fn.fn
	newg.gopc = pc
	newg.parentGoid = 0
	if parent != nil {
		newg.parentGoid = parent.goid
		newg.labels = parent.labels
		newg.fipsBypass = parent.fipsBypass
	}
	newg.goid = atomic.Xadd64(&sched.goidgen, 1)
	newg.isSystem = false
	casgstatus(newg, _Gdead, _Grunnable)
	mp.locks--
	return newg
}

func pint32(p *int32) *uint32 { return (*uint32)(unsafe.Pointer(p)) }

// becomeSystem: goroutines of the runtime's own are not counted and not shown.
func (gp *g) becomeSystem() {
	gp.isSystem = true
	atomic.Xadd(pint32(&sched.ngsys), 1)
}

// gfget returns a dead goroutine with a stack.
func gfget(pp *p, stacksize uintptr) *g {
	gp := pp.gFree
	if gp == nil && sched.gfree != nil {
		lock(&sched.lock)
		for i := 0; i < 32 && sched.gfree != nil; i++ {
			gp = sched.gfree
			sched.gfree = gp.schedlink
			sched.ngfree--
			gp.schedlink = pp.gFree
			pp.gFree = gp
			pp.gFreeN++
		}
		unlock(&sched.lock)
		gp = pp.gFree
	}
	if gp != nil {
		pp.gFree = gp.schedlink
		pp.gFreeN--
		gp.schedlink = nil
	} else {
		gp = newg()
	}
	if gp.stack.lo == 0 {
		gp.stack = stackalloc(stacksize)
	}
	gp.stackguard0 = gp.stack.lo + stackGuard
	gp.stackguard1 = gp.stackguard0
	atomic.Xadd(pint32(&sched.allGCount), 1)
	return gp
}

// gfput keeps a finished goroutine for reuse. Stacks that grew are given back.
func gfput(pp *p, gp *g) {
	if gp.stack.hi-gp.stack.lo != stackMin {
		stackfree(gp.stack)
		gp.stack = stack{}
		gp.stackguard0 = 0
	}
	gp.schedlink = pp.gFree
	pp.gFree = gp
	pp.gFreeN++
	if pp.gFreeN >= 64 {
		lock(&sched.lock)
		for pp.gFreeN > 32 {
			x := pp.gFree
			pp.gFree = x.schedlink
			pp.gFreeN--
			x.schedlink = sched.gfree
			sched.gfree = x
			sched.ngfree++
		}
		unlock(&sched.lock)
	}
}

// allgsStore is the storage of allgs: doubled, never freed, so that readers without the lock see a valid array.
var allgsFirst [64]*g

func newg() *g {
	const batch = 8
	lock(&allglock)
	if gSpare == nil {
		n := uintptr(batch)
		if len(allgs) == 0 {
			n = 2
		}
		p := persistentalloc(unsafe.Sizeof(g{})*n, 64)
		for i := uintptr(0); i < n; i++ {
			x := (*g)(add(p, i*unsafe.Sizeof(g{})))
			x.schedlink = gSpare
			gSpare = x
		}
	}
	gp := gSpare
	gSpare = gp.schedlink
	gp.schedlink = nil
	gp.status = _Gdead
	gp.allIndex = len(allgs)
	if allgs == nil {
		allgs = allgsFirst[:0]
	}
	if len(allgs) == cap(allgs) {
		n := 2 * cap(allgs)
		p := persistentalloc(uintptr(n)*8, 8)
		memmove(p, unsafe.Pointer(unsafe.SliceData(allgs)), uintptr(len(allgs))*8)
		allgs = unsafe.Slice((**g)(p), n)[:len(allgs)]
	}
	allgs = allgs[:len(allgs)+1]
	allgs[len(allgs)-1] = gp
	unlock(&allglock)
	return gp
}

var gSpare *g

//go:nosplit
func readgstatus(gp *g) uint32 { return atomic.Load(&gp.status) }

//go:nosplit
func casgstatus(gp *g, old, new uint32) {
	for !atomic.Cas(&gp.status, old, new) {
		if atomic.Load(&gp.status) != old {
			badstatus(gp, old, new)
		}
	}
}

func badstatus(gp *g, old, new uint32) {
	systemstack(func() {
		print("runtime: goroutine ", gp.goid, " has status ", gp.status, ", expected ", old, " for ", new, "\n")
		throw("bad goroutine status")
	})
}

// goexit1 is called when the first function of a goroutine returns.
func goexit1() {
	mcall(goexit0)
}

func goexit0(gp *g) {
	gdestroy(gp)
	schedule()
}

// gdestroy ends a goroutine, on g0.
func gdestroy(gp *g) {
	mp := getg().m
	pp := mp.p
	if gp.syncGroup != nil {
		gp.syncGroup.remove(gp)
		gp.syncGroup = nil
	}
	casgstatus(gp, _Grunning, _Gdead)
	if gp.isSystem {
		atomic.Xadd(pint32(&sched.ngsys), -1)
	}
	atomic.Xadd(pint32(&sched.allGCount), -1)
	locked := gp.lockedm != nil
	gp.m = nil
	gp.lockedm = nil
	mp.lockedg = nil
	gp.preempt = false
	gp.paniconfault = false
	gp._defer = nil
	gp._panic = nil
	gp.waitreason = 0
	gp.param = nil
	gp.labels = nil
	gp.timer = nil
	gp.waiting = nil
	gp.coroarg = nil
	gp.fipsBypass = false
	gp.fipsIndicator = 0
	gp.sched = gobuf{}
	gp.stackguard0 = gp.stack.lo + stackGuard
	mp.curg = nil
	gfput(pp, gp)
	if locked && (mp.lockedExt > 0) {
		// the thread's state may be spoiled: it ends with its goroutine
		mp.lockedExt = 0
		mp.lockedInt = 0
		if mp != &m0 {
			handoffp(releasep())
			mexit(mp)
		}
		return
	}
	mp.lockedExt = 0
	mp.lockedInt = 0
}

// gopark makes the calling goroutine wait. unlockf runs on g0 after the goroutine is off its stack; false = don't wait.
func gopark(unlockf func(*g, unsafe.Pointer) bool, lock unsafe.Pointer, reason waitReason) {
	mp := acquirem()
	gp := mp.curg
	mp.waitunlockf = unlockf
	mp.waitlock = lock
	gp.waitreason = reason
	releasem(mp)
	mcall(park_m)
}

func goparkunlock(l *mutex, reason waitReason) {
	gopark(parkunlock, unsafe.Pointer(l), reason)
}

func parkunlock(gp *g, l unsafe.Pointer) bool {
	unlock((*mutex)(l))
	return true
}

func park_m(gp *g) {
	mp := getg().m
	bubble := gp.syncGroup
	if bubble != nil {
		bubble.incActive()
	}
	casgstatus(gp, _Grunning, _Gwaiting)
	gp.waitsince = 0
	dropg(mp, gp)
	if bubble != nil {
		bubble.changeStatus(gp, true)
	}
	if f := mp.waitunlockf; f != nil {
		ok := f(gp, mp.waitlock)
		mp.waitunlockf = nil
		mp.waitlock = nil
		if !ok {
			if bubble != nil {
				bubble.changeStatus(gp, false)
				bubble.decActive()
			}
			casgstatus(gp, _Gwaiting, _Grunnable)
			execute(gp, true)
		}
	}
	if bubble != nil {
		bubble.decActive()
	}
	schedule()
}

func dropg(mp *m, gp *g) {
	gp.m = nil
	mp.curg = nil
}

// goready makes a waiting goroutine runnable: next on this p.
func goready(gp *g) {
	systemstack(func() {
		ready(gp, true)
	})
}

func ready(gp *g, next bool) {
	mp := acquirem()
	if gp.syncGroup != nil {
		gp.syncGroup.changeStatus(gp, false)
	}
	casgstatus(gp, _Gwaiting, _Grunnable)
	runqput(mp.p, gp, next)
	wakep()
	releasem(mp)
}

// execute runs gp on this thread. inherit: it shares the time slice of the one before.
func execute(gp *g, inherit bool) {
	mp := getg().m
	mp.curg = gp
	gp.m = mp
	casgstatus(gp, _Grunnable, _Grunning)
	gp.preempt = false
	gp.stackguard0 = gp.stack.lo + stackGuard
	if !inherit {
		mp.p.schedtick++
	}
	gogo(gp)
}

// schedule finds a goroutine and runs it. On g0, with a p; never returns.
func schedule() {
	mp := getg().m
	if mp.locks != 0 {
		throw("schedule: holding locks")
	}
	if mp.lockedg != nil {
		stoplockedm()
		execute(mp.lockedg, false)
	}
top:
	mp.p.preempt = false
	gp, inherit := findRunnable()
	if mp.spinning {
		resetspinning()
	}
	if gp.lockedm != nil && gp.lockedm != mp {
		startlockedm(gp)
		goto top
	}
	execute(gp, inherit)
}

// findRunnable returns a goroutine to run; sleeps until there is one.
func findRunnable() (gp *g, inherit bool) {
	mp := getg().m
top:
	pp := mp.p
	if atomic.Load(&sched.gcwaiting) != 0 {
		gcstopm()
		goto top
	}
	if pp.timers.n() > 0 {
		pp.timers.run(0)
	}
	// the shared queue gets its turn, or two goroutines that wake each other would keep it waiting for ever
	if pp.schedtick%61 == 0 && sched.runqsize > 0 {
		lock(&sched.lock)
		gp = globrunqget(pp, 1)
		unlock(&sched.lock)
		if gp != nil {
			return gp, false
		}
	}
	if gp, inherit = runqget(pp); gp != nil {
		return gp, inherit
	}
	if sched.runqsize != 0 {
		lock(&sched.lock)
		gp = globrunqget(pp, 0)
		unlock(&sched.lock)
		if gp != nil {
			return gp, false
		}
	}
	if netpollinited() && netpollAnyWaiters() && atomic.Loadint64(&sched.lastpoll) != 0 {
		if list := netpoll(0); list != nil {
			gp = list
			injectglist(gp.schedlink)
			gp.schedlink = nil
			casgstatus(gp, _Gwaiting, _Grunnable)
			return gp, false
		}
	}
	// steal
	if gomaxprocs > 1 && (mp.spinning || 2*atomic.Load(pint32(&sched.nmspinning)) < uint32(gomaxprocs-sched.npidle)) {
		if !mp.spinning {
			mp.spinning = true
			atomic.Xadd(pint32(&sched.nmspinning), 1)
		}
		if gp, inherit = stealWork(mp, pp); gp != nil {
			return gp, inherit
		}
	}
	if gp = gcIdleWork(pp); gp != nil {
		return gp, false
	}
	// nothing: give the p up
	lock(&sched.lock)
	if sched.gcwaiting != 0 {
		unlock(&sched.lock)
		goto top
	}
	if sched.runqsize != 0 {
		gp = globrunqget(pp, 0)
		unlock(&sched.lock)
		return gp, false
	}
	when := timersEarliest()
	if releasep() != pp {
		throw("findRunnable: wrong p")
	}
	pidleput(pp)
	unlock(&sched.lock)
	if mp.spinning {
		mp.spinning = false
		atomic.Xadd(pint32(&sched.nmspinning), -1)
		// work may have come between our look and the end of our spinning
		if again := recheckRunqs(mp); again != nil {
			acquirep(again)
			mp.spinning = true
			atomic.Xadd(pint32(&sched.nmspinning), 1)
			goto top
		}
	}
	// one thread sleeps for the timers and the network, all others for work
	if (netpollinited() && netpollAnyWaiters() || when != 0 || signalsWanted()) && atomic.Cas(&sched.poller, 0, 1) {
		list := pollSleep(mp, when)
		atomic.Store(&sched.poller, 0)
		lock(&sched.lock)
		pp = pidleget()
		unlock(&sched.lock)
		if pp != nil {
			acquirep(pp)
			if list != nil {
				gp = list
				injectglist(gp.schedlink)
				gp.schedlink = nil
				casgstatus(gp, _Gwaiting, _Grunnable)
				return gp, false
			}
			goto top
		}
		injectglist(list)
		stopm()
		goto top
	}
	stopm()
	goto top
}

// pollSleep waits for the network or until `when` (0 = for ever) and returns the goroutines that became ready.
func pollSleep(mp *m, when int64) *g {
	atomic.Storeint64(&sched.pollUntil, when)
	// a timer that was added after we looked found nobody to wake
	if w := timersEarliest(); w != 0 && (when == 0 || w < when) {
		when = w
		atomic.Storeint64(&sched.pollUntil, when)
	}
	delay := int64(-1)
	if when != 0 {
		delay = when - nanotime()
		if delay < 0 {
			delay = 0
		}
	}
	checkdeadFor(mp, delay)
	mp.blocked = true
	list := netpollSleep(delay)
	mp.blocked = false
	atomic.Storeint64(&sched.pollUntil, 0)
	return list
}

// wakePoller makes the sleeping poller look again when a timer is due before it would wake.
func wakePoller(when int64) {
	if atomic.Load(&sched.poller) != 0 {
		u := atomic.Loadint64(&sched.pollUntil)
		if u == 0 || u > when {
			netpollBreak()
		}
	} else {
		wakep()
	}
}

// stealWork tries to take goroutines or due timers of other ps.
func stealWork(mp *m, pp *p) (*g, bool) {
	n := len(allp)
	r := int(cheaprand() % uint32(n))
	for try := 0; try < 3; try++ {
		for i := 0; i < n; i++ {
			p2 := allp[(r+i)%n]
			if atomic.Load(&sched.gcwaiting) != 0 {
				return nil, false
			}
			if p2 == pp {
				continue
			}
			if try == 2 && p2.timers.n() > 0 {
				p2.timers.run(0)
				if gp, inherit := runqget(pp); gp != nil {
					return gp, inherit
				}
			}
			if gp := runqsteal(pp, p2, try == 2); gp != nil {
				return gp, false
			}
		}
		if try == 0 {
			procyield(10)
		}
	}
	return nil, false
}

// recheckRunqs: is there work for an idle p after all?
func recheckRunqs(mp *m) *p {
	for _, p2 := range allp {
		if !runqempty(p2) {
			lock(&sched.lock)
			pp := pidleget()
			unlock(&sched.lock)
			return pp
		}
	}
	if sched.runqsize != 0 {
		lock(&sched.lock)
		pp := pidleget()
		unlock(&sched.lock)
		return pp
	}
	return nil
}

func resetspinning() {
	mp := getg().m
	mp.spinning = false
	if atomic.Xadd(pint32(&sched.nmspinning), -1)+1 == 0 {
		throw("negative spinning count")
	}
	wakep()
}

// Gosched lets others run.
func Gosched() {
	mcall(gosched_m)
}

func gosched_m(gp *g) {
	goschedImpl(gp)
}

func goschedImpl(gp *g) {
	mp := getg().m
	casgstatus(gp, _Grunning, _Grunnable)
	dropg(mp, gp)
	lock(&sched.lock)
	globrunqput(gp)
	unlock(&sched.lock)
	schedule()
}

// goyield lets others of this p run, then continues here.
func goyield() {
	mcall(goyield_m)
}

func goyield_m(gp *g) {
	mp := getg().m
	casgstatus(gp, _Grunning, _Grunnable)
	dropg(mp, gp)
	runqput(mp.p, gp, false)
	schedule()
}

func goschedguarded() {
	mp := getg().m
	if mp.locks == 0 && mp.curg == getg() {
		Gosched()
	}
}

// gopreempt: the goroutine yields because it was asked to. On g0.
func gopreempt(gp *g) {
	goschedImpl(gp)
}

// preemptPark yields at a safe point inside of the runtime.
func preemptPark() {
	gp := getg()
	gp.preempt = false
	gp.stackguard0 = gp.stack.lo + stackGuard
	mcall(gosched_m)
}

func canPreempt(mp *m) bool {
	return mp.locks == 0 && mp.p != nil && mp.p.status == _Prunning && mp.preemptoff == ""
}

//go:linkname sync_runtime_procPin sync.runtime_procPin
//go:nosplit
func sync_runtime_procPin() int { return procPin() }

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
//go:nosplit
func sync_runtime_procUnpin() { procUnpin() }

//go:linkname sync_atomic_runtime_procPin sync/atomic.runtime_procPin
//go:nosplit
func sync_atomic_runtime_procPin() int { return procPin() }

//go:linkname sync_atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
//go:nosplit
func sync_atomic_runtime_procUnpin() { procUnpin() }

//go:nosplit
//go:linkname procPin
func procPin() int {
	mp := getg().m
	mp.locks++
	return int(mp.p.id)
}

//go:nosplit
//go:linkname procUnpin
func procUnpin() {
	releasem(getg().m)
}

func badmcall() { throw("runtime: mcall function returned") }
