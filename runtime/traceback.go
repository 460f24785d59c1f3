// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Printing of stacks in Go's layout.

package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"unsafe"
)

// gotraceback says how much is printed: level 0 nothing, 1 user frames, 2 all frames; all goroutines; crash afterwards.
func gotraceback() (level int32, all, crash bool) {
	t := tracebackCache
	crash = t&tracebackCrash != 0
	all = getg().m.throwing >= 2 || t&tracebackAll != 0
	if getg().m.throwing >= 2 {
		level = 2
	} else {
		level = int32(t >> tracebackShift)
	}
	return
}

const (
	tracebackCrash = 1 << iota
	tracebackAll
	tracebackShift = iota
)

var tracebackCache uint32 = 1 << tracebackShift
var tracebackEnv uint32

func parseTraceback(level string) uint32 {
	switch level {
	case "none":
		return 0
	case "single", "":
		return 1 << tracebackShift
	case "all":
		return 1<<tracebackShift | tracebackAll
	case "system":
		return 2<<tracebackShift | tracebackAll
	case "crash":
		return 2<<tracebackShift | tracebackAll | tracebackCrash
	case "wer":
		return 2<<tracebackShift | tracebackAll
	}
	t := uint32(tracebackAll)
	if n, ok := atoi(level); ok {
		t |= uint32(n) << tracebackShift
	}
	return t
}

//go:linkname setTraceback runtime/debug.SetTraceback
func setTraceback(level string) {
	tracebackCache = parseTraceback(level) | tracebackEnv
}

const tracebackMaxFrames = 100

// tracebackAt prints the stack of gp from a return address and SP on.
func tracebackAt(pc, sp uintptr, gp *g) {
	var u unwinder
	u.initAt(pc, sp, gp, true)
	printTraceback(&u, 0, tracebackMaxFrames, showAll(gp))
	printcreatedby(gp)
}

// traceback prints the stack of a goroutine that does not run.
func traceback(gp *g) {
	var u unwinder
	u.init(gp)
	printTraceback(&u, 0, tracebackMaxFrames, showAll(gp))
	printcreatedby(gp)
}

func showAll(gp *g) bool {
	level, _, _ := gotraceback()
	return level > 1 || gp == gp.m0g0()
}

// m0g0: g0s have no goroutine number.
func (gp *g) m0g0() *g {
	if gp.goid == 0 {
		return gp
	}
	return nil
}

// printTraceback prints the logical frames of a stack: of a very deep one the first and the last fifty.
func printTraceback(u *unwinder, skip, max int, all bool) {
	start := *u
	n, left := printFrames(u, 0, max/2, all)
	if left <= max/2 {
		*u = start
		printFrames(u, n, max, all)
		return
	}
	print("...", left-max/2, " frames elided...\n")
	*u = start
	printFrames(u, n+left-max/2, max, all)
}

// printFrames skips some of the frames to be shown, prints the next max, and counts the rest.
func printFrames(u *unwinder, skip, max int, all bool) (printed, left int) {
	calleeID := abi.FuncIDNormal
	seen := 0
	for ; u.valid(); u.next() {
		f := u.frame.f
		iu, fr := newInlineUnwinder(f, u.frame.lookup)
		for {
			name := iu.name(fr)
			id := iu.funcID(fr)
			if all || showframe(name, seen == 0, id, calleeID) {
				seen++
				if seen > skip {
					if printed < max {
						printed++
						printFrame(u, &iu, fr, name)
					} else {
						left++
					}
				}
			}
			calleeID = id
			if !fr.inlined() {
				break
			}
			fr = iu.next(fr)
		}
	}
	return
}

func printFrame(u *unwinder, iu *inlineUnwinder, fr inlineFrame, name string) {
	printFuncName(name)
	print("(")
	if fr.inlined() {
		print("...")
	} else {
		printArgs(u)
	}
	print(")\n")
	file, line := iu.fileLine(fr)
	print("\t", file, ":", line)
	if !fr.inlined() {
		pc := u.frame.pc
		if pc > iu.f.entry() {
			print(" +", hex(pc-iu.f.entry()))
		}
		if showRegisters(u.g) {
			print(" fp=", hex(u.frame.fp), " sp=", hex(u.frame.sp), " pc=", hex(pc))
		}
	}
	print("\n")
}

// showRegisters: where the runtime itself failed, frames and goroutines are shown with their addresses.
func showRegisters(gp *g) bool {
	level, _, _ := gotraceback()
	return level >= 2 || gp != nil && gp.m != nil && gp.m.throwing >= 2 && gp == gp.m.curg
}

// printFuncName shows gopanic as panic.
func printFuncName(name string) {
	if name == "runtime.gopanic" {
		print("panic")
		return
	}
	print(name)
}

// printArgs prints the arguments as the function's argument record describes them, from the registers' spill places.
func printArgs(u *unwinder) {
	f := u.frame.f
	p := funcdata(f, abi.FUNCDATA_ArgInfo)
	if p == nil {
		m := (*stackmap)(funcdata(f, abi.FUNCDATA_ArgsPointerMaps))
		if f.args != 0 || m != nil && m.nbit > 0 {
			print("...")
		}
		return
	}
	const (
		end       = 0xff
		startAgg  = 0xfe
		endAgg    = 0xfd
		dotdotdot = 0xfc
		offLarge  = 0xfb
	)
	first := true
	comma := func() {
		if !first {
			print(", ")
		}
	}
	for i := uintptr(0); ; {
		o := *(*byte)(add(p, i))
		i++
		switch o {
		case end:
			return
		case startAgg:
			comma()
			print("{")
			first = true
			continue
		case endAgg:
			print("}")
		case dotdotdot:
			comma()
			print("...")
		case offLarge:
			comma()
			print("_")
		default:
			comma()
			sz := *(*byte)(add(p, i))
			i++
			v := u.frame.argp + uintptr(o)
			switch sz {
			case 1:
				print(hex(*(*uint8)(unsafe.Pointer(v))))
			case 2:
				print(hex(*(*uint16)(unsafe.Pointer(v))))
			case 4:
				print(hex(*(*uint32)(unsafe.Pointer(v))))
			default:
				print(hex(*(*uint64)(unsafe.Pointer(v))))
			}
		}
		first = false
	}
}

// showframe: frames of the runtime are left out, except its exported functions and panics.
func showframe(name string, first bool, id, calleeID abi.FuncID) bool {
	if id == abi.FuncIDWrapper && calleeID != abi.FuncID_gopanic && calleeID != abi.FuncID_sigpanic && calleeID != abi.FuncID_panicwrap {
		return false
	}
	if name == "runtime.gopanic" {
		return !first
	}
	if !hasPrefix(name, "runtime.") {
		return indexByte(name, '.') >= 0
	}
	return isExportedRuntime(name)
}

func isExportedRuntime(name string) bool {
	const n = len("runtime.")
	if len(name) > n && name[n] >= 'A' && name[n] <= 'Z' {
		return true
	}
	// methods of exported types
	return len(name) > n+2 && name[n] == '(' && name[n+1] == '*' && name[n+2] >= 'A' && name[n+2] <= 'Z'
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

func printcreatedby(gp *g) {
	pc := gp.gopc
	f := findfunc(pc)
	if !f.valid() || gp.goid == 1 || !showframe(funcname(f), false, abi.FuncIDNormal, abi.FuncIDNormal) {
		return
	}
	look := pc
	if pc > f.entry() {
		look--
	}
	iu, fr := newInlineUnwinder(f, look)
	print("created by ")
	printFuncName(iu.name(fr))
	if gp.parentGoid != 0 {
		print(" in goroutine ", gp.parentGoid)
	}
	print("\n")
	file, line := iu.fileLine(fr)
	print("\t", file, ":", line)
	if pc > f.entry() {
		print(" +", hex(pc-f.entry()))
	}
	print("\n")
}

var gStatusStrings = [...]string{
	_Gidle:      "idle",
	_Grunnable:  "runnable",
	_Grunning:   "running",
	_Gsyscall:   "syscall",
	_Gwaiting:   "waiting",
	_Gdead:      "dead",
	_Gpreempted: "preempted",
}

func goroutineheader(gp *g) {
	status := readgstatus(gp)
	s := "???"
	if int(status) < len(gStatusStrings) {
		s = gStatusStrings[status]
	}
	if status == _Gwaiting && gp.waitreason != waitReasonZero {
		s = gp.waitreason.String()
	}
	wait := int64(0)
	if (status == _Gwaiting || status == _Gsyscall) && gp.waitsince != 0 {
		wait = (nanotime() - gp.waitsince) / 60e9
	}
	print("goroutine ", gp.goid)
	if showRegisters(gp) {
		print(" gp=", unsafe.Pointer(gp))
		if gp.m != nil {
			print(" m=", gp.m.id, " mp=", unsafe.Pointer(gp.m))
		} else {
			print(" m=nil")
		}
	}
	print(" [", s)
	if wait >= 1 {
		print(", ", wait, " minutes")
	}
	if gp.lockedm != nil {
		print(", locked to thread")
	}
	if b := gp.syncGroup; b != nil {
		print(", synctest bubble ", b.id)
	}
	print("]:\n")
}

// tracebackothers prints all goroutines but me.
func tracebackothers(me *g) {
	level, _, _ := gotraceback()
	curgp := getg().m.curg
	if curgp != nil && curgp != me {
		print("\n")
		goroutineheader(curgp)
		traceback(curgp)
	}
	for i := 0; i < len(allgs); i++ {
		gp := allgs[i]
		if gp == me || gp == curgp || readgstatus(gp) == _Gdead || gp.isSystem && level < 2 {
			continue
		}
		print("\n")
		goroutineheader(gp)
		if readgstatus(gp) == _Grunning {
			print("\tgoroutine running on other thread; stack unavailable\n")
			printcreatedby(gp)
		} else {
			traceback(gp)
		}
	}
}

// Stack formats the stack of the calling goroutine, or of all, into buf.
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	if all {
		stopTheWorld()
	}
	gp := getg()
	sp := sys.GetCallerSP()
	pc := sys.GetCallerPC()
	n := 0
	systemstack(func() {
		lock(&printer.lock)
		gp.m.printlock++
		printCapture.buf = buf[0:0:len(buf)]
		printCapture.g = gp
		old := tracebackCache
		tracebackCache = old&^(3<<tracebackShift) | 1<<tracebackShift
		goroutineheader(gp)
		tracebackAt(pc, sp, gp)
		if all {
			tracebackothers(gp)
		}
		tracebackCache = old
		n = len(printCapture.buf)
		printCapture.g = nil
		printCapture.buf = nil
		gp.m.printlock--
		unlock(&printer.lock)
	})
	if all {
		startTheWorld()
	}
	return n
}
