// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

package runtime

import "unsafe"

func float64bits(f float64) uint64     { return *(*uint64)(unsafe.Pointer(&f)) }
func float64frombits(b uint64) float64 { return *(*float64)(unsafe.Pointer(&b)) }

func isNaN(f float64) bool { return f != f }

func isInf(f float64) bool { return !isNaN(f) && f-f != 0 }

func isFinite(f float64) bool { return f-f == 0 }

func copysign(f, sign float64) float64 {
	const bit = 1 << 63
	return float64frombits(float64bits(f)&^bit | float64bits(sign)&bit)
}

func absf(f float64) float64 { return copysign(f, 1) }

// infOr0 is 1 for infinities and 0 for others, with the sign kept.
func infOr0(f float64) float64 {
	if isInf(f) {
		return copysign(1, f)
	}
	return copysign(0, f)
}

// complex128div divides by Smith's method, with the special cases of C99 annex G.
func complex128div(n complex128, m complex128) complex128 {
	a, b := real(n), imag(n)
	c, d := real(m), imag(m)
	var e, f float64
	if absf(c) >= absf(d) {
		ratio := d / c
		denom := c + ratio*d
		e = (a + b*ratio) / denom
		f = (b - a*ratio) / denom
	} else {
		ratio := c / d
		denom := d + ratio*c
		e = (a*ratio + b) / denom
		f = (b*ratio - a) / denom
	}
	if isNaN(e) && isNaN(f) {
		inf := float64frombits(0x7ff0000000000000)
		switch {
		case c == 0 && d == 0 && (!isNaN(a) || !isNaN(b)):
			e = copysign(inf, c) * a
			f = copysign(inf, c) * b
		case (isInf(a) || isInf(b)) && isFinite(c) && isFinite(d):
			a, b = infOr0(a), infOr0(b)
			e = inf * (a*c + b*d)
			f = inf * (b*c - a*d)
		case (isInf(c) || isInf(d)) && isFinite(a) && isFinite(b):
			c, d = infOr0(c), infOr0(d)
			e = 0 * (a*c + b*d)
			f = 0 * (b*c - a*d)
		}
	}
	return complex(e, f)
}
