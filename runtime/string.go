// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Strings: concatenation and conversions. A buf argument is room in the caller's frame for results that don't escape.

package runtime

import (
	"internal/bytealg"
	"unsafe"
)

const tmpStringBufSize = 32

type tmpBuf [tmpStringBufSize]byte

// rawstring allocates a string of n bytes that its maker still writes through b.
func rawstring(n int) (s string, b []byte) {
	p := mallocgc(uintptr(n), nil, false)
	return unsafe.String((*byte)(p), n), unsafe.Slice((*byte)(p), n)
}

// rawbyteslice allocates n bytes; what lies between len and cap is cleared.
func rawbyteslice(n int) []byte {
	cap := roundupsize(uintptr(n), true)
	p := mallocgc(cap, nil, false)
	memclrNoHeapPointers(add(p, uintptr(n)), cap-uintptr(n))
	return unsafe.Slice((*byte)(p), cap)[:n]
}

func rawrune(n int) []rune {
	if uintptr(n) > maxAlloc/4 {
		throw("out of memory")
	}
	mem := roundupsize(uintptr(n)*4, true)
	p := mallocgc(mem, nil, false)
	memclrNoHeapPointers(add(p, uintptr(n)*4), mem-uintptr(n)*4)
	return unsafe.Slice((*rune)(p), int(mem/4))[:n]
}

// rawstringtmp is a string of n bytes in buf, if it fits, or on the heap.
func rawstringtmp(buf *tmpBuf, n int) (s string, b []byte) {
	if buf != nil && n <= len(buf) {
		b = buf[:n]
		return unsafe.String(&buf[0], n), b
	}
	return rawstring(n)
}

// stringOnStack: the bytes lie in the current goroutine's stack.
func stringOnStack(s string) bool {
	p := uintptr(unsafe.Pointer(unsafe.StringData(s)))
	stk := getg().stack
	return stk.lo <= p && p < stk.hi
}

func concatstrings(buf *tmpBuf, a []string) string {
	idx := 0
	n := 0
	count := 0
	for i, s := range a {
		l := len(s)
		if l == 0 {
			continue
		}
		if n+l < n {
			throw("string concatenation too long")
		}
		n += l
		count++
		idx = i
	}
	if count == 0 {
		return ""
	}
	// a single piece can be the result, unless it lies in a frame and the result may leave it
	if count == 1 && (buf != nil || !stringOnStack(a[idx])) {
		return a[idx]
	}
	s, b := rawstringtmp(buf, n)
	p := unsafe.Pointer(unsafe.SliceData(b))
	for _, x := range a {
		memmove(p, unsafe.Pointer(unsafe.StringData(x)), uintptr(len(x)))
		p = add(p, uintptr(len(x)))
	}
	return s
}

func concatstring2(buf *tmpBuf, a0, a1 string) string {
	a := [2]string{a0, a1}
	return concatstrings(buf, a[:])
}

func concatstring3(buf *tmpBuf, a0, a1, a2 string) string {
	a := [3]string{a0, a1, a2}
	return concatstrings(buf, a[:])
}

func concatstring4(buf *tmpBuf, a0, a1, a2, a3 string) string {
	a := [4]string{a0, a1, a2, a3}
	return concatstrings(buf, a[:])
}

func concatstring5(buf *tmpBuf, a0, a1, a2, a3, a4 string) string {
	a := [5]string{a0, a1, a2, a3, a4}
	return concatstrings(buf, a[:])
}

// concatbytes is []byte(a + b + ...).
func concatbytes(buf *tmpBuf, a []string) []byte {
	n := 0
	for _, s := range a {
		if n+len(s) < n {
			throw("string concatenation too long")
		}
		n += len(s)
	}
	var b []byte
	if buf != nil && n <= len(buf) {
		*buf = tmpBuf{}
		b = buf[:n]
	} else {
		b = rawbyteslice(n)
	}
	off := 0
	for _, s := range a {
		off += copy(b[off:], s)
	}
	return b
}

func concatbyte2(buf *tmpBuf, a0, a1 string) []byte {
	a := [2]string{a0, a1}
	return concatbytes(buf, a[:])
}

func concatbyte3(buf *tmpBuf, a0, a1, a2 string) []byte {
	a := [3]string{a0, a1, a2}
	return concatbytes(buf, a[:])
}

func concatbyte4(buf *tmpBuf, a0, a1, a2, a3 string) []byte {
	a := [4]string{a0, a1, a2, a3}
	return concatbytes(buf, a[:])
}

func concatbyte5(buf *tmpBuf, a0, a1, a2, a3, a4 string) []byte {
	a := [5]string{a0, a1, a2, a3, a4}
	return concatbytes(buf, a[:])
}

func slicebytetostring(buf *tmpBuf, ptr *byte, n int) string {
	if n == 0 {
		return ""
	}
	if n == 1 {
		p := unsafe.Pointer(&staticuint64s[*ptr])
		return unsafe.String((*byte)(p), 1)
	}
	var p unsafe.Pointer
	if buf != nil && n <= len(buf) {
		p = unsafe.Pointer(buf)
	} else {
		p = mallocgc(uintptr(n), nil, false)
	}
	memmove(p, unsafe.Pointer(ptr), uintptr(n))
	return unsafe.String((*byte)(p), n)
}

// slicebytetostringtmp is a string over bytes that don't change while it is used.
func slicebytetostringtmp(ptr *byte, n int) string {
	return unsafe.String(ptr, n)
}

func stringtoslicebyte(buf *tmpBuf, s string) []byte {
	var b []byte
	if buf != nil && len(s) <= len(buf) {
		*buf = tmpBuf{}
		b = buf[:len(s)]
	} else {
		b = rawbyteslice(len(s))
	}
	copy(b, s)
	return b
}

func stringtoslicerune(buf *[tmpStringBufSize]rune, s string) []rune {
	n := countrunes(s)
	var a []rune
	if buf != nil && n <= len(buf) {
		*buf = [tmpStringBufSize]rune{}
		a = buf[:n]
	} else {
		a = rawrune(n)
	}
	n = 0
	for _, r := range s {
		a[n] = r
		n++
	}
	return a
}

func slicerunetostring(buf *tmpBuf, a []rune) string {
	var tmp [4]byte
	n := 0
	for _, r := range a {
		n += encoderune(tmp[:], r)
	}
	s, b := rawstringtmp(buf, n)
	if n == 0 {
		return ""
	}
	at := 0
	for _, r := range a {
		k := encoderune(tmp[:], r)
		copy(b[at:], tmp[:k])
		at += k
	}
	return s
}

func intstring(buf *[4]byte, v int64) string {
	if int64(rune(v)) != v {
		v = runeError
	}
	var tmp [4]byte
	n := encoderune(tmp[:], rune(v))
	var b []byte
	var s string
	if buf != nil {
		b = buf[:]
		s = unsafe.String(&buf[0], n)
	} else {
		s, b = rawstring(n)
	}
	copy(b, tmp[:n])
	return s
}

// gostring copies a C string.
//
//go:linkname gostring
func gostring(p *byte) string {
	n := findnull(p)
	if n == 0 {
		return ""
	}
	return slicebytetostring(nil, p, n)
}

// atoi32 parses a decimal number.
func atoi32(s string) (int32, bool) {
	n, ok := atoi(s)
	return int32(n), ok && int64(int32(n)) == n
}

func atoi(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	neg := false
	if s[0] == '-' {
		neg = true
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	n := int64(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < '0' || c > '9' || n > (1<<62)/10 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

// parseByteCount parses GOMEMLIMIT: a number with an optional suffix B, KiB, MiB, GiB, TiB.
func parseByteCount(s string) (int64, bool) {
	shift := uint(0)
	if len(s) >= 1 && s[len(s)-1] == 'B' {
		s = s[:len(s)-1]
		if len(s) >= 2 && s[len(s)-1] == 'i' {
			switch s[len(s)-2] {
			case 'K':
				shift = 10
			case 'M':
				shift = 20
			case 'G':
				shift = 30
			case 'T':
				shift = 40
			default:
				return 0, false
			}
			s = s[:len(s)-2]
		}
	}
	n, ok := atoi(s)
	if !ok || n < 0 || n > (1<<62)>>shift {
		return 0, false
	}
	return n << shift, true
}

// UTF-8.

const (
	runeError = '\uFFFD'
	maxRune   = '\U0010FFFF'
)

func countrunes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// decoderune decodes the sequence that begins at s[k], which is not ASCII: the rune and the index after it.
func decoderune(s string, k int) (r rune, pos int) {
	c := s[k]
	n := len(s) - k
	if c >= 0xC2 && c <= 0xDF {
		if n >= 2 && s[k+1]&0xC0 == 0x80 {
			return rune(c&0x1F)<<6 | rune(s[k+1]&0x3F), k + 2
		}
	} else if c >= 0xE0 && c <= 0xEF {
		if n >= 3 && s[k+1]&0xC0 == 0x80 && s[k+2]&0xC0 == 0x80 {
			r = rune(c&0x0F)<<12 | rune(s[k+1]&0x3F)<<6 | rune(s[k+2]&0x3F)
			if r >= 0x800 && (r < 0xD800 || r > 0xDFFF) {
				return r, k + 3
			}
		}
	} else if c >= 0xF0 && c <= 0xF4 {
		if n >= 4 && s[k+1]&0xC0 == 0x80 && s[k+2]&0xC0 == 0x80 && s[k+3]&0xC0 == 0x80 {
			r = rune(c&0x07)<<18 | rune(s[k+1]&0x3F)<<12 | rune(s[k+2]&0x3F)<<6 | rune(s[k+3]&0x3F)
			if r >= 0x10000 && r <= maxRune {
				return r, k + 4
			}
		}
	}
	return runeError, k + 1
}

// encoderune writes the UTF-8 form of r, returns its length.
func encoderune(p []byte, r rune) int {
	c := uint32(r)
	if c < 0x80 {
		p[0] = byte(c)
		return 1
	}
	if c < 0x800 {
		p[0] = 0xC0 | byte(c>>6)
		p[1] = 0x80 | byte(c)&0x3F
		return 2
	}
	if c > maxRune || c >= 0xD800 && c <= 0xDFFF {
		c = runeError
	}
	if c < 0x10000 {
		p[0] = 0xE0 | byte(c>>12)
		p[1] = 0x80 | byte(c>>6)&0x3F
		p[2] = 0x80 | byte(c)&0x3F
		return 3
	}
	p[0] = 0xF0 | byte(c>>18)
	p[1] = 0x80 | byte(c>>12)&0x3F
	p[2] = 0x80 | byte(c>>6)&0x3F
	p[3] = 0x80 | byte(c)&0x3F
	return 4
}

//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(n int) []byte {
	if uintptr(n) > maxAlloc {
		panicmakeslicelen()
	}
	cap := roundupsize(uintptr(n), true)
	return unsafe.Slice((*byte)(mallocgc(cap, nil, false)), cap)[:n]
}

func indexByte(s string, c byte) int { return bytealg.IndexByteString(s, c) }
