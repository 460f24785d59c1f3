// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Delivery of signals to package os/signal: bit sets that handlers set, and one goroutine that waits for them.

package runtime

import (
	"internal/runtime/atomic"
	_ "unsafe" // go:linkname
)

var sigq struct {
	wanted     [(_NSIG + 31) / 32]uint32
	ignored    [(_NSIG + 31) / 32]uint32
	pending    [(_NSIG + 31) / 32]uint32
	recv       [(_NSIG + 31) / 32]uint32
	state      uint32 // 0 idle, 1 receiver sleeps, 2 new signal to look at
	delivering atomic.Int32
	inuse      bool
	wake       uint32
}

func sigWanted(sig uint32) bool {
	return sig < _NSIG && atomic.Load(&sigq.wanted[sig/32])>>(sig%32)&1 != 0
}

func sigIgnored(sig uint32) bool {
	return sig < _NSIG && atomic.Load(&sigq.ignored[sig/32])>>(sig%32)&1 != 0
}

// sigsend notes a signal for the receiver; called by the handler. False when nobody wants it.
func sigsend(sig uint32) bool {
	if !sigq.inuse || !sigWanted(sig) {
		return false
	}
	sigq.delivering.Add(1)
	bit := uint32(1) << (sig % 32)
	for {
		old := atomic.Load(&sigq.pending[sig/32])
		if old&bit != 0 {
			sigq.delivering.Add(-1)
			return true
		}
		if atomic.Cas(&sigq.pending[sig/32], old, old|bit) {
			break
		}
	}
	// wake the receiver: it sleeps in the kernel on this word
	atomic.Xadd(&sigq.wake, 1)
	futexwakeup(&sigq.wake, 1)
	sigq.delivering.Add(-1)
	return true
}

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	for {
		seq := atomic.Load(&sigq.wake)
		for i := range sigq.recv {
			if sigq.recv[i] == 0 {
				sigq.recv[i] = atomic.Xchg(&sigq.pending[i], 0)
			}
			for b := uint32(0); b < 32; b++ {
				if sigq.recv[i]>>b&1 != 0 {
					sigq.recv[i] &^= 1 << b
					return uint32(i)*32 + b
				}
			}
		}
		atomic.Store(&sigq.state, 1)
		entersyscallblock()
		futexsleep(&sigq.wake, seq, -1)
		exitsyscall()
		atomic.Store(&sigq.state, 0)
	}
}

// sigQueueWaits: the receiver waits in the kernel; a signal may wake the program.
func sigQueueWaits() bool { return sigq.inuse }

func signalsWanted() bool { return false }

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {
	for sigq.delivering.Load() != 0 {
		Gosched()
	}
	for i := 0; i < 10000; i++ {
		busy := atomic.Load(&sigq.state) != 1
		for j := range sigq.pending {
			busy = busy || atomic.Load(&sigq.pending[j]) != 0
		}
		if !busy {
			return
		}
		Gosched()
	}
}

// inheritedIgnored: SIGHUP and SIGINT, where they were ignored when the program began.
var inheritedIgnored sigset

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(sig uint32) {
	if sig >= _NSIG {
		return
	}
	sigq.inuse = true
	setbit(&sigq.wanted[sig/32], sig%32)
	clearbit(&sigq.ignored[sig/32], sig%32)
	if signalable(sig) {
		unmute(sig)
		installSig(sig)
	}
}

// signalable: os/signal may change what the signal does.
func signalable(sig uint32) bool {
	return sig != 0 && sig != _SIGPROF && !privateSigs.has(sig)
}

// signal_disable leaves the handler, which then does what is done with a signal that nobody wants.
//
//go:linkname signal_disable os/signal.signal_disable
func signal_disable(sig uint32) {
	if sig >= _NSIG {
		return
	}
	clearbit(&sigq.wanted[sig/32], sig%32)
	if sig != 0 && inheritedIgnored.has(sig) {
		handledSigs[sig] = false
		sigaction(sig, _SIG_IGN)
	}
}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(sig uint32) {
	if sig >= _NSIG {
		return
	}
	clearbit(&sigq.wanted[sig/32], sig%32)
	setbit(&sigq.ignored[sig/32], sig%32)
	if signalable(sig) && !(sig == sigPreempt && asyncPreemptOn) {
		handledSigs[sig] = false
		sigaction(sig, _SIG_IGN)
	}
}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(sig uint32) bool { return sigIgnored(sig) }

func setbit(p *uint32, b uint32) {
	for {
		old := atomic.Load(p)
		if atomic.Cas(p, old, old|1<<b) {
			return
		}
	}
}

func clearbit(p *uint32, b uint32) {
	for {
		old := atomic.Load(p)
		if atomic.Cas(p, old, old&^(1<<b)) {
			return
		}
	}
}
