// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What other modules reach of the runtime by linkname: iteration over maps.
// The file empty.s lets functions be declared without bodies.
package main

import (
	"fmt"
	"sort"
	"unsafe"
)

type iter struct{ key, elem, typ, it unsafe.Pointer }

//go:linkname mapiterinit runtime.mapiterinit
//go:noescape
func mapiterinit(typ, m unsafe.Pointer, it *iter)

//go:linkname mapiternext runtime.mapiternext
//go:noescape
func mapiternext(it *iter)

//go:linkname rinit reflect.mapiterinit
//go:noescape
func rinit(typ, m unsafe.Pointer, it *iter)

//go:linkname rnext reflect.mapiternext
//go:noescape
func rnext(it *iter)

//go:linkname rkey reflect.mapiterkey
//go:noescape
func rkey(it *iter) unsafe.Pointer

//go:linkname relem reflect.mapiterelem
//go:noescape
func relem(it *iter) unsafe.Pointer

type eface struct{ t, p unsafe.Pointer }

func main() {
	m := map[string]int{}
	for i := range 20 {
		m[fmt.Sprint(i)] = i * i
	}
	var x any = m
	e := (*eface)(unsafe.Pointer(&x))
	var out []string
	var it iter
	for mapiterinit(e.t, e.p, &it); it.key != nil; mapiternext(&it) {
		out = append(out, fmt.Sprint(*(*string)(it.key), "=", *(*int)(it.elem)))
	}
	sort.Strings(out)
	fmt.Println(out)
	out = out[:0]
	var r iter
	for rinit(e.t, e.p, &r); rkey(&r) != nil; rnext(&r) {
		out = append(out, fmt.Sprint(*(*string)(rkey(&r)), "=", *(*int)(relem(&r))))
	}
	sort.Strings(out)
	fmt.Println(out)
}
