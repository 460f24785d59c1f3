// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

//go:nosplit
func storep(p *unsafe.Pointer, new unsafe.Pointer) { atomic.StorepNoWB(unsafe.Pointer(p), new) }

//go:nosplit
func casp(p *unsafe.Pointer, old, new unsafe.Pointer) bool { return atomic.Casp1(p, old, new) }

//go:nosplit
func swapp(p *unsafe.Pointer, new unsafe.Pointer) unsafe.Pointer {
	return unsafe.Pointer(atomic.Xchguintptr((*uintptr)(unsafe.Pointer(p)), uintptr(new)))
}
