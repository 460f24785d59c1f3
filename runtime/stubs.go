// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Declarations of what assembly and the compiler provide.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// getg is the goroutine pointer, R14; the compiler replaces it.
func getg() *g

func gogo(gp *g)

//go:noescape
func mcall(fn func(*g))

//go:noescape
func systemstack(fn func())

func systemstack_switch()
func morestack()
func morestack_noctxt()
func goexit(neverCallThisFunction)

type neverCallThisFunction struct{}

func jumpTo(sp, pc, bp uintptr)
func rt0_go()
func mstart()
func asyncPreempt()
func sigpanic0()
func sigtramp()
func sigreturn__sigaction()
func procyield(cycles uint32)
func breakpoint()
func abort()
func getfp() uintptr
func cputicks() int64
func setg(gp *g)
func spillArgs()
func unspillArgs()

//go:noescape
func memmove(to, from unsafe.Pointer, n uintptr)

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(to, from unsafe.Pointer, n uintptr) {
	memmove(to, from, n)
}

//go:noescape
func memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr)

// memequal and memequal_varlen come from internal/bytealg.
//
//go:noescape
func memequal(a, b unsafe.Pointer, size uintptr) bool

//go:noescape
func memequal_varlen(a, b unsafe.Pointer) bool

func memequal0(p, q unsafe.Pointer) bool
func memequal8(p, q unsafe.Pointer) bool
func memequal16(p, q unsafe.Pointer) bool
func memequal32(p, q unsafe.Pointer) bool
func memequal64(p, q unsafe.Pointer) bool
func memequal128(p, q unsafe.Pointer) bool

// reflectcall is pulled by reflect.
//
//go:noescape
//go:linkname reflectcall
func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32,
	regArgs *abi.RegArgs)

func call32(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call128(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call512(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call2048(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call16384(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call262144(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call4194304(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call67108864(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)
func call1073741824(typ, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs)

func badreflectcall() {
	panic(plainError("arg size to reflect.call more than 1GB"))
}

// noescape hides a pointer from escape analysis.
//
//go:nosplit
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

// zeroVal is pulled by internal/runtime/maps and reflect.
//
//go:linkname zeroVal
var zeroVal [abi.ZeroValSize]byte

// zerobase is the address of every allocation of no bytes.
var zerobase uintptr

// useERMS: the processor is fast at string instructions.
var useERMS bool

// Processor features the compiler may test.
var (
	x86HasPOPCNT bool
	x86HasSSE41  bool
	x86HasFMA    bool
	x86HasAVX    bool
)

// writeBarrier: this collector stops the world while it marks; the flag never is set.
var writeBarrier struct {
	enabled bool
	pad     [3]byte
	alignme uint64
}

var (
	iscgo         bool
	islibrary     bool
	isarchive     bool
	buildVersion  string
	defaultGOROOT string
	modinfo       string
)

// unreachableMethod stands for methods that the linker dropped.
func unreachableMethod() {
	throw("unreachable method called. linker bug?")
}

func bool2int(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mapinitnoop replaces initializers of maps that nobody reads.
func mapinitnoop() {}
