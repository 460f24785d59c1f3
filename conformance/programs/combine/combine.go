// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Numbers put together of bytes and taken apart: in one access where nothing is in between.
package main

import (
	"encoding/binary"
	"fmt"
)

var le, be = binary.LittleEndian, binary.BigEndian

//go:noinline
func loads(b []byte) []any {
	return []any{le.Uint16(b), le.Uint32(b[1:]), le.Uint64(b[2:]), be.Uint16(b), be.Uint32(b[1:]), be.Uint64(b[2:])}
}

//go:noinline
func at(b []byte, i int) (uint32, uint64, uint16) {
	_ = b[i : i+8]
	x := uint32(b[i]) | uint32(b[i+1])<<8 | uint32(b[i+2])<<16 | uint32(b[i+3])<<24
	y := uint64(b[i+7]) | uint64(b[i+6])<<8 | uint64(b[i+5])<<16 | uint64(b[i+4])<<24 |
		uint64(b[i+3])<<32 | uint64(b[i+2])<<40 | uint64(b[i+1])<<48 | uint64(b[i])<<56
	z := uint16(b[i])<<8 | uint16(b[i+1])
	return x, y, z
}

//go:noinline
func partly(b *[8]byte, k uint64) []uint64 {
	return []uint64{
		uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16,                                        // three of them
		k | uint64(b[4]) | uint64(b[5])<<8,                                                       // with something else
		uint64(b[3])<<8 | uint64(b[4])<<16 | uint64(b[5])<<24 | uint64(b[6])<<32,                 // not from bit 0
		uint64(b[0])<<40 | uint64(b[1])<<32 | uint64(b[2])<<24 | uint64(b[3])<<16,                // falling, not from bit 0
		uint64(b[0]) | uint64(b[1])<<8 | uint64(b[3])<<16 | uint64(b[4])<<24,                     // a hole
		uint64(b[0]) | uint64(b[1])<<9,                                                           // a gap
		uint64(uint32(b[0])<<24) | uint64(uint32(b[1])<<28),                                      // bits lost
		uint64(le.Uint32(b[:4])) | uint64(le.Uint32(b[4:]))<<32,                                  // halves
		uint64(be.Uint32(b[:4]))<<32 | uint64(be.Uint32(b[4:])),                                  // swapped halves
		uint64(be.Uint32(b[:4])) | uint64(be.Uint32(b[4:]))<<32,                                  // halves the other way
		uint64(le.Uint16(b[:2])) | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(le.Uint32(b[4:]))<<32, // of several sizes
	}
}

//go:noinline
func between(b, c []byte) uint16 {
	x := uint16(b[0])
	c[1] = 9
	return x | uint16(b[1])<<8
}

//go:noinline
func after(b []byte, c []byte) uint16 {
	x := uint16(b[0])
	y := uint16(b[1])
	c[0] = 7
	return x | y<<8
}

//go:noinline
func signed(b []int8) int32 {
	return int32(b[0]) | int32(b[1])<<8
}

//go:noinline
func put(b []byte, i int, v uint64, w int32) {
	le.PutUint16(b[i:], uint16(v))
	be.PutUint16(b[i+2:], uint16(v>>16))
	le.PutUint32(b[i+4:], uint32(v))
	be.PutUint32(b[i+8:], uint32(w))
	le.PutUint64(b[i+12:], v)
	be.PutUint64(b[i+20:], v)
	c := b[i+28 : i+40]
	c[0] = byte(w)
	c[1] = byte(w >> 8)
	c[2] = byte(w >> 16)
	c[3] = byte(w >> 24)
	c[4], c[5], c[6], c[7] = byte(v>>24), byte(v>>32), byte(v>>40), byte(v>>48)
	c[11], c[10], c[9], c[8] = byte(v>>8), byte(v>>16), byte(v>>24), byte(v>>32)
}

//go:noinline
func constants(b []byte) {
	_ = b[15]
	b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7] = 't', 'r', 'u', 'e', 0xff, 0x80, 1, 2
	b[9] = 5
	b[8] = 6
	b[11] = 1
	b[10] = 2
	b[10] = 3
	b[12] = 4
	b[13] = b[12] + 1
	b[14] = 9
	b[15] = 8
}

type rec struct {
	a, b int16
	c    int32
	p    *int
	d, e uint8
	f    bool
}

//go:noinline
func fill(r *rec) {
	r.a, r.b, r.c, r.p, r.d, r.e, r.f = -1, 2, -3, nil, 4, 5, true
}

//go:noinline
func stops(b []byte, n int) (s string) {
	defer func() { s = fmt.Sprint(b[:4], recover() != nil) }()
	b[0] = 1
	b[1] = 2
	_ = b[n]
	b[2] = 3
	b[3] = 4
	return
}

//go:noinline
func aliases(b, c []byte) {
	_, _ = b[1], c[1]
	b[0] = 1
	c[1] = 3
	b[1] = 2
	c[0] = 4
}

func appended(v uint64) []byte {
	b := []byte("x")
	b = le.AppendUint64(b, v)
	b = be.AppendUint32(b, uint32(v))
	return append(b, 'n', 'u', 'l', 'l')
}

func main() {
	b := make([]byte, 48)
	for i := range b {
		b[i] = byte(i*37 + 130)
	}
	fmt.Println(loads(b)...)
	for i := 0; i < 5; i++ {
		fmt.Println(at(b, i))
	}
	fmt.Println(partly((*[8]byte)(b[3:]), 0x8000000000000000))
	fmt.Println(between(b, b), after(b, b), signed([]int8{-3, 5}), signed([]int8{3, -5}))
	put(b, 3, 0x0123456789abcdef, -0x12345678)
	fmt.Println(b)
	constants(b)
	fmt.Println(b)
	var r rec
	fill(&r)
	fmt.Println(r)
	fmt.Println(stops(make([]byte, 4), 3), stops(make([]byte, 4), 4))
	aliases(b, b)
	aliases(b[4:], b[5:])
	fmt.Println(b, appended(0xfedcba9876543210))
}
