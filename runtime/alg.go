// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Hash and equality functions that type descriptors and map types refer to.

package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"internal/runtime/sys"
	"unsafe"
)

func memhash0(p unsafe.Pointer, h uintptr) uintptr { return h }

func memhash8(p unsafe.Pointer, h uintptr) uintptr   { return memhash(p, h, 1) }
func memhash16(p unsafe.Pointer, h uintptr) uintptr  { return memhash(p, h, 2) }
func memhash128(p unsafe.Pointer, h uintptr) uintptr { return memhash(p, h, 16) }

func memhash32(p unsafe.Pointer, h uintptr) uintptr { return maps.MemHash32(*(*uint32)(p), h) }
func memhash64(p unsafe.Pointer, h uintptr) uintptr { return maps.MemHash64(*(*uint64)(p), h) }
func strhash(p unsafe.Pointer, h uintptr) uintptr   { return maps.StrHash(*(*string)(p), h) }

//go:linkname stringHash
func stringHash(s string, seed uintptr) uintptr { return maps.StrHash(s, seed) }

//go:linkname memhash
func memhash(p unsafe.Pointer, h, s uintptr) uintptr { return maps.MemHash(p, h, s) }

// memhash_varlen hashes as many bytes as the closure's second word says.
func memhash_varlen(p unsafe.Pointer, h uintptr) uintptr {
	c := sys.GetClosurePtr()
	size := *(*uintptr)(unsafe.Pointer(c + 8))
	return memhash(p, h, size)
}

func f32hash(p unsafe.Pointer, h uintptr) uintptr {
	f := *(*float32)(p)
	switch {
	case f == 0:
		return c1 * (c0 ^ h) // +0 and -0
	case f != f:
		return c1 * (c0 ^ h ^ uintptr(rand())) // every NaN differs
	default:
		return memhash32(p, h)
	}
}

func f64hash(p unsafe.Pointer, h uintptr) uintptr {
	f := *(*float64)(p)
	switch {
	case f == 0:
		return c1 * (c0 ^ h)
	case f != f:
		return c1 * (c0 ^ h ^ uintptr(rand()))
	default:
		return memhash64(p, h)
	}
}

const (
	c0 = 0x9e3779b97f4a7c15
	c1 = 0xd6e8feb86659fd93
)

func c64hash(p unsafe.Pointer, h uintptr) uintptr {
	return f32hash(add(p, 4), f32hash(p, h))
}

func c128hash(p unsafe.Pointer, h uintptr) uintptr {
	return f64hash(add(p, 8), f64hash(p, h))
}

func interhash(p unsafe.Pointer, h uintptr) uintptr {
	a := (*iface)(p)
	if a.tab == nil {
		return h
	}
	return hashDynamic(a.tab.Type, a.data, h)
}

func nilinterhash(p unsafe.Pointer, h uintptr) uintptr {
	a := (*eface)(p)
	if a._type == nil {
		return h
	}
	return hashDynamic(a._type, a.data, h)
}

func hashDynamic(t *_type, data unsafe.Pointer, h uintptr) uintptr {
	if t.Equal == nil {
		panic(errorString("hash of unhashable type " + toRType(t).string()))
	}
	h ^= uintptr(t.Hash)
	if t.TFlag&abi.TFlagDirectIface != 0 {
		return c1 * typehash(t, unsafe.Pointer(&data), h^c0)
	}
	return c1 * typehash(t, data, h^c0)
}

// typehash hashes a value of any hashable type.
func typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr {
	if t.TFlag&abi.TFlagRegularMemory != 0 {
		switch t.Size_ {
		case 4:
			return memhash32(p, h)
		case 8:
			return memhash64(p, h)
		default:
			return memhash(p, h, t.Size_)
		}
	}
	switch t.Kind_ {
	case abi.Float32:
		return f32hash(p, h)
	case abi.Float64:
		return f64hash(p, h)
	case abi.Complex64:
		return c64hash(p, h)
	case abi.Complex128:
		return c128hash(p, h)
	case abi.String:
		return strhash(p, h)
	case abi.Interface:
		if len((*interfacetype)(unsafe.Pointer(t)).Methods) == 0 {
			return nilinterhash(p, h)
		}
		return interhash(p, h)
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			h = typehash(a.Elem, add(p, i*a.Elem.Size_), h)
		}
		return h
	case abi.Struct:
		s := (*abi.StructType)(unsafe.Pointer(t))
		for i := range s.Fields {
			f := &s.Fields[i]
			if f.Name.IsBlank() {
				continue
			}
			h = typehash(f.Typ, add(p, f.Offset), h)
		}
		return h
	}
	panic(errorString("hash of unhashable type " + toRType(t).string()))
}

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(t *_type, p unsafe.Pointer, h uintptr) uintptr { return typehash(t, p, h) }

func strequal(p, q unsafe.Pointer) bool { return *(*string)(p) == *(*string)(q) }
func f32equal(p, q unsafe.Pointer) bool { return *(*float32)(p) == *(*float32)(q) }
func f64equal(p, q unsafe.Pointer) bool { return *(*float64)(p) == *(*float64)(q) }
func c64equal(p, q unsafe.Pointer) bool { return *(*complex64)(p) == *(*complex64)(q) }
func c128equal(p, q unsafe.Pointer) bool {
	return *(*complex128)(p) == *(*complex128)(q)
}

func interequal(p, q unsafe.Pointer) bool {
	x := *(*iface)(p)
	y := *(*iface)(q)
	return x.tab == y.tab && ifaceeq(x.tab, x.data, y.data)
}

func nilinterequal(p, q unsafe.Pointer) bool {
	x := *(*eface)(p)
	y := *(*eface)(q)
	return x._type == y._type && efaceeq(x._type, x.data, y.data)
}
