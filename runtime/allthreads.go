// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// System calls that every thread must make, as the kernel keeps what they set per thread (user and group numbers, say):
// the caller makes the call first; if it succeeds, all others are sent a signal and make it in its handler. Signals are
// unblocked on all threads the same way.

package runtime

import (
	"internal/runtime/atomic"
	_ "unsafe" // for go:linkname
)

// sigPerThread is a real-time signal that C libraries use for the same.
const sigPerThread = 33

var perThread struct {
	args   [7]uintptr // number and arguments
	result int
	differ uint32 // a thread got another result

	unblock sigset // not 0: the signals to unblock, instead of a call
}

//go:linkname syscall_runtime_doAllThreadsSyscall syscall.runtime_doAllThreadsSyscall
func syscall_runtime_doAllThreadsSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, err uintptr) {
	stopTheWorld()
	systemstack(func() {
		perThread.args = [7]uintptr{trap, a1, a2, a3, a4, a5, a6}
		perThread.result = syscall6(trap, a1, a2, a3, a4, a5, a6)
		if perThread.result >= 0 || perThread.result <= -4096 {
			onOtherThreads()
		}
	})
	r := perThread.result
	differ := perThread.differ != 0
	startTheWorld()
	if differ {
		throw("AllThreadsSyscall6 results differ between threads; runtime corrupted")
	}
	if r < 0 && r > -4096 {
		return ^uintptr(0), 0, uintptr(-r)
	}
	return uintptr(r), 0, 0
}

// unblockOnThreads is called while the world is stopped.
func unblockOnThreads(sigs sigset) {
	threadMask &^= sigs
	sigprocmask(_SIG_UNBLOCK, &sigs, nil)
	perThread.unblock = sigs
	onOtherThreads()
	perThread.unblock = 0
}

// onOtherThreads has all other threads make the call, and waits for them.
func onOtherThreads() {
	self := getg().m
	lock(&sched.lock) // no thread begins meanwhile
	for mp := allm; mp != nil; mp = mp.alllink {
		if mp == self || mp.threadID() == 0 {
			continue
		}
		atomic.Store(&mp.perThread, 1)
		if syscall6(sys_tgkill, uintptr(getpid()), uintptr(mp.tid), sigPerThread, 0, 0, 0) < 0 {
			atomic.Store(&mp.perThread, 0) // the thread has ended
		}
	}
	for mp := allm; mp != nil; mp = mp.alllink {
		for mp != self && atomic.Load(&mp.perThread) != 0 {
			usleep(10)
		}
	}
	unlock(&sched.lock)
}

// doPerThread makes the call in a signal handler.
func doPerThread(mp *m, c *ucontext) {
	if atomic.Load(&mp.perThread) == 0 {
		return // somebody else sent the signal
	}
	if perThread.unblock != 0 {
		c.sigmask &^= perThread.unblock // in force when the handler returns
	} else {
		a := &perThread.args
		if syscall6(a[0], a[1], a[2], a[3], a[4], a[5], a[6]) != perThread.result {
			atomic.Store(&perThread.differ, 1)
		}
	}
	atomic.Store(&mp.perThread, 0)
}
