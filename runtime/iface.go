// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Interfaces: method tables made at run time, assertions, conversions of values to interfaces, equality.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// itabTable is a hash table of method tables, replaced by a larger one as it fills. Readers need no lock.
type itabTable struct {
	size    uintptr // power of two
	count   uintptr
	entries unsafe.Pointer // *[size]*itab
}

var (
	itabLock  mutex
	itabs     *itabTable
	itabFirst itabTable
)

func (t *itabTable) slot(i uintptr) *unsafe.Pointer {
	return (*unsafe.Pointer)(add(t.entries, i*goarch.PtrSize))
}

func itabHash(inter *interfacetype, typ *_type) uintptr {
	return uintptr(inter.Type.Hash) ^ uintptr(typ.Hash)*31
}

func (t *itabTable) find(inter *interfacetype, typ *_type) *itab {
	mask := t.size - 1
	for h := itabHash(inter, typ) & mask; ; h = (h + 1) & mask {
		m := (*itab)(atomic.Loadp(unsafe.Pointer(t.slot(h))))
		if m == nil {
			return nil
		}
		if m.Inter == inter && m.Type == typ {
			return m
		}
	}
}

func (t *itabTable) add(m *itab) {
	mask := t.size - 1
	h := itabHash(m.Inter, m.Type) & mask
	for *t.slot(h) != nil {
		if *t.slot(h) == unsafe.Pointer(m) {
			return
		}
		h = (h + 1) & mask
	}
	atomic.StorepNoWB(unsafe.Pointer(t.slot(h)), unsafe.Pointer(m))
	t.count++
}

// itabsInit makes the table, with the linker's method tables in it. itabLock is held.
func itabsInit() {
	md := &firstmoduledata
	n := uintptr(0)
	eachStaticItab(md, func(*itab) { n++ })
	t := newItabTable(roundPow2(n*2 + 64))
	eachStaticItab(md, t.add)
	atomic.StorepNoWB(unsafe.Pointer(&itabs), unsafe.Pointer(t))
}

func eachStaticItab(md *moduledata, visit func(*itab)) {
	p := md.types + md.itaboffset
	end := p + md.itabsize
	for p < end {
		m := (*itab)(unsafe.Pointer(p))
		if m.Inter == nil {
			p += 8 // padding
			continue
		}
		visit(m)
		k := uintptr(len(m.Inter.Methods))
		if k == 0 {
			k = 1
		}
		p += 24 + k*goarch.PtrSize
	}
}

func roundPow2(n uintptr) uintptr {
	p := uintptr(1)
	for p < n {
		p <<= 1
	}
	return p
}

func newItabTable(size uintptr) *itabTable {
	t := (*itabTable)(persistentalloc(unsafe.Sizeof(itabTable{}), 8))
	t.size = size
	t.entries = persistentalloc(size*goarch.PtrSize, 8)
	return t
}

// getitab finds or makes the method table of typ for inter; when typ doesn't implement it: nil if canfail, else panic.
func getitab(inter *interfacetype, typ *_type, canfail bool) *itab {
	if len(inter.Methods) == 0 {
		throw("internal error - misuse of itab")
	}
	if typ.TFlag&abi.TFlagUncommon == 0 {
		if canfail {
			return nil
		}
		name := toRType(&inter.Type).nameOff(inter.Methods[0].Name)
		panic(&TypeAssertionError{nil, typ, &inter.Type, name.Name()})
	}
	var m *itab
	if t := (*itabTable)(atomic.Loadp(unsafe.Pointer(&itabs))); t != nil {
		m = t.find(inter, typ)
	}
	if m == nil {
		m = makeitab(inter, typ)
	}
	if m.Fun[0] != 0 {
		return m
	}
	if canfail {
		return nil
	}
	panic(&TypeAssertionError{nil, typ, &inter.Type, itabInit(m, false)})
}

func makeitab(inter *interfacetype, typ *_type) *itab {
	lock(&itabLock)
	if itabs == nil {
		itabsInit()
	}
	m := itabs.find(inter, typ)
	if m == nil {
		m = (*itab)(persistentalloc(24+uintptr(len(inter.Methods))*goarch.PtrSize, 8))
		m.Inter = inter
		m.Type = typ
		m.Hash = 0 // tables made here are not used by type switches
		itabInit(m, true)
		if itabs.count*4 > itabs.size*3 {
			t := newItabTable(itabs.size * 2)
			for i := uintptr(0); i < itabs.size; i++ {
				if x := *itabs.slot(i); x != nil {
					t.add((*itab)(x))
				}
			}
			atomic.StorepNoWB(unsafe.Pointer(&itabs), unsafe.Pointer(t))
		}
		itabs.add(m)
	}
	unlock(&itabLock)
	return m
}

// itabInit fills in the methods; returns the name of the first that is missing, and leaves Fun[0] 0 then.
func itabInit(m *itab, first bool) string {
	inter := m.Inter
	typ := m.Type
	x := typ.Uncommon()
	ni := len(inter.Methods)
	nt := int(x.Mcount)
	methods := unsafe.Slice((*abi.Method)(add(unsafe.Pointer(x), uintptr(x.Moff))), nt)
	fun := unsafe.Slice((*uintptr)(unsafe.Pointer(&m.Fun[0])), ni)
	var fun0 uintptr
	j := 0
imethods:
	for k := 0; k < ni; k++ {
		i := &inter.Methods[k]
		itype := toRType(&inter.Type).typeOff(i.Typ)
		name := toRType(&inter.Type).nameOff(i.Name)
		iname := name.Name()
		ipkg := pkgPath(name)
		if ipkg == "" {
			ipkg = inter.PkgPath.Name()
		}
		for ; j < nt; j++ {
			t := &methods[j]
			tname := toRType(typ).nameOff(t.Name)
			if toRType(typ).typeOff(t.Mtyp) == itype && tname.Name() == iname {
				pkg := pkgPath(tname)
				if pkg == "" {
					pkg = toRType(typ).nameOff(x.PkgPath).Name()
				}
				if tname.IsExported() || pkg == ipkg {
					ifn := uintptr(toRType(typ).textOff(t.Ifn))
					if k == 0 {
						fun0 = ifn // stored last: Fun[0] != 0 says that the table is complete
					} else if first {
						fun[k] = ifn
					}
					continue imethods
				}
			}
		}
		return iname
	}
	if first {
		m.Fun[0] = fun0
	}
	return ""
}

// pkgPath is the package of an unexported name, when it is part of the name.
func pkgPath(n abi.Name) string {
	if n.Bytes == nil || *n.Data(0)&(1<<2) == 0 {
		return ""
	}
	i, l := n.ReadVarint(1)
	off := 1 + i + l
	if *n.Data(0)&(1<<1) != 0 {
		i2, l2 := n.ReadVarint(off)
		off += i2 + l2
	}
	var nameoff int32
	copy((*[4]byte)(unsafe.Pointer(&nameoff))[:], (*[4]byte)(unsafe.Pointer(n.Data(off)))[:])
	return resolveNameOff(unsafe.Pointer(n.Bytes), nameOff(nameoff)).Name()
}

// assertE2I returns the method table for x.(I) where I has methods and t is x's dynamic type.
func assertE2I(inter *interfacetype, t *_type) *itab {
	if t == nil {
		panic(&TypeAssertionError{nil, nil, &inter.Type, ""})
	}
	return getitab(inter, t, false)
}

// assertE2I2 is assertE2I with nil for failure.
func assertE2I2(inter *interfacetype, t *_type) *itab {
	if t == nil {
		return nil
	}
	return getitab(inter, t, true)
}

// typeAssert is assertE2I or assertE2I2 with the site's record.
func typeAssert(s *abi.TypeAssert, t *_type) *itab {
	if t == nil {
		if s.CanFail {
			return nil
		}
		panic(&TypeAssertionError{nil, nil, &s.Inter.Type, ""})
	}
	return getitab(s.Inter, t, s.CanFail)
}

// interfaceSwitch returns the first case of a type switch with interface cases that t implements.
func interfaceSwitch(s *abi.InterfaceSwitch, t *_type) (int, *itab) {
	cases := unsafe.Slice(&s.Cases[0], s.NCases)
	for i, c := range cases {
		if t == nil {
			break
		}
		if m := getitab(c, t, true); m != nil {
			return i, m
		}
	}
	return len(cases), nil
}

var emptyTypeAssertCache = abi.TypeAssertCache{Mask: 0}
var emptyInterfaceSwitchCache = abi.InterfaceSwitchCache{Mask: 0}

func ifaceE2I(inter *interfacetype, e eface, dst *iface) {
	t := e._type
	if t == nil {
		panic(&TypeAssertionError{nil, nil, &inter.Type, ""})
	}
	dst.tab = getitab(inter, t, false)
	dst.data = e.data
}

//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(inter *interfacetype, e eface, dst *iface) { ifaceE2I(inter, e, dst) }

//go:linkname reflectlite_ifaceE2I internal/reflectlite.ifaceE2I
func reflectlite_ifaceE2I(inter *interfacetype, e eface, dst *iface) { ifaceE2I(inter, e, dst) }

// Conversions of values to interfaces: a copy on the heap.

func convT(t *_type, v unsafe.Pointer) unsafe.Pointer {
	x := mallocgc(t.Size_, t, false)
	memmove(x, v, t.Size_)
	return x
}

func convTnoptr(t *_type, v unsafe.Pointer) unsafe.Pointer {
	x := mallocgc(t.Size_, nil, false)
	memmove(x, v, t.Size_)
	return x
}

// getStaticuint64s is pulled by reflect.
//
//go:linkname getStaticuint64s
func getStaticuint64s() *[256]uint64 { return &staticuint64s }

func convT16(val uint16) unsafe.Pointer {
	if val < 256 {
		return unsafe.Pointer(&staticuint64s[val])
	}
	x := mallocgc(2, nil, false)
	*(*uint16)(x) = val
	return x
}

func convT32(val uint32) unsafe.Pointer {
	if val < 256 {
		return unsafe.Pointer(&staticuint64s[val])
	}
	x := mallocgc(4, nil, false)
	*(*uint32)(x) = val
	return x
}

func convT64(val uint64) unsafe.Pointer {
	if val < 256 {
		return unsafe.Pointer(&staticuint64s[val])
	}
	x := mallocgc(8, nil, false)
	*(*uint64)(x) = val
	return x
}

func convTstring(val string) unsafe.Pointer {
	if val == "" {
		return unsafe.Pointer(&zeroVal[0])
	}
	p := new(string)
	*p = val
	return unsafe.Pointer(p)
}

func convTslice(val []byte) unsafe.Pointer {
	if (*slice)(unsafe.Pointer(&val)).array == nil {
		return unsafe.Pointer(&zeroVal[0])
	}
	p := new([]byte)
	*p = val
	return unsafe.Pointer(p)
}

// Equality.

func efaceeq(t *_type, x, y unsafe.Pointer) bool {
	if t == nil {
		return true
	}
	eq := t.Equal
	if eq == nil {
		panic(errorString("comparing uncomparable type " + toRType(t).string()))
	}
	if t.TFlag&abi.TFlagDirectIface != 0 {
		return x == y
	}
	return eq(x, y)
}

func ifaceeq(tab *itab, x, y unsafe.Pointer) bool {
	if tab == nil {
		return true
	}
	return efaceeq(tab.Type, x, y)
}
