// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Maps: internal/runtime/maps has the tables; here is what compiled code and reflect call around them.

package runtime

import (
	"internal/runtime/maps"
	"unsafe"
)

func makemap_small() *maps.Map { return maps.NewEmptyMap() }

// makemapRoom makes a map of one group in the caller's frame, in size bytes: the map, and the group behind it.
func makemapRoom(room unsafe.Pointer, size uintptr) *maps.Map {
	memclrNoHeapPointers(room, size)
	m := (*mapHead)(room)
	m.seed = uintptr(rand())
	m.dirPtr = add(room, unsafe.Sizeof(mapHead{}))
	*(*uint64)(m.dirPtr) = mapGroupEmpty
	return (*maps.Map)(room)
}

// mapHead is maps.Map as far as it is needed here.
type mapHead struct {
	used     uint64
	seed     uintptr
	dirPtr   unsafe.Pointer
	dirLen   int
	flags    uint64
	clearSeq uint64
}

// mapGroupEmpty is the control word of a group without elements.
const mapGroupEmpty = 0x8080808080808080

func makemap64(t *maptype, hint int64, m *maps.Map) *maps.Map { return makemap(t, int(hint), m) }

func makemap(t *maptype, hint int, m *maps.Map) *maps.Map {
	if hint < 0 {
		hint = 0
	}
	return maps.NewMap(t, uintptr(hint), m, maxAlloc)
}

//go:linkname mapaccess1
func mapaccess1(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer

//go:linkname mapaccess2
func mapaccess2(t *maptype, m *maps.Map, key unsafe.Pointer) (unsafe.Pointer, bool)

//go:linkname mapaccess2_faststr
func mapaccess2_faststr(t *maptype, m *maps.Map, key string) (unsafe.Pointer, bool)

//go:linkname mapassign
func mapassign(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer

//go:linkname mapassign_faststr
func mapassign_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer

//go:linkname mapdelete_faststr
func mapdelete_faststr(t *maptype, m *maps.Map, key string)

func mapaccess1_fat(t *maptype, m *maps.Map, key, zero unsafe.Pointer) unsafe.Pointer {
	e, ok := mapaccess2(t, m, key)
	if !ok {
		return zero
	}
	return e
}

func mapaccess2_fat(t *maptype, m *maps.Map, key, zero unsafe.Pointer) (unsafe.Pointer, bool) {
	e, ok := mapaccess2(t, m, key)
	if !ok {
		return zero, false
	}
	return e, true
}

func mapdelete(t *maptype, m *maps.Map, key unsafe.Pointer) { m.Delete(t, key) }

func mapclear(t *maptype, m *maps.Map) { m.Clear(t) }

func mapIterStart(t *maptype, m *maps.Map, it *maps.Iter) {
	it.Init(t, m)
	it.Next()
}

func mapIterNext(it *maps.Iter) { it.Next() }

func mapclone2(t *maptype, m *maps.Map) *maps.Map { return m.Clone(t) }

//go:linkname maps_clone maps.clone
func maps_clone(m any) any {
	e := (*eface)(unsafe.Pointer(&m))
	e.data = unsafe.Pointer(mapclone2((*maptype)(unsafe.Pointer(e._type)), (*maps.Map)(e.data)))
	return m
}

//go:linkname maps_fatal internal/runtime/maps.fatal
func maps_fatal(s string) { fatal(s) }

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 { return rand() }

//go:linkname reflect_makemap reflect.makemap
func reflect_makemap(t *maptype, cap int) *maps.Map {
	if t.Key.Equal == nil {
		throw("runtime.reflect_makemap: unsupported map key type")
	}
	return makemap(t, cap, nil)
}

//go:linkname reflect_mapaccess reflect.mapaccess
func reflect_mapaccess(t *maptype, m *maps.Map, key unsafe.Pointer) unsafe.Pointer {
	e, ok := mapaccess2(t, m, key)
	if !ok {
		return nil
	}
	return e
}

//go:linkname reflect_mapaccess_faststr reflect.mapaccess_faststr
func reflect_mapaccess_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer {
	e, ok := mapaccess2_faststr(t, m, key)
	if !ok {
		return nil
	}
	return e
}

//go:linkname reflect_mapassign0 reflect.mapassign0
func reflect_mapassign0(t *maptype, m *maps.Map, key, elem unsafe.Pointer) {
	p := mapassign(t, m, key)
	typedmemmove(t.Elem, p, elem)
}

//go:linkname reflect_mapassign_faststr0 reflect.mapassign_faststr0
func reflect_mapassign_faststr0(t *maptype, m *maps.Map, key string, elem unsafe.Pointer) {
	p := mapassign_faststr(t, m, key)
	typedmemmove(t.Elem, p, elem)
}

//go:linkname reflect_mapdelete reflect.mapdelete
func reflect_mapdelete(t *maptype, m *maps.Map, key unsafe.Pointer) { mapdelete(t, m, key) }

//go:linkname reflect_mapdelete_faststr reflect.mapdelete_faststr
func reflect_mapdelete_faststr(t *maptype, m *maps.Map, key string) { mapdelete_faststr(t, m, key) }

//go:linkname reflect_mapclear reflect.mapclear
func reflect_mapclear(t *maptype, m *maps.Map) { mapclear(t, m) }

//go:linkname reflect_maplen reflect.maplen
func reflect_maplen(m *maps.Map) int {
	if m == nil {
		return 0
	}
	return int(m.Used())
}

//go:linkname reflectlite_maplen internal/reflectlite.maplen
func reflectlite_maplen(m *maps.Map) int { return reflect_maplen(m) }

// linknameIter is how other modules iterate over maps by linkname; they read the first two words.
type linknameIter struct {
	key  unsafe.Pointer
	elem unsafe.Pointer
	typ  *maptype
	it   *maps.Iter
}

func (it *linknameIter) next() {
	it.it.Next()
	it.key, it.elem = it.it.Key(), it.it.Elem()
}

//go:linkname mapiterinit
func mapiterinit(t *maptype, m *maps.Map, it *linknameIter) {
	it.typ = t
	it.it = new(maps.Iter)
	it.it.Init(t, m)
	it.next()
}

//go:linkname mapiternext
func mapiternext(it *linknameIter) { it.next() }

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t *maptype, m *maps.Map, it *linknameIter) { mapiterinit(t, m, it) }

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *linknameIter) { it.next() }

//go:linkname reflect_mapiterkey reflect.mapiterkey
func reflect_mapiterkey(it *linknameIter) unsafe.Pointer { return it.it.Key() }

//go:linkname reflect_mapiterelem reflect.mapiterelem
func reflect_mapiterelem(it *linknameIter) unsafe.Pointer { return it.it.Elem() }
