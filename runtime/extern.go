// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The exported view of stacks and functions: Caller, Callers, Frames, Func; facts about the build.

package runtime

import (
	"unsafe"
)

const (
	Compiler        = "gc"
	GOOS     string = "linux"
	GOARCH   string = "amd64"
)

// Caller reports file and line of a caller: skip 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var rpc [1]uintptr
	if callers(skip+1, rpc[:]) < 1 {
		return
	}
	// the call, not what follows it: that may be the body of another function, inlined
	f := findfunc(rpc[0] - 1)
	if !f.valid() {
		return
	}
	pc = rpc[0] - 1
	fl, ln := funcline(f, pc)
	return pc, fl, int(ln), true
}

// Callers fills pc with the return addresses of the calling goroutine's stack: skip 0 is Callers itself.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, pc)
}

// Func is a function of the program. Inlined functions have no record; for them a funcinl stands in.
type Func struct {
	opaque struct{}
}

// funcinl looks like a Func at the beginning: ones = ^0 can't be the entry offset of a function.
type funcinl struct {
	ones      uint32
	entry     uintptr
	name      string
	file      string
	line      int32
	startLine int32
}

func (f *Func) raw() *_func { return (*_func)(unsafe.Pointer(f)) }

func (f *Func) isInlined() bool { return f.raw().entryOff == ^uint32(0) }

func (f *Func) funcInfo() funcInfo { return funcInfo{f.raw(), &firstmoduledata} }

// FuncForPC returns the function that contains pc; for inlined code the innermost one.
func FuncForPC(pc uintptr) *Func {
	f := findfunc(pc)
	if !f.valid() {
		return nil
	}
	iu, fr := newInlineUnwinder(f, pc)
	if !fr.inlined() {
		return (*Func)(unsafe.Pointer(f._func))
	}
	file, line := iu.fileLine(fr)
	fi := &funcinl{
		ones:      ^uint32(0),
		entry:     f.entry(),
		name:      iu.name(fr),
		file:      file,
		line:      line,
		startLine: iu.startLine(fr),
	}
	return (*Func)(unsafe.Pointer(fi))
}

// Name returns the function's name.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	if f.isInlined() {
		return funcNameForPrint((*funcinl)(unsafe.Pointer(f)).name)
	}
	return funcNameForPrint(funcname(f.funcInfo()))
}

// Entry returns the address of the function.
func (f *Func) Entry() uintptr {
	if f.isInlined() {
		return (*funcinl)(unsafe.Pointer(f)).entry
	}
	return f.funcInfo().entry()
}

// FileLine returns the position of the instruction at pc.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	if f.isInlined() {
		fi := (*funcinl)(unsafe.Pointer(f))
		return fi.file, int(fi.line)
	}
	fl, ln := funcline(f.funcInfo(), pc)
	return fl, int(ln)
}

func (f *Func) startLine() int32 {
	if f.isInlined() {
		return (*funcinl)(unsafe.Pointer(f)).startLine
	}
	return f.raw().startLine
}

// funcNameForPrint shows type arguments as [...].
func funcNameForPrint(name string) string {
	i := indexByte(name, '[')
	if i < 0 {
		return name
	}
	j := len(name) - 1
	for name[j] != ']' {
		j--
	}
	if j <= i {
		return name
	}
	return name[:i] + "[...]" + name[j+1:]
}

// Frames turns the addresses of Callers into frames.
type Frames struct {
	callers []uintptr
	next    Frame
	more    bool
	started bool
}

// Frame is one function call.
type Frame struct {
	PC        uintptr
	Func      *Func
	Function  string
	File      string
	Line      int
	startLine int
	Entry     uintptr
	funcInfo  funcInfo
}

// CallersFrames prepares to get the frames of a result of Callers.
func CallersFrames(callers []uintptr) *Frames {
	return &Frames{callers: callers}
}

// Next returns the next frame; more says whether another follows.
func (ci *Frames) Next() (frame Frame, more bool) {
	if !ci.started {
		ci.started = true
		ci.next, ci.more = ci.advance()
	}
	frame = ci.next
	if ci.more {
		ci.next, ci.more = ci.advance()
		return frame, ci.more
	}
	ci.next = Frame{}
	return frame, false
}

// advance makes the frame of the next address that is a function's.
func (ci *Frames) advance() (Frame, bool) {
	for len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		f := findfunc(pc)
		if !f.valid() {
			continue
		}
		entry := f.entry()
		if pc > entry {
			pc-- // the call, not what follows it
		}
		iu, fr := newInlineUnwinder(f, pc)
		frame := Frame{
			PC:        pc,
			Function:  funcNameForPrint(iu.name(fr)),
			startLine: int(iu.startLine(fr)),
			Entry:     entry,
			funcInfo:  f,
		}
		if !fr.inlined() {
			frame.Func = (*Func)(unsafe.Pointer(f._func))
		}
		file, line := iu.fileLine(fr)
		frame.File, frame.Line = file, int(line)
		return frame, true
	}
	return Frame{}, false
}

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string {
	if !f.funcInfo.valid() {
		return f.Function
	}
	iu, fr := newInlineUnwinder(f.funcInfo, f.PC)
	return iu.name(fr)
}

//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stk []uintptr) []uintptr {
	if len(stk) == 0 {
		return stk
	}
	pc := stk[len(stk)-1]
	f := findfunc(pc - 1)
	if !f.valid() {
		return stk
	}
	iu, fr := newInlineUnwinder(f, pc-1)
	for fr.inlined() {
		fr = iu.next(fr)
		stk = append(stk, fr.pc+1)
	}
	return stk
}

//go:linkname pprof_fpunwindExpand runtime.pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

//go:linkname pprof_makeProfStack runtime.pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

// GOROOT returns the root of the Go tree.
func GOROOT() string {
	if s := gogetenv("GOROOT"); s != "" {
		return s
	}
	return defaultGOROOT
}

// Version returns the Go version.
func Version() string {
	if buildVersion == "" {
		return "go" + goVersion
	}
	return buildVersion
}

const goVersion = "1.27.3"

// NumCPU returns the number of processors usable by the process.
func NumCPU() int { return int(numCPU()) }

// NumGoroutine returns the number of goroutines that exist.
func NumGoroutine() int {
	return int(sched.allGCount - sched.ngsys)
}

// NumCgoCall returns 0: there is no cgo.
func NumCgoCall() int64 { return 0 }

// KeepAlive keeps x reachable up to here.
//
//go:noinline
func KeepAlive(x any) {
	if keepAliveNever {
		keepAliveSink = x
	}
}

var keepAliveNever bool
var keepAliveSink any

// Breakpoint executes a breakpoint trap.
func Breakpoint() { breakpoint() }

//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	md := &firstmoduledata
	if md.modinfolen != 0 {
		return unsafe.String((*byte)(unsafe.Pointer(md.modinfo)), int(md.modinfolen))
	}
	return modinfo
}
