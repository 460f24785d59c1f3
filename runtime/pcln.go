// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Look-ups in the function tables: findfunc, pcvalue, names, files and lines, inline trees.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// funcInfo is a function record with the module it belongs to; _func nil = no function there.
type funcInfo struct {
	*_func
	datap *moduledata
}

func (f funcInfo) valid() bool { return f._func != nil }

func (f funcInfo) entry() uintptr { return f.datap.text + uintptr(f.entryOff) }

// tables of the pclntab: base + offset of the header
func (md *moduledata) table(off uintptr) uintptr { return uintptr(unsafe.Pointer(md.pcHeader)) + off }

func (md *moduledata) funcAt(i uint32) *functab {
	return (*functab)(unsafe.Pointer(md.table(md.pcHeader.pclnOffset) + uintptr(i)*8))
}

func findmoduledatap(pc uintptr) *moduledata {
	md := &firstmoduledata
	if pc >= md.text && pc < md.etext {
		return md
	}
	return nil
}

// findfunc returns the function that contains pc.
func findfunc(pc uintptr) funcInfo {
	md := findmoduledatap(pc)
	if md == nil {
		return funcInfo{}
	}
	off := pc - md.text
	b := (*findfuncbucket)(unsafe.Pointer(md.findfunctab + off/4096*20))
	idx := b.idx + uint32(b.subbuckets[off%4096/256])
	for uintptr(md.funcAt(idx+1).entryoff) <= off {
		idx++
	}
	ft := md.funcAt(idx)
	if ft.funcoff == 0 {
		return funcInfo{}
	}
	return funcInfo{(*_func)(unsafe.Pointer(md.table(md.pcHeader.pclnOffset) + uintptr(ft.funcoff))), md}
}

// readvarint reads an unsigned varint at p and returns the address after it.
func readvarint(p uintptr) (uint32, uintptr) {
	b := *(*byte)(unsafe.Pointer(p))
	if b < 0x80 {
		return uint32(b), p + 1
	}
	v := uint32(b & 0x7f)
	shift := uint(7)
	for {
		p++
		b = *(*byte)(unsafe.Pointer(p))
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v, p + 1
		}
		shift += 7
	}
}

// pcvalue evaluates a pc-value table (offset in pctab) at targetpc: the value and the pc from which on it holds.
func pcvalue(f funcInfo, off uint32, targetpc uintptr) (int32, uintptr) {
	if off == 0 {
		return -1, 0
	}
	md := f.datap
	p := md.table(md.pcHeader.pctabOffset) + uintptr(off)
	pc := f.entry()
	prev := pc
	val := int32(-1)
	first := true
	for {
		uv := uint32(*(*byte)(unsafe.Pointer(p)))
		if uv == 0 && !first {
			break
		}
		first = false
		var d uint32
		uv, p = readvarint(p)
		val += int32(uv>>1) ^ -int32(uv&1)
		d, p = readvarint(p)
		pc += uintptr(d)
		if targetpc < pc {
			return val, prev
		}
		prev = pc
	}
	return -1, 0
}

func funcpcdata(f funcInfo, i uint32) uint32 {
	return *(*uint32)(add(unsafe.Pointer(f._func), unsafe.Sizeof(_func{})+uintptr(i)*4))
}

// pcdatavalue is the value of PCDATA table i at pc, -1 where there is none.
func pcdatavalue(f funcInfo, i uint32, pc uintptr) int32 {
	if i >= f.npcdata {
		return -1
	}
	v, _ := pcvalue(f, funcpcdata(f, i), pc)
	return v
}

// funcdata is the address of FUNCDATA i, nil when the function has none.
func funcdata(f funcInfo, i uint8) unsafe.Pointer {
	if i >= f.nfuncdata {
		return nil
	}
	off := *(*uint32)(add(unsafe.Pointer(f._func), unsafe.Sizeof(_func{})+uintptr(f.npcdata)*4+uintptr(i)*4))
	if off == ^uint32(0) {
		return nil
	}
	return unsafe.Pointer(f.datap.gofunc + uintptr(off))
}

// funcspdelta is the distance from SP at pc to the return address.
func funcspdelta(f funcInfo, pc uintptr) int32 {
	v, _ := pcvalue(f, f.pcsp, pc)
	return v
}

// stackmapdata returns bitmap n of a pointer map table.
func stackmapdata(m *stackmap, n int32) *byte {
	return (*byte)(add(unsafe.Pointer(m), 8+uintptr(n)*uintptr((m.nbit+7)>>3)))
}

func nameAt(md *moduledata, off int32) string {
	if off < 0 {
		return ""
	}
	return gostringnocopy((*byte)(unsafe.Pointer(md.table(md.pcHeader.funcnameOffset) + uintptr(off))))
}

func funcname(f funcInfo) string {
	if !f.valid() {
		return ""
	}
	return nameAt(f.datap, f.nameOff)
}

// funcpkgpath is the part of a function's name that names its package.
func funcpkgpath(name string) string {
	i := len(name) - 1
	for ; i > 0; i-- {
		if name[i] == '/' {
			break
		}
	}
	for ; i < len(name); i++ {
		if name[i] == '.' {
			break
		}
	}
	return name[:i]
}

func funcfile(f funcInfo, fileno int32) string {
	if !f.valid() || fileno < 0 {
		return "?"
	}
	md := f.datap
	cu := *(*uint32)(unsafe.Pointer(md.table(md.pcHeader.cuOffset) + (uintptr(f.cuOffset)+uintptr(fileno))*4))
	if cu == ^uint32(0) {
		return "?"
	}
	return gostringnocopy((*byte)(unsafe.Pointer(md.table(md.pcHeader.filetabOffset) + uintptr(cu))))
}

// funcline is the file and line of an instruction, in inlined code those of the innermost function.
func funcline(f funcInfo, pc uintptr) (string, int32) {
	if !f.valid() {
		return "?", 0
	}
	fileno, _ := pcvalue(f, f.pcfile, pc)
	line, _ := pcvalue(f, f.pcln, pc)
	if fileno == -1 || line == -1 {
		return "?", 0
	}
	return funcfile(f, fileno), line
}

// inlineUnwinder walks the functions that are inlined at a pc, innermost first; the last one is the function itself.
type inlineUnwinder struct {
	f       funcInfo
	inlTree unsafe.Pointer
}

// inlineFrame is one step: index -1 = the physical function.
type inlineFrame struct {
	pc    uintptr
	index int32
}

func newInlineUnwinder(f funcInfo, pc uintptr) (inlineUnwinder, inlineFrame) {
	tree := funcdata(f, abi.FUNCDATA_InlTree)
	u := inlineUnwinder{f, tree}
	if tree == nil {
		return u, inlineFrame{pc, -1}
	}
	return u, u.resolve(pc)
}

func (u *inlineUnwinder) resolve(pc uintptr) inlineFrame {
	return inlineFrame{pc, pcdatavalue(u.f, abi.PCDATA_InlTreeIndex, pc)}
}

func (u *inlineUnwinder) call(i int32) *inlinedCall {
	return (*inlinedCall)(add(u.inlTree, uintptr(i)*16))
}

func (fr inlineFrame) inlined() bool { return fr.index >= 0 }

// next goes to the function that called the inlined one; not to be called at the physical function.
func (u *inlineUnwinder) next(fr inlineFrame) inlineFrame {
	up := u.resolve(u.f.entry() + uintptr(u.call(fr.index).parentPc))
	if up.index >= fr.index {
		up.index = -1 // parents come before children: the table is wrong
	}
	return up
}

func (u *inlineUnwinder) isInlined(fr inlineFrame) bool { return fr.index >= 0 }

func (u *inlineUnwinder) name(fr inlineFrame) string {
	if fr.index < 0 {
		return funcname(u.f)
	}
	return nameAt(u.f.datap, u.call(fr.index).nameOff)
}

func (u *inlineUnwinder) funcID(fr inlineFrame) abi.FuncID {
	if fr.index < 0 {
		return u.f.funcID
	}
	return u.call(fr.index).funcID
}

func (u *inlineUnwinder) startLine(fr inlineFrame) int32 {
	if fr.index < 0 {
		return u.f.startLine
	}
	return u.call(fr.index).startLine
}

// fileLine is the position of the frame's pc: in the innermost function the instruction, else the inlined call.
func (u *inlineUnwinder) fileLine(fr inlineFrame) (string, int32) {
	return funcline(u.f, fr.pc)
}

// A small cache per thread from return addresses to what the unwinder needs of them.
const pcCacheSize = 64

type pcCacheEntry struct {
	pc      uintptr
	f       *_func
	spdelta int32
	mapidx  int32
}

// frameAt looks up function, SP delta and stack map index for an address of code. pc is the address to look at (return
// address - 1 in callers).
func frameAt(pc uintptr) (f funcInfo, spdelta int32, mapidx int32) {
	mp := getg().m
	e := &mp.pcCache[(pc>>1^pc>>7)%pcCacheSize]
	if e.pc == pc {
		return funcInfo{e.f, &firstmoduledata}, e.spdelta, e.mapidx
	}
	f = findfunc(pc)
	if !f.valid() {
		return f, 0, -1
	}
	spdelta = funcspdelta(f, pc)
	mapidx = pcdatavalue(f, abi.PCDATA_StackMapIndex, pc)
	// a signal handler of this thread may use the cache between these stores: it must not see a mixture
	e.pc = 0
	e.f = f._func
	e.spdelta = spdelta
	e.mapidx = mapidx
	e.pc = pc
	return f, spdelta, mapidx
}
