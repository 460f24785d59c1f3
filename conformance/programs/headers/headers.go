// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Slices and strings that are made through reflect.SliceHeader and reflect.StringHeader keep what they point to.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"
)

func words(slice []byte) (result []uint16) {
	from := (*reflect.SliceHeader)(unsafe.Pointer(&slice))
	to := (*reflect.SliceHeader)(unsafe.Pointer(&result))
	to.Data = from.Data
	to.Len = from.Len / 2
	to.Cap = from.Cap / 2
	runtime.KeepAlive(&slice)
	return
}

type holder struct{ content []uint16 }

//go:noinline
func made(n byte) *holder {
	slice := make([]byte, 2)
	slice[0] = n
	return &holder{words(slice)}
}

//go:noinline
func clobber(n int) (sum int) {
	var big [512]int
	for i := range big {
		big[i] = n + i
	}
	for _, b := range big {
		sum += b
	}
	return
}

func bytes(s string) (b []byte) {
	sh := (*reflect.StringHeader)(unsafe.Pointer(&s))
	bh := (*reflect.SliceHeader)(unsafe.Pointer(&b))
	bh.Data, bh.Len, bh.Cap = sh.Data, sh.Len, sh.Len
	return
}

//go:noinline
func text(n byte) []byte {
	var t [4]byte
	for i := range t {
		t[i] = 'a' + n
	}
	return bytes(string(t[:]))
}

func main() {
	a, b := made(1), made(2)
	t := text(3)
	clobber(99)
	fmt.Println(a.content, b.content, string(t))
}
