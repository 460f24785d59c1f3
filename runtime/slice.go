// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Slices: making, growing, copying; typed copies and clears of memory.

package runtime

import (
	"internal/goarch"
	"internal/runtime/math"
	"unsafe"
)

func makeslice(et *_type, len, cap int) unsafe.Pointer {
	mem, overflow := math.MulUintptr(et.Size_, uintptr(cap))
	if overflow || mem > maxAlloc || len < 0 || len > cap {
		m, o := math.MulUintptr(et.Size_, uintptr(len))
		if o || m > maxAlloc || len < 0 {
			panicmakeslicelen()
		}
		panicmakeslicecap()
	}
	return mallocgc(mem, et, true)
}

func makeslice64(et *_type, len64, cap64 int64) unsafe.Pointer {
	return makeslice(et, int(len64), int(cap64))
}

// makeslicecopy is make([]T, tolen) with the first elements copied from another slice.
func makeslicecopy(et *_type, tolen int, fromlen int, from unsafe.Pointer) unsafe.Pointer {
	tomem, overflow := math.MulUintptr(et.Size_, uintptr(tolen))
	if tolen < 0 || overflow || tomem > maxAlloc {
		panicmakeslicelen()
	}
	n := tomem
	if tolen > fromlen {
		n = et.Size_ * uintptr(fromlen)
	}
	p := mallocgc(tomem, et, et.PtrBytes != 0 || n < tomem)
	memmove(p, from, n)
	return p
}

// growslice makes room for append: oldPtr and oldCap describe the old array, newLen is the length wanted (num new
// elements included). The result has that length.
func growslice(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type) slice {
	oldLen := newLen - num
	if newLen < 0 {
		panic(errorString("growslice: len out of range"))
	}
	if et.Size_ == 0 {
		return slice{unsafe.Pointer(&zerobase), newLen, newLen}
	}
	newcap := nextslicecap(newLen, oldCap)
	noscan := et.PtrBytes == 0
	var capmem uintptr
	var overflow bool
	switch et.Size_ {
	case 1:
		overflow = uintptr(newcap) > maxAlloc
		capmem = roundupsize(uintptr(newcap), noscan)
		newcap = int(capmem)
	case goarch.PtrSize:
		overflow = uintptr(newcap) > maxAlloc/goarch.PtrSize
		capmem = roundupsize(uintptr(newcap)*goarch.PtrSize, noscan)
		newcap = int(capmem / goarch.PtrSize)
	default:
		capmem, overflow = math.MulUintptr(et.Size_, uintptr(newcap))
		if !overflow {
			capmem = roundupsize(capmem, noscan)
			newcap = int(capmem / et.Size_)
			capmem = uintptr(newcap) * et.Size_
		}
	}
	if overflow || capmem > maxAlloc {
		panic(errorString("growslice: len out of range"))
	}
	lenmem := uintptr(oldLen) * et.Size_
	var p unsafe.Pointer
	if noscan {
		p = mallocgc(capmem, nil, false)
		newlenmem := uintptr(newLen) * et.Size_
		memclrNoHeapPointers(add(p, newlenmem), capmem-newlenmem)
	} else {
		p = mallocgc(capmem, et, true)
	}
	memmove(p, oldPtr, lenmem)
	return slice{p, newLen, newcap}
}

// nextslicecap: double small slices, grow large ones by a quarter, gliding from one to the other from 256 on.
func nextslicecap(newLen, oldCap int) int {
	double := oldCap + oldCap
	if newLen > double {
		return newLen
	}
	const threshold = 256
	if oldCap < threshold {
		return double
	}
	newcap := oldCap
	for {
		newcap += (newcap + 3*threshold) >> 2
		if uint(newcap) >= uint(newLen) {
			break
		}
	}
	if newcap <= 0 {
		return newLen
	}
	return newcap
}

func growsliceNoAlias(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type) slice {
	return growslice(oldPtr, newLen, oldCap, num, et)
}

// growsliceBuf may use room for bufLen elements at buf, in the caller's frame, as the first array; used says that it has been.
func growsliceBuf(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *_type, buf unsafe.Pointer, bufLen int, used *bool) slice {
	if oldCap == 0 && newLen <= bufLen && !*used {
		*used = true
		memclrNoHeapPointers(buf, et.Size_*uintptr(bufLen))
		return slice{buf, newLen, bufLen}
	}
	return growslice(oldPtr, newLen, oldCap, num, et)
}

// makesliceBuf is makeslice with room for bufLen elements at buf, in the caller's frame.
func makesliceBuf(et *_type, len, cap int, buf unsafe.Pointer, bufLen int) unsafe.Pointer {
	if 0 <= len && len <= cap && cap <= bufLen {
		memclrNoHeapPointers(buf, et.Size_*uintptr(bufLen))
		return buf
	}
	return makeslice(et, len, cap)
}

func moveSlice(et *_type, old unsafe.Pointer, len, cap int) (unsafe.Pointer, int, int) {
	if !onStack(old) {
		return old, len, cap
	}
	p := makeslicecopy(et, cap, len, old)
	return p, len, cap
}

func moveSliceNoScan(elemSize uintptr, old unsafe.Pointer, len, cap int) (unsafe.Pointer, int, int) {
	if !onStack(old) {
		return old, len, cap
	}
	p := mallocgc(elemSize*uintptr(cap), nil, true)
	memmove(p, old, elemSize*uintptr(len))
	return p, len, cap
}

func moveSliceNoCap(et *_type, old unsafe.Pointer, len int) (unsafe.Pointer, int, int) {
	return moveSlice(et, old, len, len)
}

func moveSliceNoCapNoScan(elemSize uintptr, old unsafe.Pointer, len int) (unsafe.Pointer, int, int) {
	return moveSliceNoScan(elemSize, old, len, len)
}

func onStack(p unsafe.Pointer) bool {
	stk := getg().stack
	return stk.lo <= uintptr(p) && uintptr(p) < stk.hi
}

//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(et *_type, old slice, num int) slice {
	num -= old.cap - old.len // room that is there already
	n := growslice(old.array, old.cap+num, old.cap, num, et)
	if et.PtrBytes == 0 {
		// growslice expects the caller to write what it asked for
		oldmem := uintptr(old.cap) * et.Size_
		newmem := uintptr(n.len) * et.Size_
		memclrNoHeapPointers(add(n.array, oldmem), newmem-oldmem)
	}
	n.len = old.len
	return n
}

func slicecopy(toPtr unsafe.Pointer, toLen int, fromPtr unsafe.Pointer, fromLen int, width uintptr) int {
	n := fromLen
	if toLen < n {
		n = toLen
	}
	if n > 0 && width > 0 {
		memmove(toPtr, fromPtr, uintptr(n)*width)
	}
	return n
}

// Without write barriers typed copies are plain ones.

func typedmemmove(t *_type, dst, src unsafe.Pointer) {
	if dst != src {
		memmove(dst, src, t.Size_)
	}
}

func typedslicecopy(t *_type, dst unsafe.Pointer, dstLen int, src unsafe.Pointer, srcLen int) int {
	return slicecopy(dst, dstLen, src, srcLen, t.Size_)
}

func typedmemclr(t *_type, p unsafe.Pointer) { memclrNoHeapPointers(p, t.Size_) }

func memclrHasPointers(p unsafe.Pointer, n uintptr) { memclrNoHeapPointers(p, n) }

func wbZero(t *_type, dst unsafe.Pointer)      {}
func wbMove(t *_type, dst, src unsafe.Pointer) {}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(t *_type, dst, src unsafe.Pointer) { typedmemmove(t, dst, src) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(t *_type, dst, src unsafe.Pointer) { typedmemmove(t, dst, src) }

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(t *_type, dst, src unsafe.Pointer) { typedmemmove(t, dst, src) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(t *_type, p unsafe.Pointer) { typedmemclr(t, p) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(t *_type, p unsafe.Pointer) { typedmemclr(t, p) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(t *_type, p unsafe.Pointer, off, size uintptr) {
	memclrNoHeapPointers(p, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(t *_type, p unsafe.Pointer, len int) {
	memclrNoHeapPointers(p, t.Size_*uintptr(len))
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(t *_type, dst, src slice) int {
	return slicecopy(dst.array, dst.len, src.array, src.len, t.Size_)
}

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(et *_type, ptr unsafe.Pointer, len int) {
	unsafeslice(et, ptr, len)
}

// unsafeslice checks the arguments of unsafe.Slice.
func unsafeslice(et *_type, ptr unsafe.Pointer, len int) {
	if len < 0 {
		panicunsafeslicelen()
	}
	if et.Size_ == 0 && ptr == nil && len > 0 {
		panicunsafeslicenilptr()
	}
	mem, overflow := math.MulUintptr(et.Size_, uintptr(len))
	if overflow || mem > -uintptr(ptr) {
		if ptr == nil {
			panicunsafeslicenilptr()
		}
		panicunsafeslicelen()
	}
}

func unsafeslice64(et *_type, ptr unsafe.Pointer, len64 int64) { unsafeslice(et, ptr, int(len64)) }

// unsafestring checks the arguments of unsafe.String.
func unsafestring(ptr unsafe.Pointer, len int) {
	if len < 0 {
		panicunsafestringlen()
	}
	if uintptr(len) > -uintptr(ptr) {
		if ptr == nil {
			panicunsafestringnilptr()
		}
		panicunsafestringlen()
	}
}
