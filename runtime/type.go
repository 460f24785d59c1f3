// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Type descriptors: names and offsets resolved; what reflect asks about types.

package runtime

import (
	"internal/abi"
	"unsafe"
)

type nameOff = abi.NameOff
type typeOff = abi.TypeOff
type textOff = abi.TextOff

// rtype adds the runtime's methods to a descriptor.
type rtype struct {
	*abi.Type
}

func toRType(t *abi.Type) rtype { return rtype{t} }

func (t rtype) string() string {
	s := t.nameOff(t.Str).Name()
	if t.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

func (t rtype) nameOff(off nameOff) abi.Name { return resolveNameOff(unsafe.Pointer(t.Type), off) }

// name is the type's name without package.
func (t rtype) name() string {
	if t.TFlag&abi.TFlagNamed == 0 {
		return ""
	}
	s := t.string()
	i := len(s) - 1
	brackets := 0
	for i >= 0 && (s[i] != '.' || brackets != 0) {
		switch s[i] {
		case ']':
			brackets++
		case '[':
			brackets--
		}
		i--
	}
	return s[i+1:]
}

func (t rtype) pkgpath() string {
	if u := t.Uncommon(); u != nil {
		return t.nameOff(u.PkgPath).Name()
	}
	switch t.Kind_ {
	case abi.Struct:
		return (*abi.StructType)(unsafe.Pointer(t.Type)).PkgPath.Name()
	case abi.Interface:
		return (*interfacetype)(unsafe.Pointer(t.Type)).PkgPath.Name()
	}
	return ""
}

// reflectOffs numbers what reflect made at run time: negative offsets.
var reflectOffs struct {
	lock mutex
	next int32
	m    map[int32]unsafe.Pointer
	minv map[unsafe.Pointer]int32
}

func inModule(p unsafe.Pointer) bool {
	md := &firstmoduledata
	return uintptr(p) >= md.types && uintptr(p) < md.etypes
}

func reflectOff(off int32) unsafe.Pointer {
	lock(&reflectOffs.lock)
	p := reflectOffs.m[off]
	unlock(&reflectOffs.lock)
	return p
}

func resolveNameOff(ptrInModule unsafe.Pointer, off nameOff) abi.Name {
	if off == 0 {
		return abi.Name{}
	}
	if off > 0 {
		return abi.Name{Bytes: (*byte)(unsafe.Pointer(firstmoduledata.types + uintptr(off)))}
	}
	return abi.Name{Bytes: (*byte)(reflectOff(int32(off)))}
}

func resolveTypeOff(ptrInModule unsafe.Pointer, off typeOff) *_type {
	if off == 0 || off == -1 {
		return nil
	}
	if off > 0 {
		return (*_type)(unsafe.Pointer(firstmoduledata.types + uintptr(off)))
	}
	return (*_type)(reflectOff(int32(off)))
}

func (t rtype) typeOff(off typeOff) *_type { return resolveTypeOff(unsafe.Pointer(t.Type), off) }

func (t rtype) textOff(off textOff) unsafe.Pointer {
	if off == -1 {
		f := unreachableMethod
		return **(**unsafe.Pointer)(unsafe.Pointer(&f))
	}
	if off >= 0 {
		return unsafe.Pointer(firstmoduledata.text + uintptr(off))
	}
	return reflectOff(int32(off))
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(p unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(resolveNameOff(p, nameOff(off)).Bytes)
}

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(t unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(resolveTypeOff(t, typeOff(off)))
}

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(t unsafe.Pointer, off int32) unsafe.Pointer {
	return toRType((*_type)(t)).textOff(textOff(off))
}

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(p unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(resolveNameOff(p, nameOff(off)).Bytes)
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(t unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(resolveTypeOff(t, typeOff(off)))
}

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(ptr unsafe.Pointer) int32 {
	var fresh map[int32]unsafe.Pointer
	var freshInv map[unsafe.Pointer]int32
	if reflectOffs.m == nil {
		fresh = make(map[int32]unsafe.Pointer)
		freshInv = make(map[unsafe.Pointer]int32)
	}
	lock(&reflectOffs.lock)
	if reflectOffs.m == nil {
		reflectOffs.m = fresh
		reflectOffs.minv = freshInv
		reflectOffs.next = -2
	}
	id, found := reflectOffs.minv[ptr]
	if !found {
		id = reflectOffs.next
		reflectOffs.next--
		reflectOffs.m[id] = ptr
		reflectOffs.minv[ptr] = id
	}
	unlock(&reflectOffs.lock)
	return id
}

// compiledTypelinks lists the unnamed composite types of the program, sorted by string.
//
//go:linkname reflect_compiledTypelinks reflect.compiledTypelinks
func reflect_compiledTypelinks() ([]*_type, [][]*_type) {
	md := &firstmoduledata
	if typelinks == nil && md.typedesclen > 8 {
		var list []*_type
		end := md.types + md.typedesclen
		for p := alignUp(md.types+8, 8); p < end; {
			t := (*_type)(unsafe.Pointer(p))
			list = append(list, t)
			p = alignUp(p+uintptr(t.DescriptorSize()), 8)
		}
		typelinks = list
	}
	return typelinks, nil
}

var typelinks []*_type

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	return spanOfHeap(p) == nil && p != 0 && p != ^uintptr(0)
}

//go:linkname reflect_adjustAIXGCDataForRuntime reflect.adjustAIXGCDataForRuntime
func reflect_adjustAIXGCDataForRuntime(p *byte) *byte { return p }

//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(typ *_type) string { return toRType(typ).string() }

// typesEqual: the same type, described twice (at run time by reflect, or in two modules).
func typesEqual(t, v *_type) bool { return t == v }
