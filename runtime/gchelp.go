// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Parallel marking: idle threads help the one that runs the cycle.

package runtime

import (
	"internal/runtime/atomic"
)

// gcStartHelpers wakes idle threads, as many as there are other processors. The world is stopped, so threads sleep in
// stopm; small heaps are not worth it.
func gcStartHelpers() {
	work.helpers = 0
	if gomaxprocs < 2 || heapLive < 16<<20 || numCPU() < 2 {
		return
	}
	lock(&sched.lock)
	n := gomaxprocs - 1
	for mp := sched.midle; mp != nil && work.helpers < n; mp = mp.idlelink {
		work.helpers++
		atomic.Store(&mp.gcHelp, 1)
	}
	if work.helpers > 0 {
		work.single = false
		work.active = work.helpers + 1
		for mp := sched.midle; mp != nil; mp = mp.idlelink {
			if atomic.Load(&mp.gcHelp) == 1 {
				notewakeup(&mp.park)
			}
		}
	}
	unlock(&sched.lock)
}

// gcStopHelpers waits until all helpers are asleep again.
func gcStopHelpers() {
	if work.helpers == 0 {
		return
	}
	atomic.Store(&work.done, 1)
	for atomic.Load(pint32(&work.helpers)) != 0 {
		procyield(50)
		osyield()
	}
	work.single = true
}

func gcHelpWanted(mp *m) bool { return atomic.Load(&mp.gcHelp) == 1 }

// gcHelp marks until the cycle says that marking is over.
func gcHelp(mp *m) {
	w := &mp.helperWork
	if w.buf == nil {
		w.buf = getEmptyBuf()
	}
	w.markStacks(nil)
	for atomic.Load(&work.done) == 0 {
		w.drain()
		// nothing: wait for more or for the end
		atomic.Xadd(pint32(&work.active), -1)
		for atomic.Load(&work.done) == 0 && atomic.Load(pint32(&work.nfull)) == 0 {
			procyield(20)
		}
		atomic.Xadd(pint32(&work.active), 1)
	}
	atomic.Store(&mp.gcHelp, 0)
	atomic.Xadd(pint32(&work.helpers), -1)
}

// gcIdleWork: nothing to do for idle processors, as marking happens with the world stopped.
func gcIdleWork(pp *p) *g { return nil }

// finishDrain is drain for the marker that runs the cycle: returns when all others are out of work, too.
func (w *gcWork) finishDrain() {
	for {
		w.drain()
		if work.helpers == 0 {
			return
		}
		atomic.Xadd(pint32(&work.active), -1)
		for {
			if atomic.Load(pint32(&work.nfull)) != 0 {
				break
			}
			if atomic.Load(pint32(&work.active)) == 0 {
				if atomic.Load(pint32(&work.nfull)) == 0 {
					atomic.Xadd(pint32(&work.active), 1)
					return
				}
				break
			}
			procyield(20)
		}
		atomic.Xadd(pint32(&work.active), 1)
	}
}
