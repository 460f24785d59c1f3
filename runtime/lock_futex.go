// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Locks of the runtime itself, and one-shot sleeps of threads, on futexes.

package runtime

import "internal/runtime/atomic"

// mutex: 0 free, 1 held, 2 held and somebody may sleep. Whoever holds one cannot be preempted.
type mutex struct {
	key uint32
}

//go:nosplit
func lock(l *mutex) {
	gp := getg()
	gp.m.locks++
	if atomic.Cas(&l.key, 0, 1) {
		return
	}
	lockSlow(l)
}

//go:nosplit
func lockSlow(l *mutex) {
	if ncpu > 1 {
		for i := 0; i < 40; i++ {
			if l.key == 0 && atomic.Cas(&l.key, 0, 1) {
				return
			}
			procyield(20)
		}
	}
	for atomic.Xchg(&l.key, 2) != 0 {
		futexsleep(&l.key, 2, -1)
	}
}

//go:nosplit
func unlock(l *mutex) {
	if atomic.Xchg(&l.key, 0) == 2 {
		futexwakeup(&l.key, 1)
	}
	gp := getg()
	gp.m.locks--
	if gp.m.locks < 0 {
		throw("runtime: lock count")
	}
	if gp.m.locks == 0 && gp.preempt {
		gp.stackguard0 = stackPreempt
	}
}

// note is a sleep that one thread ends for another: 0 clear, 1 woken, 2 asleep.
type note struct {
	key uint32
}

//go:nosplit
func noteclear(n *note) {
	atomic.Store(&n.key, 0)
}

//go:nosplit
func notewakeup(n *note) {
	if atomic.Xchg(&n.key, 1) == 2 {
		futexwakeup(&n.key, 1)
	}
}

//go:nosplit
func notesleep(n *note) {
	notetsleep(n, -1)
}

// notetsleep waits for notewakeup at most ns nanoseconds (ns < 0: for ever); true when woken.
//
//go:nosplit
func notetsleep(n *note, ns int64) bool {
	if !atomic.Cas(&n.key, 0, 2) {
		return true
	}
	if ns < 0 {
		for atomic.Load(&n.key) == 2 {
			futexsleep(&n.key, 2, -1)
		}
		return true
	}
	deadline := nanotime() + ns
	for atomic.Load(&n.key) == 2 {
		futexsleep(&n.key, 2, ns)
		if atomic.Load(&n.key) != 2 {
			break
		}
		ns = deadline - nanotime()
		if ns <= 0 {
			// no longer a sleeper; a wake-up that comes now finds 0
			return !atomic.Cas(&n.key, 2, 0)
		}
	}
	return true
}

// acquirem keeps the goroutine on its thread until releasem.
//
//go:nosplit
func acquirem() *m {
	mp := getg().m
	mp.locks++
	return mp
}

//go:nosplit
func releasem(mp *m) {
	mp.locks--
	gp := getg()
	if mp.locks == 0 && gp.preempt {
		gp.stackguard0 = stackPreempt
	}
}
