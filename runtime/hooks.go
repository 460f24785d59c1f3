// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The remaining services for other packages: exit hooks, fork and exec, coverage, trace, FIPS, plugin.

package runtime

import (
	"internal/coverage/rtcov"
	"internal/runtime/exithook"
	"unsafe"
)

//go:linkname os_runtime_beforeExit os.runtime_beforeExit
func os_runtime_beforeExit(code int) { runExitHooks(code) }

func runExitHooks(code int) {
	exithook.Gosched = Gosched
	exithook.Goid = goidForHook
	exithook.Throw = throw
	exithook.Run(code)
}

func goidForHook() uint64 { return getg().goid }

// Fork and exec.

var execLock mutexG

//go:linkname syscall_runtime_BeforeFork syscall.runtime_BeforeFork
//go:nosplit
func syscall_runtime_BeforeFork() {
	gp := getg()
	if !sigsShared {
		sigsShared = true
		systemstack(shareSigs)
	}
	mp := gp.m
	// no stack growth and no preemption until the child has its own memory or has exec'ed
	mp.locks++
	sigprocmask(_SIG_SETMASK, &sigsetAll, &mp.sigmask)
	gp.stackguard0 = stackFork
}

var sigsShared bool // shareSigs has been called

// stackFork makes every prologue fail: between fork and exec nothing may grow the stack.
const stackFork = ^uintptr(0) - 1233

//go:linkname syscall_runtime_AfterFork syscall.runtime_AfterFork
//go:nosplit
func syscall_runtime_AfterFork() {
	gp := getg()
	mp := gp.m
	gp.stackguard0 = gp.stack.lo + stackGuard
	sigprocmask(_SIG_SETMASK, &mp.sigmask, nil)
	mp.locks--
}

//go:linkname syscall_runtime_AfterForkInChild syscall.runtime_AfterForkInChild
//go:nosplit
func syscall_runtime_AfterForkInChild() {
	// handlers of the parent must not run in the child, which may share its memory
	for sig := uint32(1); sig < _NSIG; sig++ {
		if handledSigs[sig] {
			childDefault(sig)
		}
	}
	mask := initialMask | getg().m.sigmask&^threadMask
	sigprocmask(_SIG_SETMASK, &mask, nil)
}

//go:nosplit
func childDefault(sig uint32) {
	var sa sigactiont
	syscall6(sys_rt_sigaction, uintptr(sig), uintptr(unsafe.Pointer(&sa)), 0, 8, 0, 0)
}

//go:linkname syscall_runtime_BeforeExec syscall.runtime_BeforeExec
func syscall_runtime_BeforeExec() {
	mp := acquirem()
	shareSigs()
	for sig := uint32(1); sig < _NSIG; sig++ {
		if muted.has(sig) && !sigIgnored(sig) {
			installSig(sig) // for what has come and waits
		}
	}
	sigprocmask(_SIG_SETMASK, &initialMask, &mp.sigmask)
}

//go:linkname syscall_runtime_AfterExec syscall.runtime_AfterExec
func syscall_runtime_AfterExec() {
	mp := getg().m
	sigprocmask(_SIG_SETMASK, &mp.sigmask, nil)
	releasem(mp)
}

//go:linkname syscall_cgocaller syscall.cgocaller
func syscall_cgocaller(fn unsafe.Pointer, args ...uintptr) uintptr {
	throw("cgocaller without cgo")
	return 0
}

// Coverage.

//go:linkname coverage_getCovCounterList internal/coverage/cfile.getCovCounterList
func coverage_getCovCounterList() []rtcov.CovCounterBlob {
	md := &firstmoduledata
	if md.covctrs == md.ecovctrs {
		return nil
	}
	return []rtcov.CovCounterBlob{{
		Counters: (*uint32)(unsafe.Pointer(md.covctrs)),
		Len:      uint64((md.ecovctrs - md.covctrs) / 4),
	}}
}

func addCovMeta(p unsafe.Pointer, dlen uint32, hash [16]byte, pkgpath string, pkgid int, cmode uint8, cgran uint8) uint32 {
	return rtcov.AddMeta(p, dlen, hash, pkgpath, pkgid, cmode, cgran)
}

// FIPS.

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return getg().fipsIndicator }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(i uint8) { getg().fipsIndicator = i }

//go:linkname fips_isBypassed crypto/fips140.isBypassed
func fips_isBypassed() bool { return getg().fipsBypass }

//go:linkname fips_setBypass crypto/fips140.setBypass
func fips_setBypass() { getg().fipsBypass = true }

//go:linkname fips_unsetBypass crypto/fips140.unsetBypass
func fips_unsetBypass() { getg().fipsBypass = false }

//go:linkname subtle_setDITEnabled crypto/subtle.setDITEnabled
func subtle_setDITEnabled() bool { return false }

//go:linkname subtle_setDITDisabled crypto/subtle.setDITDisabled
func subtle_setDITDisabled() {}

// Execution trace: not offered. StartTrace says so; annotations cost nothing.

// StartTrace enables tracing.
func StartTrace() error { return errorString("tracing is not supported") }

// StopTrace stops tracing.
func StopTrace() {}

// ReadTrace returns nil: there is no trace.
func ReadTrace() []byte { return nil }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}

//go:linkname traceAdvance
func traceAdvance(stopTrace bool) {}

//go:linkname traceClockNow
func traceClockNow() uint64 { return uint64(nanotime()) / 64 }

//go:linkname trace_clockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func trace_clockUnitsPerSecond() uint64 { return 1000000000 / 64 }

//go:linkname plugin_lastmoduleinit plugin.lastmoduleinit
func plugin_lastmoduleinit() (path string, syms map[string]any, initTasks []*initTask, errstr string) {
	return "", nil, nil, "plugin: not supported"
}

var lastmoduledatap *moduledata

// internal/runtime/atomic and sync/atomic leave pointer operations with barriers to the runtime. No barriers here.

//go:linkname atomic_storePointer internal/runtime/atomic.storePointer
func atomic_storePointer(p *unsafe.Pointer, new unsafe.Pointer) { storep(p, new) }

//go:linkname atomic_casPointer internal/runtime/atomic.casPointer
func atomic_casPointer(p *unsafe.Pointer, old, new unsafe.Pointer) bool { return casp(p, old, new) }

//go:linkname sync_atomic_StorePointer sync/atomic.StorePointer
//go:nosplit
func sync_atomic_StorePointer(p *unsafe.Pointer, new unsafe.Pointer) { storep(p, new) }

//go:linkname sync_atomic_SwapPointer sync/atomic.SwapPointer
//go:nosplit
func sync_atomic_SwapPointer(p *unsafe.Pointer, new unsafe.Pointer) unsafe.Pointer {
	return swapp(p, new)
}

//go:linkname sync_atomic_CompareAndSwapPointer sync/atomic.CompareAndSwapPointer
//go:nosplit
func sync_atomic_CompareAndSwapPointer(p *unsafe.Pointer, old, new unsafe.Pointer) bool {
	return casp(p, old, new)
}

func writeErrStr(s string) {
	writeErr(unsafe.Pointer(unsafe.StringData(s)), int32(len(s)))
}

func schedtrace(now int64) {
	print("SCHED ", (now-startTime)/1000000, "ms: gomaxprocs=", gomaxprocs, " idleprocs=", sched.npidle, " threads=", sched.mcount,
		" spinningthreads=", sched.nmspinning, " idlethreads=", sched.nmidle, " runqueue=", sched.runqsize, "\n")
}
