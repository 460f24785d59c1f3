// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Threads: starting, parking, handing ps over; goroutines locked to threads; system calls; stopping the world; sysmon.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

const g0StackSize = 64 << 10

func mcount() int32 { return sched.mcount }

// mstart1 is the first Go code of a thread.
func mstart1() {
	gp := getg()
	mp := gp.m
	// mcall and systemstack begin here again and again
	gp.sched.sp = sys.GetCallerSP()
	gp.sched.pc = sys.GetCallerPC()
	if mp != &m0 {
		minit(mp)
	} else {
		mp.tid = 0 // asked for when needed
	}
	if fn := mp.mstartfn; fn != nil {
		fn()
	}
	if mp.nextp != nil {
		pp := mp.nextp
		mp.nextp = nil
		acquirep(pp)
	}
	schedule()
}

func minit(mp *m) {
	initSigStack(mp)
	sigprocmask(_SIG_SETMASK, &threadMask, nil)
}

// threadID is the kernel's number of a thread.
func (mp *m) threadID() uint32 {
	if mp.tid == 0 && mp == &m0 {
		mp.tid = uint32(getpid()) // the first thread has the process's number
	}
	return mp.tid
}

// newm starts a thread that runs fn (may be nil) and then schedules with pp.
func newm(fn func(), pp *p, spinning bool) {
	mp := allocm()
	mp.mstartfn = fn
	mp.nextp = pp
	mp.spinning = spinning
	if sched.nmsys+sched.mcount > sched.maxmcount {
		print("runtime: program exceeds ", sched.maxmcount, "-thread limit\n")
		throw("thread exhaustion")
	}
	newosproc(mp)
}

var mFree *m // ended threads whose stacks may be reused once their note says so

func allocm() *m {
	numCPU()
	lock(&sched.lock)
	mp := mFree
	var prev *m
	for mp != nil && atomic.Load(&mp.park.key) != 0 {
		prev = mp
		mp = mp.idlelink
	}
	if mp != nil {
		if prev == nil {
			mFree = mp.idlelink
		} else {
			prev.idlelink = mp.idlelink
		}
		mp.idlelink = nil
		g0 := mp.g0
		g0.stackguard0 = g0.stack.lo + stackGuard
		sched.mcount++
		unlock(&sched.lock)
		return mp
	}
	sched.mcount++
	unlock(&sched.lock)
	mp = (*m)(persistentalloc(unsafe.Sizeof(m{}), 64))
	g0 := (*g)(persistentalloc(unsafe.Sizeof(g{}), 64))
	stk := uintptr(sysAlloc(g0StackSize))
	g0.stack = stack{stk, stk + g0StackSize}
	g0.stackguard0 = stk + stackGuard
	g0.stackguard1 = g0.stackguard0
	g0.m = mp
	mp.g0 = g0
	lock(&sched.lock)
	mp.id = int64(atomic.Xadd64(&midgen, 1))
	mp.alllink = allm
	atomic.StorepNoWB(unsafe.Pointer(&allm), unsafe.Pointer(mp))
	unlock(&sched.lock)
	return mp
}

var midgen uint64

// mexit ends this thread. Its p was given away.
func mexit(mp *m) {
	lock(&sched.lock)
	sched.mcount--
	mp.idlelink = mFree
	mFree = mp
	mp.tid = 0
	atomic.Store(&mp.park.key, 1)
	checkdead()
	unlock(&sched.lock)
	exitThread(&mp.park.key)
}

// startm runs pp (nil: an idle one) on an idle or new thread.
func startm(pp *p, spinning bool) {
	mp := acquirem()
	lock(&sched.lock)
	if pp == nil {
		pp = pidleget()
		if pp == nil {
			unlock(&sched.lock)
			if spinning {
				if int32(atomic.Xadd(pint32(&sched.nmspinning), -1)) < 0 {
					throw("startm: negative nmspinning")
				}
			}
			releasem(mp)
			return
		}
	}
	nm := sched.midle
	if nm == nil {
		unlock(&sched.lock)
		newm(nil, pp, spinning)
		releasem(mp)
		return
	}
	sched.midle = nm.idlelink
	sched.nmidle--
	nm.idlelink = nil
	unlock(&sched.lock)
	nm.spinning = spinning
	nm.nextp = pp
	notewakeup(&nm.park)
	releasem(mp)
}

// stopm parks this thread until it is given a p.
func stopm() {
	mp := getg().m
	lock(&sched.lock)
	mp.idlelink = sched.midle
	sched.midle = mp
	sched.nmidle++
	checkdead()
	unlock(&sched.lock)
	mPark(mp)
	acquirep(mp.nextp)
	mp.nextp = nil
}

func mPark(mp *m) {
	for {
		notesleep(&mp.park)
		noteclear(&mp.park)
		if gcHelpWanted(mp) {
			gcHelp(mp)
			continue
		}
		return
	}
}

// wakep gets one more thread to look for work, if a p is idle and none is looking yet.
func wakep() {
	if atomic.Load(pint32(&sched.npidle)) == 0 || sched.nmspinning != 0 ||
		!atomic.Cas(pint32(&sched.nmspinning), 0, 1) {
		return
	}
	startSysmon()
	startm(nil, true)
}

// handoffp gives a p whose thread blocks to another one, when there is work for it.
func handoffp(pp *p) {
	if !runqempty(pp) || sched.runqsize != 0 {
		startm(pp, false)
		return
	}
	if sched.nmspinning+sched.npidle == 0 && atomic.Cas(pint32(&sched.nmspinning), 0, 1) {
		startm(pp, true)
		return
	}
	lock(&sched.lock)
	if sched.gcwaiting != 0 {
		pp.status = _Pgcstop
		sched.stopwait--
		if sched.stopwait == 0 {
			notewakeup(&sched.stopnote)
		}
		unlock(&sched.lock)
		return
	}
	if sched.runqsize != 0 {
		unlock(&sched.lock)
		startm(pp, false)
		return
	}
	when := pp.timers.wakeTime()
	pidleput(pp)
	unlock(&sched.lock)
	if when != 0 || netpollinited() && netpollAnyWaiters() && atomic.Load(&sched.poller) == 0 {
		if when == 0 {
			wakep()
		} else {
			wakePoller(when)
		}
	}
}

// Goroutines locked to threads.

func stoplockedm() {
	mp := getg().m
	if mp.p != nil {
		handoffp(releasep())
	}
	lock(&sched.lock)
	sched.nmidlelocked++
	checkdead()
	unlock(&sched.lock)
	mPark(mp)
	acquirep(mp.nextp)
	mp.nextp = nil
}

func startlockedm(gp *g) {
	mp := gp.lockedm
	lock(&sched.lock)
	sched.nmidlelocked--
	unlock(&sched.lock)
	pp := releasep()
	mp.nextp = pp
	notewakeup(&mp.park)
	stopm()
}

// LockOSThread binds the calling goroutine to its thread.
func LockOSThread() {
	gp := getg()
	gp.m.lockedExt++
	gp.m.lockedg = gp
	gp.lockedm = gp.m
}

// UnlockOSThread undoes one LockOSThread.
func UnlockOSThread() {
	gp := getg()
	if gp.m.lockedExt == 0 {
		return
	}
	gp.m.lockedExt--
	if gp.m.lockedExt == 0 && gp.m.lockedInt == 0 {
		gp.m.lockedg = nil
		gp.lockedm = nil
	}
}

// System calls. The p stays with the thread, marked; who finds it waiting too long takes it away.

// psyscall is the status of a p whose thread is in a system call. It names the thread: when the p was taken and lent to
// another thread that also makes a system call, the first one must not take that for its own.
//
//go:nosplit
func (mp *m) psyscall() uint32 { return _Psyscall | uint32(mp.id)<<8 }

//go:nosplit
//go:linkname entersyscall
func entersyscall() {
	gp := getg()
	mp := gp.m
	mp.locks++
	gp.syscallpc = sys.GetCallerPC()
	gp.syscallsp = sys.GetCallerSP()
	gp.syscallbp = getfp()
	atomic.Store(&gp.status, _Gsyscall)
	pp := mp.p
	mp.oldp = pp
	atomic.Xadd(&pp.syscalltick, 1)
	if sched.sysmonwait != 0 {
		systemstack(wakeSysmon)
	}
	atomic.Store(&pp.status, mp.psyscall())
	if sched.gcwaiting != 0 {
		systemstack(entersyscallGC)
	}
	mp.locks--
}

// entersyscallGC: the world is being stopped; give the p up at once.
func entersyscallGC() {
	pp := getg().m.oldp
	lock(&sched.lock)
	if sched.stopwait > 0 && atomic.Cas(&pp.status, getg().m.psyscall(), _Pgcstop) {
		pp.m = nil
		getg().m.p = nil
		sched.stopwait--
		if sched.stopwait == 0 {
			notewakeup(&sched.stopnote)
		}
	}
	unlock(&sched.lock)
}

//go:nosplit
//go:linkname exitsyscall
func exitsyscall() {
	gp := getg()
	mp := gp.m
	mp.locks++
	pp := mp.oldp
	if pp != nil && atomic.Cas(&pp.status, mp.psyscall(), _Prunning) {
		mp.oldp = nil
		gp.syscallsp = 0
		pp.schedtick++
		casgstatus(gp, _Gsyscall, _Grunning)
		mp.locks--
		if gp.preempt && mp.locks == 0 {
			gp.stackguard0 = stackPreempt
		} else {
			gp.stackguard0 = gp.stack.lo + stackGuard
		}
		return
	}
	mp.locks--
	mcall(exitsyscall0)
	gp = getg()
	gp.syscallsp = 0
}

// exitsyscall0: the p was taken. Get another one or queue.
func exitsyscall0(gp *g) {
	mp := getg().m
	mp.p = nil
	casgstatus(gp, _Gsyscall, _Grunnable)
	lock(&sched.lock)
	var pp *p
	if sched.gcwaiting == 0 {
		pp = pidleget()
	}
	if pp == nil {
		dropg(mp, gp)
		if gp.lockedm == nil {
			globrunqput(gp)
			unlock(&sched.lock)
			stopm()
			schedule()
		}
		globrunqput(gp)
		unlock(&sched.lock)
		stoplockedm()
		execute(gp, false)
	}
	unlock(&sched.lock)
	acquirep(pp)
	execute(gp, false)
}

// entersyscallblock is for calls of the runtime that certainly block.
func entersyscallblock() {
	gp := getg()
	mp := gp.m
	mp.locks++
	gp.syscallpc = sys.GetCallerPC()
	gp.syscallsp = sys.GetCallerSP()
	gp.syscallbp = getfp()
	atomic.Store(&gp.status, _Gsyscall)
	systemstack(func() {
		getg().m.oldp = nil
		handoffp(releasep())
	})
	mp.locks--
}

// reentersyscall is known to other modules by linkname.
//
//go:linkname reentersyscall
//go:nosplit
func reentersyscall(pc, sp, bp uintptr) { entersyscall() }

// Stopping the world.

var worldsema mutexG

// mutexG is a lock that goroutines may sleep on.
type mutexG struct {
	sema uint32 // 1 = free; made so by gcinit
}

func (l *mutexG) lock()   { semacquire1(&l.sema, false, 0, 0, waitReasonStoppingTheWorld) }
func (l *mutexG) unlock() { semrelease1(&l.sema, false, 0) }

// stopTheWorld stops all other goroutines; the caller keeps running on its p.
func stopTheWorld() {
	worldsema.lock()
	gp := getg()
	gp.m.preemptoff = "stop the world"
	systemstack(func() {
		// while waiting the caller counts as waiting: its stack may be looked at
		stopTheWorldWithSema()
	})
}

func startTheWorld() {
	systemstack(startTheWorldWithSema)
	mp := acquirem()
	mp.preemptoff = ""
	worldsema.unlock()
	releasem(mp)
}

func stopTheWorldWithSema() {
	mp := getg().m
	lock(&sched.lock)
	sched.stopwait = gomaxprocs
	atomic.Store(&sched.gcwaiting, 1)
	preemptall()
	mp.p.status = _Pgcstop
	sched.stopwait--
	for _, pp := range allp {
		if st := atomic.Load(&pp.status); st&0xff == _Psyscall && atomic.Cas(&pp.status, st, _Pgcstop) {
			pp.syscalltick++
			if pp.m != nil {
				// its thread finds out in exitsyscall
				pp.m.p = nil
				pp.m = nil
			}
			sched.stopwait--
		}
	}
	for {
		pp := pidleget()
		if pp == nil {
			break
		}
		pp.status = _Pgcstop
		sched.stopwait--
	}
	wait := sched.stopwait > 0
	unlock(&sched.lock)
	for tries := 0; wait; tries++ {
		if notetsleep(&sched.stopnote, 100*1000) {
			noteclear(&sched.stopnote)
			break
		}
		preemptall()
	}
	noteclear(&sched.stopnote)
	if sched.stopwait != 0 {
		throw("stopTheWorld: not stopped (stopwait != 0)")
	}
}

func startTheWorldWithSema() {
	mp := getg().m
	if netpollinited() {
		if list := netpoll(0); list != nil {
			injectglist(list)
		}
	}
	lock(&sched.lock)
	n := gomaxprocs
	if newprocs != 0 {
		n = newprocs
		newprocs = 0
	}
	list := procresize(n)
	atomic.Store(&sched.gcwaiting, 0)
	mp.p.status = _Prunning
	if sched.sysmonwait != 0 {
		sched.sysmonwait = 0
		notewakeup(&sched.sysmonnote)
	}
	unlock(&sched.lock)
	for list != nil {
		pp := list
		list = pp.link
		startm(pp, false)
	}
	wakep()
}

// gcstopm parks this thread while the world is stopped.
func gcstopm() {
	mp := getg().m
	if mp.spinning {
		mp.spinning = false
		atomic.Xadd(pint32(&sched.nmspinning), -1)
	}
	pp := releasep()
	lock(&sched.lock)
	pp.status = _Pgcstop
	sched.stopwait--
	if sched.stopwait == 0 {
		notewakeup(&sched.stopnote)
	}
	unlock(&sched.lock)
	stopm()
}

// preemptall asks every running goroutine to yield.
func preemptall() {
	self := getg().m.p
	for _, pp := range allp {
		if pp.status == _Prunning && pp != self {
			preemptone(pp)
		}
	}
}

func preemptone(pp *p) {
	mp := pp.m
	if mp == nil || mp == getg().m {
		return
	}
	gp := mp.curg
	if gp == nil || gp == mp.g0 {
		return
	}
	gp.preempt = true
	gp.stackguard0 = stackPreempt
	if debug.asyncpreemptoff == 0 {
		pp.preempt = true
		preemptM(mp)
	}
}

// sysmon watches over the others without a p: takes ps out of long system calls, asks long-running goroutines to yield,
// looks at the network when nobody does.

func startSysmon() {
	if atomic.Load(&sched.sysmonStarted) == 0 && atomic.Cas(&sched.sysmonStarted, 0, 1) {
		systemstack(func() {
			lock(&sched.lock)
			sched.nmsys++
			unlock(&sched.lock)
			enableAsyncPreempt()
			newm(sysmon, nil, false)
		})
	}
}

func wakeSysmon() {
	lock(&sched.lock)
	if sched.sysmonwait != 0 {
		sched.sysmonwait = 0
		notewakeup(&sched.sysmonnote)
	}
	unlock(&sched.lock)
}

func sysmon() {
	idle := 0
	delay := uint32(0)
	for {
		if idle == 0 {
			delay = 20
		} else if idle > 50 {
			delay *= 2
		}
		if delay > 10000 {
			delay = 10000
		}
		sleep := delay
		if w := timersEarliest(); w != 0 && delay > 20 {
			// be there when a timer is due: its processor may be busy
			if d := (w - nanotime()) / 1000; d < int64(sleep) {
				sleep = 20
				if d > 20 {
					sleep = uint32(d)
				}
			}
		}
		usleep(sleep)
		if sched.gcwaiting != 0 || atomic.Load(pint32(&sched.npidle)) == uint32(gomaxprocs) {
			lock(&sched.lock)
			if sched.gcwaiting != 0 || sched.npidle == gomaxprocs {
				sched.sysmonwait = 1
				unlock(&sched.lock)
				notetsleep(&sched.sysmonnote, 60e9)
				lock(&sched.lock)
				sched.sysmonwait = 0
				noteclear(&sched.sysmonnote)
				unlock(&sched.lock)
				idle = 0
				delay = 20
				continue
			}
			unlock(&sched.lock)
		}
		now := nanotime()
		if cgroupPending == 1 {
			atomic.Cas(&cgroupPending, 1, 2)
		}
		last := atomic.Loadint64(&sched.lastpoll)
		if netpollinited() && last != 0 && last+10e6 < now && atomic.Load(&sched.poller) == 0 {
			atomic.Storeint64(&sched.lastpoll, now)
			if list := netpoll(0); list != nil {
				injectglist(list)
			}
		}
		if retake(now) != 0 {
			idle = 0
		} else {
			idle++
		}
		if debug.schedtrace > 0 {
			schedtrace(now)
		}
	}
}

const forcePreemptNS = 10e6

func retake(now int64) int {
	n := 0
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		pd := &pp.sysmontick
		st := atomic.Load(&pp.status)
		s := st & 0xff
		if s == _Prunning || s == _Psyscall {
			if t := pp.schedtick; pd.schedtick != t {
				pd.schedtick = t
				pd.schedwhen = now
			} else if pd.schedwhen+forcePreemptNS <= now && s == _Prunning {
				preemptone(pp)
			} else if s == _Prunning && pp.timers.due(now) {
				// a timer is due here: don't let it wait for the end of the slice
				preemptone(pp)
			}
		}
		if s == _Psyscall {
			if t := atomic.Load(&pp.syscalltick); pd.syscalltick != t {
				pd.syscalltick = t
				pd.syscallwhen = now
				continue
			}
			if runqempty(pp) && sched.nmspinning+sched.npidle > 0 && pd.syscallwhen+10e6 > now {
				continue
			}
			lock(&sched.lock)
			mp := pp.m
			if sched.gcwaiting == 0 && mp != nil && atomic.Cas(&pp.status, st, _Pidle) {
				n++
				pp.syscalltick++
				mp.p = nil
				pp.m = nil
				unlock(&sched.lock)
				handoffp(pp)
			} else {
				unlock(&sched.lock)
			}
		}
	}
	return n
}

// checkdead: no thread runs Go code and nothing can ever happen. sched.lock is held.
func checkdead() {
	checkdeadFor(nil, -1)
}

// checkdeadFor: poller (with a thread that is about to sleep in the poller) counts as idle when it waits for ever.
func checkdeadFor(poller *m, delay int64) {
	if islibrary || isarchive || panicking.Load() > 0 || !runtimeInited {
		return
	}
	if poller != nil {
		return // the network or a timer may wake it
	}
	run := sched.mcount - sched.nmidle - sched.nmidlelocked - sched.nmsys
	if run > 0 {
		return
	}
	if run < 0 {
		print("runtime: checkdead: nmidle=", sched.nmidle, " nmidlelocked=", sched.nmidlelocked, " mcount=", sched.mcount,
			" nmsys=", sched.nmsys, "\n")
		unlock(&sched.lock)
		throw("checkdead: inconsistent counts")
	}
	if timersEarliest() != 0 {
		return
	}
	alive := 0
	for i := 0; i < len(allgs); i++ {
		gp := allgs[i]
		if gp.isSystem {
			continue
		}
		switch readgstatus(gp) {
		case _Gwaiting, _Gpreempted:
			alive++
		case _Grunnable, _Grunning, _Gsyscall:
			print("runtime: checkdead: find g ", gp.goid, " in status ", gp.status, "\n")
			unlock(&sched.lock)
			throw("checkdead: runnable g")
		}
	}
	if alive == 0 {
		unlock(&sched.lock)
		fatal("no goroutines (main called runtime.Goexit) - deadlock!")
	}
	if sigQueueWaits() {
		return
	}
	unlock(&sched.lock)
	fatal("all goroutines are asleep - deadlock!")
}
