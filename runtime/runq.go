// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Run queues: a ring and a "next" slot per p, where only the owner adds and anyone may take, and one list for all.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

func guintptr(p **g) *uintptr { return (*uintptr)(unsafe.Pointer(p)) }

// runqput adds gp to the p's queue: in front (next) or at the end. Only the owner calls it.
func runqput(pp *p, gp *g, next bool) {
	if next {
		for {
			old := atomic.Loaduintptr(guintptr(&pp.runnext))
			if atomic.Casuintptr(guintptr(&pp.runnext), old, uintptr(unsafe.Pointer(gp))) {
				if old == 0 {
					return
				}
				gp = (*g)(unsafe.Pointer(old))
				break
			}
		}
	}
	for {
		h := atomic.LoadAcq(&pp.runqhead)
		t := pp.runqtail
		if t-h < runqSize {
			pp.runq[t%runqSize] = gp
			atomic.StoreRel(&pp.runqtail, t+1)
			return
		}
		if runqputslow(pp, gp, h, t) {
			return
		}
	}
}

// runqputslow moves half of a full queue to the common list.
func runqputslow(pp *p, gp *g, h, t uint32) bool {
	var batch [runqSize/2 + 1]*g
	n := (t - h) / 2
	if n != runqSize/2 {
		return false
	}
	for i := uint32(0); i < n; i++ {
		batch[i] = pp.runq[(h+i)%runqSize]
	}
	if !atomic.CasRel(&pp.runqhead, h, h+n) {
		return false
	}
	batch[n] = gp
	for i := uint32(0); i < n; i++ {
		batch[i].schedlink = batch[i+1]
	}
	batch[n].schedlink = nil
	lock(&sched.lock)
	globrunqputlist(batch[0], batch[n], int32(n+1))
	unlock(&sched.lock)
	return true
}

// runqget takes the next goroutine of the own queue.
func runqget(pp *p) (gp *g, inherit bool) {
	next := atomic.Loaduintptr(guintptr(&pp.runnext))
	if next != 0 && atomic.Casuintptr(guintptr(&pp.runnext), next, 0) {
		return (*g)(unsafe.Pointer(next)), true
	}
	for {
		h := atomic.LoadAcq(&pp.runqhead)
		t := pp.runqtail
		if t == h {
			return nil, false
		}
		gp := pp.runq[h%runqSize]
		if atomic.CasRel(&pp.runqhead, h, h+1) {
			return gp, false
		}
	}
}

func runqempty(pp *p) bool {
	for {
		h := atomic.Load(&pp.runqhead)
		t := atomic.Load(&pp.runqtail)
		next := atomic.Loaduintptr(guintptr(&pp.runnext))
		if t == atomic.Load(&pp.runqtail) {
			return h == t && next == 0
		}
	}
}

// runqsteal takes half of p2's queue and returns one of them.
func runqsteal(pp, p2 *p, stealNext bool) *g {
	t := pp.runqtail
	n := runqgrab(p2, &pp.runq, t, stealNext)
	if n == 0 {
		return nil
	}
	n--
	gp := pp.runq[(t+n)%runqSize]
	if n == 0 {
		return gp
	}
	atomic.StoreRel(&pp.runqtail, t+n)
	return gp
}

func runqgrab(p2 *p, batch *[runqSize]*g, at uint32, stealNext bool) uint32 {
	for {
		h := atomic.LoadAcq(&p2.runqhead)
		t := atomic.LoadAcq(&p2.runqtail)
		n := t - h
		n -= n / 2
		if n == 0 {
			if !stealNext {
				return 0
			}
			next := atomic.Loaduintptr(guintptr(&p2.runnext))
			if next == 0 {
				return 0
			}
			if p2.status == _Prunning {
				// the owner most likely runs it in a moment
				usleepSpin(3)
			}
			if !atomic.Casuintptr(guintptr(&p2.runnext), next, 0) {
				continue
			}
			batch[at%runqSize] = (*g)(unsafe.Pointer(next))
			return 1
		}
		if n > runqSize/2 {
			continue // h and t don't belong together
		}
		for i := uint32(0); i < n; i++ {
			batch[(at+i)%runqSize] = p2.runq[(h+i)%runqSize]
		}
		if atomic.CasRel(&p2.runqhead, h, h+n) {
			return n
		}
	}
}

// usleepSpin waits some microseconds.
func usleepSpin(us uint32) {
	if ncpu > 1 {
		procyield(us * 30)
	} else {
		osyield()
	}
}

// The common list; sched.lock is held.

func globrunqput(gp *g) {
	gp.schedlink = nil
	globrunqputlist(gp, gp, 1)
}

func globrunqputhead(gp *g) {
	gp.schedlink = sched.runqhead
	sched.runqhead = gp
	if sched.runqtail == nil {
		sched.runqtail = gp
	}
	sched.runqsize++
}

func globrunqputlist(first, last *g, n int32) {
	last.schedlink = nil
	if sched.runqtail != nil {
		sched.runqtail.schedlink = first
	} else {
		sched.runqhead = first
	}
	sched.runqtail = last
	sched.runqsize += n
}

// globrunqget takes a share of the list for pp (max 0: a fair one); the first is returned, the rest go to the queue.
func globrunqget(pp *p, max int32) *g {
	if sched.runqsize == 0 {
		return nil
	}
	n := sched.runqsize/gomaxprocs + 1
	if n > sched.runqsize {
		n = sched.runqsize
	}
	if max > 0 && n > max {
		n = max
	}
	if n > runqSize/2 {
		n = runqSize / 2
	}
	gp := globpop()
	for n--; n > 0; n-- {
		h := atomic.LoadAcq(&pp.runqhead)
		if pp.runqtail-h >= runqSize {
			break
		}
		x := globpop()
		pp.runq[pp.runqtail%runqSize] = x
		atomic.StoreRel(&pp.runqtail, pp.runqtail+1)
	}
	return gp
}

func globpop() *g {
	gp := sched.runqhead
	sched.runqhead = gp.schedlink
	if sched.runqhead == nil {
		sched.runqtail = nil
	}
	gp.schedlink = nil
	sched.runqsize--
	return gp
}

// injectglist makes a list of waiting goroutines runnable.
func injectglist(list *g) {
	if list == nil {
		return
	}
	n := int32(0)
	last := list
	for gp := list; gp != nil; gp = gp.schedlink {
		casgstatus(gp, _Gwaiting, _Grunnable)
		last = gp
		n++
	}
	pp := getg().m.p
	if pp == nil {
		lock(&sched.lock)
		globrunqputlist(list, last, n)
		unlock(&sched.lock)
		for i := int32(0); i < n && i < gomaxprocs; i++ {
			wakep()
		}
		return
	}
	for list != nil {
		gp := list
		list = gp.schedlink
		gp.schedlink = nil
		runqput(pp, gp, false)
	}
	if n > 1 {
		wakep()
	}
}

// Idle ps; sched.lock is held.

func pidleput(pp *p) {
	pp.link = sched.pidle
	sched.pidle = pp
	atomic.Xadd(pint32(&sched.npidle), 1)
}

func pidleget() *p {
	pp := sched.pidle
	if pp != nil {
		sched.pidle = pp.link
		atomic.Xadd(pint32(&sched.npidle), -1)
	}
	return pp
}

func acquirep(pp *p) {
	mp := getg().m
	if mp.p != nil || pp.m != nil || pp.status != _Pidle {
		print("acquirep: p->status=", pp.status, "\n")
		throw("acquirep: invalid p state")
	}
	mp.p = pp
	pp.m = mp
	pp.status = _Prunning
}

func releasep() *p {
	mp := getg().m
	pp := mp.p
	if pp == nil || pp.m != mp || pp.status != _Prunning {
		throw("releasep: invalid p state")
	}
	mp.p = nil
	pp.m = nil
	pp.status = _Pidle
	return pp
}

// allpInit makes the first p known.
var allpFirst [1]*p

func allpInit() {
	allpFirst[0] = &p0
	allp = allpFirst[:]
}

// procresize changes the number of ps; the world is stopped (or nothing runs yet). Returns ps with work, linked.
func procresize(n int32) *p {
	old := int32(len(allp))
	if n > int32(cap(allp)) {
		np := unsafe.Slice((**p)(persistentalloc(uintptr(n)*8, 8)), int(n))[:old]
		copy(np, allp)
		allp = np
	}
	// ps beyond the new number give all they have away
	for i := n; i < old; i++ {
		pdestroy(allp[i])
	}
	allp = allp[:n]
	for i := old; i < n; i++ {
		if allp[i] == nil {
			pp := (*p)(persistentalloc(unsafe.Sizeof(p{}), 64))
			pp.id = i
			pp.mcache.init()
			allp[i] = pp
		}
		allp[i].status = _Pgcstop
	}
	atomic.Store(pint32(&gomaxprocs), uint32(n))
	mp := getg().m
	if mp.p != nil && mp.p.id >= n {
		mp.p.m = nil
		mp.p = nil
		pp := allp[0]
		pp.m = nil
		pp.status = _Pidle
		acquirep(pp)
	}
	var runnable *p
	for i := n - 1; i >= 0; i-- {
		pp := allp[i]
		if pp == mp.p {
			continue
		}
		pp.status = _Pidle
		pp.m = nil
		if runqempty(pp) {
			pidleput(pp)
		} else {
			pp.link = runnable
			runnable = pp
		}
	}
	return runnable
}

func pdestroy(pp *p) {
	for {
		gp, _ := runqget(pp)
		if gp == nil {
			break
		}
		globrunqputhead(gp)
	}
	pp.timers.moveTo(&allp[0].timers)
	pp.mcache.releaseAll()
	for pp.gFree != nil {
		gp := pp.gFree
		pp.gFree = gp.schedlink
		gp.schedlink = sched.gfree
		sched.gfree = gp
		sched.ngfree++
	}
	pp.gFreeN = 0
	pp.status = _Pdead
}
