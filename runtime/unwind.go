// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The unwinder: from a stack pointer and a program counter to the frames of a stack, by the function tables.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/sys"
	"unsafe"
)

// stkframe is one physical frame.
type stkframe struct {
	f      funcInfo
	pc     uintptr // where the function continues (or was interrupted)
	lookup uintptr // address to look things up by: pc - 1 at calls
	sp     uintptr // SP at pc
	fp     uintptr // SP of the caller after the call has returned = address just above the return address
	varp   uintptr // address of the saved BP slot; locals end here
	argp   uintptr // arguments on the stack begin here
	mapidx int32
	lr     uintptr // pc of the caller
}

// unwinder walks a stack. Use: for u.init(...); u.valid(); u.next().
type unwinder struct {
	frame       stkframe
	g           *g
	ok          bool
	interrupted bool    // the next frame to look at was stopped at an arbitrary instruction (fault, preemption)
	faulted     bool    // the next frame was stopped by a fault
	prevsp      uintptr // SP of the frame called from this one
	failed      bool    // ended at something it could not understand
}

// initAt starts at a pc and sp. atCall says that pc is a return address.
func (u *unwinder) initAt(pc, sp uintptr, gp *g, atCall bool) {
	u.g = gp
	u.ok = true
	u.failed = false
	u.faulted = false
	u.interrupted = !atCall
	u.frame = stkframe{pc: pc, sp: sp}
	u.prevsp = sp
	if pc == 0 {
		// a call of a nil function: the return address is on the stack
		u.frame.pc = *(*uintptr)(unsafe.Pointer(sp))
		u.frame.sp = sp + goarch.PtrSize
		u.interrupted = false
	}
	u.resolve()
}

// init starts at a goroutine that does not run (or is inside systemstack or mcall).
func (u *unwinder) init(gp *g) {
	if gp.syscallsp != 0 {
		u.initAt(gp.syscallpc, gp.syscallsp, gp, true)
		return
	}
	// a goroutine that has not begun stands at an entry, not behind a call
	f := findfunc(gp.sched.pc)
	u.initAt(gp.sched.pc, gp.sched.sp, gp, !f.valid() || f.entry() != gp.sched.pc)
}

func (u *unwinder) valid() bool { return u.ok }

// resolve fills the frame from pc and sp.
func (u *unwinder) resolve() {
	fr := &u.frame
	look := fr.pc
	if !u.interrupted {
		look--
	}
	f, spdelta, mapidx := frameAt(look)
	if u.interrupted && f.valid() && f.entry() == fr.pc {
		spdelta = 0
	}
	fr.lookup = look
	fr.f = f
	fr.mapidx = mapidx
	if u.faulted && f.valid() {
		// the frame only lives on for its deferred calls and what comes after deferreturn
		fr.mapidx = -1
		if f.deferreturn != 0 {
			fr.mapidx = pcdatavalue(f, abi.PCDATA_StackMapIndex, f.entry()+uintptr(f.deferreturn)+1)
		}
	}
	if !f.valid() || spdelta < 0 {
		u.ok = false
		u.failed = true
		return
	}
	fr.fp = fr.sp + uintptr(spdelta) + goarch.PtrSize
	fr.argp = fr.fp
	fr.varp = fr.fp - 2*goarch.PtrSize
	if f.flag&abi.FuncFlagTopFrame != 0 {
		fr.lr = 0
		return
	}
	if f.flag&abi.FuncFlagSPWrite != 0 && (u.interrupted || f.funcID != abi.FuncID_systemstack_switch) {
		if u.interrupted {
			fr.lr = 0
			u.failed = true
			return
		}
	}
	fr.lr = *(*uintptr)(unsafe.Pointer(fr.fp - goarch.PtrSize))
}

// next goes to the caller.
func (u *unwinder) next() {
	fr := &u.frame
	if fr.lr == 0 {
		u.ok = false
		return
	}
	// asyncPreempt and sigpanic were "called" from the interrupted instruction itself
	e := fr.f.entry()
	u.faulted = e == abi.FuncPCABIInternal(sigpanic)
	u.interrupted = u.faulted || e == abi.FuncPCABI0(asyncPreempt)
	u.prevsp = fr.sp
	fr.pc = fr.lr
	fr.sp = fr.fp
	if u.g != nil && u.g.stack.hi != 0 && (fr.sp > u.g.stack.hi || fr.sp < u.g.stack.lo) {
		u.ok = false
		u.failed = true
		return
	}
	u.resolve()
}

// atCall says whether the frame stands at a call (its maps hold), not at an arbitrary instruction.
func (u *unwinder) atCall() bool { return u.frame.lookup != u.frame.pc }

// argMapReflect describes the arguments of reflectcall and its bodies: type, fn, stackArgs, sizes, frame size, regArgs.
const argMapReflect = 1<<0 | 1<<1 | 1<<2 | 1<<5

// argBits returns the pointer map of the frame's stack arguments: nbit bits at bits, or small for constant ones.
func (fr *stkframe) argBits(g *g) (nbit int32, bits *byte, small uintptr) {
	f := fr.f
	m := (*stackmap)(funcdata(f, abi.FUNCDATA_ArgsPointerMaps))
	if m != nil {
		if m.n <= 0 || m.nbit <= 0 {
			return 0, nil, 0
		}
		idx := fr.mapidx
		if idx < 0 || idx >= m.n {
			idx = 0
		}
		return m.nbit, stackmapdata(m, idx), 0
	}
	if f.flag&abi.FuncFlagAsm != 0 && isReflectCall(f.entry()) {
		return 6, nil, argMapReflect
	}
	return 0, nil, 0
}

func isReflectCall(e uintptr) bool {
	return e == abi.FuncPCABI0(reflectcall) || e == abi.FuncPCABI0(call32) || e == abi.FuncPCABI0(call128) ||
		e == abi.FuncPCABI0(call512) || e == abi.FuncPCABI0(call2048) || e == abi.FuncPCABI0(call16384) ||
		e == abi.FuncPCABI0(call262144) || e == abi.FuncPCABI0(call4194304) ||
		e == abi.FuncPCABI0(call67108864) || e == abi.FuncPCABI0(call1073741824)
}

// localBits returns the pointer map of the frame's locals: nbit bits, the words from varp - nbit*8 on.
func (fr *stkframe) localBits() (nbit int32, bits *byte) {
	m := (*stackmap)(funcdata(fr.f, abi.FUNCDATA_LocalsPointerMaps))
	if m == nil || m.n <= 0 || m.nbit <= 0 || fr.mapidx < 0 || fr.mapidx >= m.n {
		return 0, nil
	}
	return m.nbit, stackmapdata(m, fr.mapidx)
}

// makeFuncStub and methodValueCall of reflect keep their closure at the bottom of the frame; its record says which
// words of the arguments are pointers (layouts.md section 8).
type reflectMethodValue struct {
	fn      uintptr
	stack   *reflectBitVector
	argLen  uintptr
	regPtrs uint16
}

type reflectBitVector struct {
	n    uint32
	data []byte
}

func isReflectStub(f funcInfo) bool {
	if f.flag&abi.FuncFlagAsm == 0 {
		return false
	}
	name := funcname(f)
	return name == "reflect.makeFuncStub" || name == "reflect.methodValueCall"
}

func tracebackPCs(u *unwinder, skip int, buf []uintptr) int {
	n := 0
	for ; u.valid() && n < len(buf); u.next() {
		iu, fr := newInlineUnwinder(u.frame.f, u.frame.lookup)
		for n < len(buf) {
			id := iu.funcID(fr)
			if id == abi.FuncIDWrapper && elideWrapper(u, &iu, fr, n > 0) {
				// not shown
			} else if skip > 0 {
				skip--
			} else {
				buf[n] = fr.pc + 1
				n++
			}
			if !fr.inlined() {
				break
			}
			fr = iu.next(fr)
		}
	}
	return n
}

// elideWrapper says whether a wrapper function is left out: always, unless it is what called the runtime to panic.
func elideWrapper(u *unwinder, iu *inlineUnwinder, fr inlineFrame, hasCallee bool) bool {
	return true
}

// callers collects the return addresses of the calling goroutine's stack, inlined calls expanded; skip 0 = the caller.
//
//go:noinline
func callers(skip int, buf []uintptr) (n int) {
	sp := sys.GetCallerSP()
	pc := sys.GetCallerPC()
	gp := getg()
	systemstack(func() { // where the stack cannot move
		var u unwinder
		u.initAt(pc, sp, gp, true)
		n = tracebackPCs(&u, skip, buf)
	})
	return n
}

func gcallers(gp *g, skip int, buf []uintptr) int {
	var u unwinder
	u.init(gp)
	return tracebackPCs(&u, skip, buf)
}
