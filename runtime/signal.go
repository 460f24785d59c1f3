// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Signals: faults become panics, SIGURG preempts, SIGPROF samples, others go to os/signal or end the program with a
// trace. A thread's handler finds its m at the bottom of the signal stack.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

type sigset uint64

var sigsetAll = ^sigset(0)

const (
	_SIG_BLOCK   = 0
	_SIG_UNBLOCK = 1
	_SIG_SETMASK = 2

	_SIGHUP    = 1
	_SIGINT    = 2
	_SIGQUIT   = 3
	_SIGILL    = 4
	_SIGTRAP   = 5
	_SIGABRT   = 6
	_SIGBUS    = 7
	_SIGFPE    = 8
	_SIGKILL   = 9
	_SIGUSR1   = 10
	_SIGSEGV   = 11
	_SIGUSR2   = 12
	_SIGPIPE   = 13
	_SIGALRM   = 14
	_SIGTERM   = 15
	_SIGSTKFLT = 16
	_SIGCHLD   = 17
	_SIGCONT   = 18
	_SIGSTOP   = 19
	_SIGTSTP   = 20
	_SIGTTIN   = 21
	_SIGTTOU   = 22
	_SIGURG    = 23
	_SIGXCPU   = 24
	_SIGXFSZ   = 25
	_SIGVTALRM = 26
	_SIGPROF   = 27
	_SIGWINCH  = 28
	_SIGIO     = 29
	_SIGPWR    = 30
	_SIGSYS    = 31
	_NSIG      = 65

	_SA_SIGINFO  = 4
	_SA_ONSTACK  = 0x08000000
	_SA_RESTART  = 0x10000000
	_SA_RESTORER = 0x04000000

	_SIG_DFL = 0
	_SIG_IGN = 1

	signalStackSize = 32 << 10
	sigPreempt      = _SIGURG
)

type sigactiont struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

type stackt struct {
	ss_sp    uintptr
	ss_flags int32
	_        int32
	ss_size  uintptr
}

type siginfo struct {
	si_signo int32
	si_errno int32
	si_code  int32
	_        int32
	si_addr  uint64
}

// ucontext with the saved registers and signal mask, as the kernel lays them out on amd64.
type ucontext struct {
	flags                                               uint64
	link                                                uint64
	stack                                               stackt
	r8, r9, r10, r11, r12, r13, r14, r15                uint64
	rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags uint64
	segs, err, trapno, oldmask, cr2                     uint64
	fpstate                                             uint64
	_                                                   [8]uint64
	sigmask                                             sigset
}

var sigNames = [...]string{
	0:          "SIGNONE",
	_SIGHUP:    "SIGHUP: terminal line hangup",
	_SIGINT:    "SIGINT: interrupt",
	_SIGQUIT:   "SIGQUIT: quit",
	_SIGILL:    "SIGILL: illegal instruction",
	_SIGTRAP:   "SIGTRAP: trace trap",
	_SIGABRT:   "SIGABRT: abort",
	_SIGBUS:    "SIGBUS: bus error",
	_SIGFPE:    "SIGFPE: floating-point exception",
	_SIGKILL:   "SIGKILL: kill",
	_SIGUSR1:   "SIGUSR1: user-defined signal 1",
	_SIGSEGV:   "SIGSEGV: segmentation violation",
	_SIGUSR2:   "SIGUSR2: user-defined signal 2",
	_SIGPIPE:   "SIGPIPE: write to broken pipe",
	_SIGALRM:   "SIGALRM: alarm clock",
	_SIGTERM:   "SIGTERM: termination",
	_SIGSTKFLT: "SIGSTKFLT: stack fault",
	_SIGCHLD:   "SIGCHLD: child status has changed",
	_SIGCONT:   "SIGCONT: continue",
	_SIGSTOP:   "SIGSTOP: stop, unblockable",
	_SIGTSTP:   "SIGTSTP: keyboard stop",
	_SIGTTIN:   "SIGTTIN: background read from tty",
	_SIGTTOU:   "SIGTTOU: background write to tty",
	_SIGURG:    "SIGURG: urgent condition on socket",
	_SIGXCPU:   "SIGXCPU: cpu limit exceeded",
	_SIGXFSZ:   "SIGXFSZ: file size limit exceeded",
	_SIGVTALRM: "SIGVTALRM: virtual alarm clock",
	_SIGPROF:   "SIGPROF: profiling alarm clock",
	_SIGWINCH:  "SIGWINCH: window size change",
	_SIGIO:     "SIGIO: i/o now possible",
	_SIGPWR:    "SIGPWR: power failure restart",
	_SIGSYS:    "SIGSYS: bad system call",
}

// sigaction returns the handler that the signal had.
func sigaction(sig uint32, handler uintptr) uintptr {
	var sa, old sigactiont
	sa.handler = handler
	sa.flags = _SA_SIGINFO | _SA_ONSTACK | _SA_RESTORER | _SA_RESTART
	sa.restorer = abi.FuncPCABI0(sigreturn__sigaction)
	sa.mask = ^uint64(0)
	syscall6(sys_rt_sigaction, uintptr(sig), uintptr(unsafe.Pointer(&sa)), uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	return old.handler
}

func getsig(sig uint32) uintptr {
	var sa sigactiont
	syscall6(sys_rt_sigaction, uintptr(sig), 0, uintptr(unsafe.Pointer(&sa)), 8, 0, 0)
	return sa.handler
}

//go:nosplit
func sigprocmask(how int32, new, old *sigset) {
	syscall6(sys_rt_sigprocmask, uintptr(how), uintptr(unsafe.Pointer(new)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// firstSignalStack holds the first thread's signal stack, somewhere in it at an aligned place. It costs the pages that
// are touched: the lowest one until a signal comes.
var firstSignalStack [2 * signalStackSize]byte
var gsignal0 g

// initSigStack gives the thread its signal stack.
func initSigStack(mp *m) {
	var base uintptr
	if mp.gsignal == nil {
		if mp == &m0 {
			base = alignUp(uintptr(unsafe.Pointer(&firstSignalStack)), signalStackSize)
			mp.gsignal = &gsignal0
		} else {
			base = uintptr(persistentalloc(signalStackSize, signalStackSize))
			mp.gsignal = (*g)(persistentalloc(unsafe.Sizeof(g{}), 64))
		}
		gs := mp.gsignal
		gs.m = mp
		gs.stack = stack{base + 16, base + signalStackSize}
		gs.stackguard0 = gs.stack.lo + stackGuard
		gs.stackguard1 = gs.stackguard0
		*(*uintptr)(unsafe.Pointer(base)) = uintptr(unsafe.Pointer(mp))
	} else {
		base = mp.gsignal.stack.lo - 16
	}
	var st stackt
	st.ss_sp = base
	st.ss_size = signalStackSize
	syscall6(sys_sigaltstack, uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0, 0)
}

// handledSigs says for which signals our handler is installed.
var handledSigs [_NSIG]bool

// installSig returns what the signal had before: a handler, _SIG_DFL or _SIG_IGN.
func installSig(sig uint32) uintptr {
	if handledSigs[sig] {
		return _SIG_DFL
	}
	handledSigs[sig] = true
	return sigaction(sig, abi.FuncPCABI0(sigtramp))
}

// What becomes of a signal that nobody asked for. Sets of signals have bit s-1 for signal s, as the kernel's have.
const (
	// the program dies of it
	killSigs sigset = 1<<(_SIGHUP-1) | 1<<(_SIGINT-1) | 1<<(_SIGTERM-1)
	// a fault of the program is a panic; one that somebody sent ends it with a trace
	panicSigs sigset = 1<<(_SIGBUS-1) | 1<<(_SIGFPE-1) | 1<<(_SIGSEGV-1)
	throwSigs sigset = panicSigs | 1<<(_SIGQUIT-1) | 1<<(_SIGILL-1) | 1<<(_SIGTRAP-1) | 1<<(_SIGABRT-1) | 1<<(_SIGSTKFLT-1) |
		1<<(_SIGSYS-1)
	// nothing, though the kernel would end the program
	muteSigs sigset = 1<<(_SIGUSR1-1) | 1<<(_SIGUSR2-1) | 1<<(_SIGALRM-1) | 1<<(_SIGXCPU-1) | 1<<(_SIGXFSZ-1) | 1<<(_SIGVTALRM-1) |
		1<<(_SIGPROF-1) | 1<<(_SIGIO-1) | 1<<(_SIGPWR-1) | realtimeSigs
	realtimeSigs sigset = ^sigset(1<<34 - 1) // 35 to 64
	// signals about a single thread, and those by which the runtime reaches its threads, are not blocked
	unblockedSigs sigset = throwSigs&^(1<<(_SIGQUIT-1)|1<<(_SIGABRT-1)|1<<(_SIGSYS-1)) | 1<<(_SIGCHLD-1) | 1<<(_SIGURG-1) |
		1<<(_SIGPROF-1) | 1<<31 | 1<<32 | 1<<33
	// os/signal cannot have them
	privateSigs sigset = panicSigs | 1<<(_SIGILL-1) | 1<<(_SIGTRAP-1) | 1<<(_SIGSTKFLT-1) | 1<<(_SIGSYS-1) | 1<<(_SIGKILL-1) |
		1<<(_SIGSTOP-1) | 1<<31 | 1<<32 | 1<<33
)

func (s sigset) has(sig uint32) bool { return s>>(sig-1)&1 != 0 }

var (
	initialMask sigset // of the first thread when the program began; what programs that it starts are given
	threadMask  sigset // of every thread
	muted       sigset // the signals of muteSigs that still wait, blocked, for someone who wants them
)

// initsig installs the handlers without which a program would misbehave from the first instruction on, and blocks, by one
// system call, the signals that would need a handler only to be thrown away. All others wait for a reason.
func initsig() {
	for _, sig := range [...]uint8{_SIGQUIT, _SIGILL, _SIGTRAP, _SIGABRT, _SIGBUS, _SIGFPE, _SIGSEGV, _SIGPIPE, _SIGTERM, _SIGSTKFLT, _SIGSYS,
		sigPerThread} {
		installSig(uint32(sig))
	}
	for sig := uint32(_SIGHUP); sig <= _SIGINT; sig++ {
		if installSig(sig) == _SIG_IGN { // nohup
			sigaction(sig, _SIG_IGN)
			handledSigs[sig] = false
			inheritedIgnored |= 1 << (sig - 1)
			setbit(&sigq.ignored[0], sig)
		}
	}
	muted = muteSigs
	sigprocmask(_SIG_BLOCK, &muted, &initialMask)
	threadMask = initialMask&^unblockedSigs | muted
	if initialMask&unblockedSigs != 0 {
		sigprocmask(_SIG_SETMASK, &threadMask, nil)
	}
}

// unmute lets a signal of muteSigs come; what came before is forgotten.
func unmute(sig uint32) {
	if !muted.has(sig) {
		return
	}
	stopTheWorld()
	if muted.has(sig) {
		muted &^= 1 << (sig - 1)
		if !handledSigs[sig] {
			sigaction(sig, _SIG_IGN)
			installSig(sig)
		}
		systemstack(func() { unblockOnThreads(1 << (sig - 1)) })
	}
	startTheWorld()
}

// shareSigs undoes, before a program is started, what it would not expect: that a signal is ignored because it was so when
// this program began. Signals that the program itself ignores stay so, and those of nohup and of job control.
func shareSigs() {
	for sig := uint32(1); sig < _NSIG; sig++ {
		if !handledSigs[sig] && !sigIgnored(sig) && sig != _SIGKILL && (sig < _SIGCONT || sig > _SIGTTOU) && sig != 32 && sig != 34 &&
			!inheritedIgnored.has(sig) && getsig(sig) == _SIG_IGN {
			sigaction(sig, _SIG_DFL)
		}
	}
}

var asyncPreemptOn bool

func enableAsyncPreempt() {
	if debug.asyncpreemptoff == 0 && !asyncPreemptOn {
		asyncPreemptOn = true
		installSig(sigPreempt)
	}
}

// preemptM sends a thread the preemption signal.
func preemptM(mp *m) {
	if !asyncPreemptOn {
		return
	}
	if atomic.Cas(&mp.signalPending, 0, 1) {
		syscall6(sys_tgkill, uintptr(getpid()), uintptr(mp.threadID()), sigPreempt, 0, 0, 0)
	}
}

// sighandler runs on the signal stack, with g = gsignal.
func sighandler(sig uint32, info *siginfo, c *ucontext, mp *m) {
	// what ran: the user goroutine if SP lies in its stack, else the scheduler
	gp := mp.g0
	if cur := mp.curg; cur != nil && uintptr(c.rsp) >= cur.stack.lo && uintptr(c.rsp) <= cur.stack.hi {
		gp = cur
	}
	switch sig {
	case sigPreempt:
		doSigPreempt(mp, gp, c) // and perhaps somebody wants it, too
	case sigPerThread:
		doPerThread(mp, c)
		return
	case _SIGPROF:
		sigprof(mp, gp, c)
		return
	}
	sent := info.si_code == siUser || info.si_code == siTkill
	if !sent && panicSigs.has(sig) && canPanicHere(mp, gp, c) {
		preparePanic(sig, info, c, gp)
		return
	}
	if (sent || !privateSigs.has(sig)) && sigsend(sig) {
		return
	}
	if sent && sigIgnored(sig) {
		return
	}
	if killSigs.has(sig) {
		dieFromSignal(sig)
	}
	if throwSigs.has(sig) {
		fatalsignal(sig, info, c, mp, gp)
	}
}

// Codes of signals that kill and tgkill sent.
const (
	siUser  = 0
	siTkill = -6
	// and of faults of which the kernel says no more
	siKernel = 0x80
)

// canPanicHere: a fault in Go code on a goroutine's stack with nothing of the runtime in progress.
func canPanicHere(mp *m, gp *g, c *ucontext) bool {
	if gp != mp.curg || mp.locks != 0 || mp.throwing != 0 || mp.dying != 0 {
		return false
	}
	if readgstatus(gp) != _Grunning || gp.syscallsp != 0 {
		return false
	}
	return true
}

// preparePanic makes the interrupted code look as if it had called sigpanic.
func preparePanic(sig uint32, info *siginfo, c *ucontext, gp *g) {
	gp.sig = sig
	gp.sigcode0 = uintptr(info.si_code)
	gp.sigcode1 = uintptr(info.si_addr)
	gp.sigpc = uintptr(c.rip)
	pc := uintptr(c.rip)
	sp := uintptr(c.rsp)
	push := true
	if pc == 0 || !findfunc(pc).valid() && findfunc(*(*uintptr)(unsafe.Pointer(sp))).valid() {
		// a call of a bad address: the return address of the call serves as where it happened
		push = false
	}
	if push {
		sp -= 8
		*(*uintptr)(unsafe.Pointer(sp)) = pc
		c.rsp = uint64(sp)
	}
	c.r14 = uint64(uintptr(unsafe.Pointer(gp)))
	c.rip = uint64(abi.FuncPCABI0(sigpanic0))
}

// sigpanic turns the fault noted in g into a panic. It runs as if called by the faulting instruction.
func sigpanic() {
	gp := getg()
	sig := gp.sig
	switch sig {
	case _SIGBUS, _SIGSEGV:
		// an address that no page table can hold comes without the address
		if gp.sigcode1 < 4096 && gp.sigcode0 != siKernel {
			panicmem()
		}
		if gp.paniconfault {
			panicmemAddr(gp.sigcode1)
		}
		print("unexpected fault address ", hex(gp.sigcode1), "\n")
		throw("fault")
	case _SIGFPE:
		switch gp.sigcode0 {
		case 1:
			panicdivide()
		case 2:
			panicoverflow()
		}
		panicfloat()
	}
	panic(errorString(sigNames[sig]))
}

func printSignalInfo(gp *g) {
	sig := gp.sig
	if sig == 0 {
		return
	}
	name := "unknown signal"
	if int(sig) < len(sigNames) {
		name = sigNames[sig]
	}
	print("[signal ", name, " code=", hex(gp.sigcode0), " addr=", hex(gp.sigcode1), " pc=", hex(gp.sigpc), "]\n")
}

// fatalsignal prints what happened and ends the program.
func fatalsignal(sig uint32, info *siginfo, c *ucontext, mp *m, gp *g) {
	mp.throwing = 2
	startpanic()
	if int(sig) < len(sigNames) {
		print(sigNames[sig], "\n")
	} else {
		print("Signal ", sig, "\n")
	}
	print("PC=", hex(c.rip), " m=", mp.id, " sigcode=", info.si_code)
	if sig == _SIGSEGV || sig == _SIGBUS {
		print(" addr=", hex(info.si_addr))
	}
	print("\n")
	if mp.g0 == gp {
		print("signal arrived on g0\n")
	}
	level, _, crash := gotraceback()
	print("\n")
	if level == 0 {
		exit(2)
	}
	goroutineheader(gp)
	var u unwinder
	pc := uintptr(c.rip)
	atCall := false
	sp := uintptr(c.rsp)
	if !findfunc(pc).valid() && sp != 0 {
		pc = *(*uintptr)(unsafe.Pointer(sp))
		sp += 8
		atCall = true
	}
	u.initAt(pc, sp, nil, atCall)
	printTraceback(&u, 0, tracebackMaxFrames, true)
	if gp.goid != 0 {
		printcreatedby(gp)
	}
	tracebackothers(gp)
	print("\nrax    ", hex(c.rax), "\nrbx    ", hex(c.rbx), "\nrcx    ", hex(c.rcx), "\nrdx    ", hex(c.rdx))
	print("\nrdi    ", hex(c.rdi), "\nrsi    ", hex(c.rsi), "\nrbp    ", hex(c.rbp), "\nrsp    ", hex(c.rsp))
	print("\nr8     ", hex(c.r8), "\nr9     ", hex(c.r9), "\nr10    ", hex(c.r10), "\nr11    ", hex(c.r11))
	print("\nr12    ", hex(c.r12), "\nr13    ", hex(c.r13), "\nr14    ", hex(c.r14), "\nr15    ", hex(c.r15))
	print("\nrip    ", hex(c.rip), "\nrflags ", hex(c.eflags))
	print("\ncs     ", hex(c.segs&0xffff), "\nfs     ", hex(c.segs>>32&0xffff), "\ngs     ", hex(c.segs>>16&0xffff), "\n")
	if crash {
		crashNow()
	}
	exit(2)
}

// dieFromSignal ends the process by the signal's default action, or, where the kernel keeps a first process from it, with the
// status that shells give for it.
func dieFromSignal(sig uint32) {
	sigaction(sig, _SIG_DFL)
	raise(sig)
	only := sigset(1) << (sig - 1)
	sigprocmask(_SIG_UNBLOCK, &only, nil)
	raise(sig)
	usleep(1000)
	exit(128 + int32(sig))
}

func raise(sig uint32) {
	syscall6(sys_tgkill, uintptr(getpid()), uintptr(gettid()), uintptr(sig), 0, 0, 0)
}

func raiseproc(sig uint32) {
	syscall6(sys_kill, uintptr(getpid()), uintptr(sig), 0, 0, 0, 0)
}

// crashNow makes a core dump (GOTRACEBACK=crash).
func crashNow() {
	handledSigs[_SIGABRT] = false
	dieFromSignal(_SIGABRT)
}

//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	systemstack(func() {
		if sigIgnored(_SIGPIPE) || sigWanted(_SIGPIPE) {
			return
		}
		dieFromSignal(_SIGPIPE)
	})
}

//go:linkname os_ignoreSIGSYS os.ignoreSIGSYS
func os_ignoreSIGSYS() {}

//go:linkname os_restoreSIGSYS os.restoreSIGSYS
func os_restoreSIGSYS() {}

//go:linkname setPanicOnFault runtime/debug.setPanicOnFault
func setPanicOnFault(new bool) (old bool) {
	gp := getg()
	old = gp.paniconfault
	gp.paniconfault = new
	return old
}

// doSigPreempt: where the interrupted instruction allows it, the goroutine is sent to asyncPreempt.
func doSigPreempt(mp *m, gp *g, c *ucontext) {
	if gp == mp.curg && gp.preempt && wantAsyncPreempt(mp, gp, c) {
		sp := uintptr(c.rsp) - 8
		*(*uintptr)(unsafe.Pointer(sp)) = uintptr(c.rip)
		c.rsp = uint64(sp)
		c.rip = uint64(abi.FuncPCABI0(asyncPreempt))
	}
	atomic.Store(&mp.signalPending, 0)
}

// wantAsyncPreempt: user code compiled from Go, with room on its stack, and nothing of the runtime going on.
func wantAsyncPreempt(mp *m, gp *g, c *ucontext) bool {
	if !canPreempt(mp) || readgstatus(gp) != _Grunning || gp.syscallsp != 0 || mp.throwing != 0 {
		return false
	}
	sp := uintptr(c.rsp)
	if sp < gp.stack.lo || sp-gp.stack.lo < asyncPreemptStack {
		return false
	}
	pc := uintptr(c.rip)
	f := findfunc(pc)
	if !f.valid() || f.flag&abi.FuncFlagAsm != 0 || f.funcID != abi.FuncIDNormal {
		return false
	}
	if pcdatavalue(f, abi.PCDATA_UnsafePoint, pc) != -1 {
		return false
	}
	if funcspdelta(f, pc) < 0 {
		return false
	}
	name := funcname(f)
	if hasPrefix(name, "runtime.") || hasPrefix(name, "internal/runtime/") || hasPrefix(name, "reflect.") ||
		hasPrefix(name, "internal/bytealg.") || hasPrefix(name, "sync/atomic.") {
		return false
	}
	return true
}

const asyncPreemptStack = 768

// asyncPreempt2 is called by asyncPreempt: the goroutine yields, marked so that its interrupted frame is scanned
// conservatively. No room to grow the stack here.
//
//go:nosplit
func asyncPreempt2() {
	gp := getg()
	gp.asyncSafe = true
	mcall(asyncYield)
	gp.asyncSafe = false
}

func asyncYield(gp *g) {
	gp.preempt = false
	goschedImpl(gp)
}
