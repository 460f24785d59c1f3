// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Runtime errors: their types, their texts, and the functions that compiled code calls to raise them.

package runtime

import (
	"internal/bytealg"
	"internal/runtime/sys"
	"internal/strconv"
	_ "unsafe" // go:linkname
)

// Error identifies a run time error.
type Error interface {
	error

	// RuntimeError does nothing; it tells runtime errors from others.
	RuntimeError()
}

// TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *_type
	concrete      *_type
	asserted      *_type
	missingMethod string // one method that is missing
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	inter := "interface"
	if e._interface != nil {
		inter = toRType(e._interface).string()
	}
	as := toRType(e.asserted).string()
	if e.concrete == nil {
		return "interface conversion: " + inter + " is nil, not " + as
	}
	cs := toRType(e.concrete).string()
	if e.missingMethod == "" {
		msg := "interface conversion: " + inter + " is " + cs + ", not " + as
		if cs == as {
			if toRType(e.concrete).pkgpath() != toRType(e.asserted).pkgpath() {
				msg += " (types from different packages)"
			} else {
				msg += " (types from different scopes)"
			}
		}
		return msg
	}
	return "interface conversion: " + cs + " is not " + as + ": missing method " + e.missingMethod
}

// errorString is a runtime error with a fixed text.
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// errorAddressString is a memory fault at a known address.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.msg }

// Addr returns the address of the fault (debug.SetPanicOnFault).
func (e errorAddressString) Addr() uintptr { return e.addr }

// PanicNilError is what recover returns for panic(nil).
type PanicNilError struct {
	_ [0]func() // not comparable
}

func (*PanicNilError) Error() string {
	return "runtime error: panic called with nil argument"
}
func (*PanicNilError) RuntimeError() {}

var (
	divideErr   errorString = "integer divide by zero"
	overflowErr errorString = "integer overflow"
	shiftErr    errorString = "negative shift amount"
	memoryErr   errorString = "invalid memory address or nil pointer dereference"
	floatErr    errorString = "floating point error"
)

// divideError and overflowError are pulled by math/bits.
//
//go:linkname divideError
var divideError = error(errorString("integer divide by zero"))

//go:linkname overflowError
var overflowError = error(errorString("integer overflow"))

//go:linkname maps_errNilAssign internal/runtime/maps.errNilAssign
var maps_errNilAssign error = plainError("assignment to entry in nil map")

func panicdivide()   { panic(divideErr) }
func panicoverflow() { panic(overflowErr) }
func panicshift()    { panic(shiftErr) }
func panicfloat()    { panic(floatErr) }
func panicmem()      { panic(memoryErr) }

func panicmemAddr(addr uintptr) {
	panic(errorAddressString{msg: "invalid memory address or nil pointer dereference", addr: addr})
}

func panicnil() { panic(memoryErr) }

func panicmakeslicelen() { panic(errorString("makeslice: len out of range")) }
func panicmakeslicecap() { panic(errorString("makeslice: cap out of range")) }

func panicunsafeslicelen()     { panic(errorString("unsafe.Slice: len out of range")) }
func panicunsafeslicenilptr()  { panic(errorString("unsafe.Slice: ptr is nil and len is not zero")) }
func panicunsafestringlen()    { panic(errorString("unsafe.String: len out of range")) }
func panicunsafestringnilptr() { panic(errorString("unsafe.String: ptr is nil and len is not zero")) }

func panicrangestate(state int) {
	switch state {
	case 1: // the loop's function has returned
		panic(rangeDoneError)
	case 3:
		panic(rangePanicError)
	case 4:
		panic(rangeExhaustedError)
	case 5:
		panic(rangeMissingPanicError)
	}
	throw("unexpected state set by compiler")
}

var (
	rangeDoneError         errorString = "range function continued iteration after function for loop body returned false"
	rangePanicError        errorString = "range function continued iteration after loop body panic"
	rangeExhaustedError    errorString = "range function continued iteration after whole loop exit"
	rangeMissingPanicError errorString = "range function recovered a loop body panic and did not resume panicking"
)

// boundsError is an index or slice expression out of range.
type boundsError struct {
	x      int64
	y      int
	signed bool // x is signed
	code   uint8
}

const (
	boundsIndex = iota
	boundsSliceAlen
	boundsSliceAcap
	boundsSliceB
	boundsSlice3Alen
	boundsSlice3Acap
	boundsSlice3B
	boundsSlice3C
	boundsConvert
)

// In the texts %x is the offending value and %y the bound.
var boundsTexts = [...]string{
	boundsIndex:      "index out of range [%x] with length %y",
	boundsSliceAlen:  "slice bounds out of range [:%x] with length %y",
	boundsSliceAcap:  "slice bounds out of range [:%x] with capacity %y",
	boundsSliceB:     "slice bounds out of range [%x:%y]",
	boundsSlice3Alen: "slice bounds out of range [::%x] with length %y",
	boundsSlice3Acap: "slice bounds out of range [::%x] with capacity %y",
	boundsSlice3B:    "slice bounds out of range [:%x:%y]",
	boundsSlice3C:    "slice bounds out of range [%x:%y:]",
	boundsConvert:    "cannot convert slice with length %x to array or pointer to array with length %y",
}

// Texts for negative values, where the bound says nothing.
var boundsNegTexts = [...]string{
	boundsIndex:      "index out of range [%x]",
	boundsSliceAlen:  "slice bounds out of range [:%x]",
	boundsSliceAcap:  "slice bounds out of range [:%x]",
	boundsSliceB:     "slice bounds out of range [%x:]",
	boundsSlice3Alen: "slice bounds out of range [::%x]",
	boundsSlice3Acap: "slice bounds out of range [::%x]",
	boundsSlice3B:    "slice bounds out of range [:%x:]",
	boundsSlice3C:    "slice bounds out of range [%x::]",
}

func (e boundsError) RuntimeError() {}

func (e boundsError) Error() string {
	text := boundsTexts[e.code]
	if e.signed && e.x < 0 {
		text = boundsNegTexts[e.code]
	}
	b := make([]byte, 0, 100)
	b = append(b, "runtime error: "...)
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b = append(b, text[i])
			continue
		}
		i++
		if text[i] == 'y' {
			b = strconv.AppendInt(b, int64(e.y), 10)
		} else if e.signed {
			b = strconv.AppendInt(b, e.x, 10)
		} else {
			b = strconv.AppendUint(b, uint64(e.x), 10)
		}
	}
	return string(b)
}

func panicIndex(x int, y int)        { panic(boundsError{int64(x), y, true, boundsIndex}) }
func panicIndexU(x uint, y int)      { panic(boundsError{int64(x), y, false, boundsIndex}) }
func panicSliceAlen(x int, y int)    { panic(boundsError{int64(x), y, true, boundsSliceAlen}) }
func panicSliceAlenU(x uint, y int)  { panic(boundsError{int64(x), y, false, boundsSliceAlen}) }
func panicSliceAcap(x int, y int)    { panic(boundsError{int64(x), y, true, boundsSliceAcap}) }
func panicSliceAcapU(x uint, y int)  { panic(boundsError{int64(x), y, false, boundsSliceAcap}) }
func panicSliceB(x int, y int)       { panic(boundsError{int64(x), y, true, boundsSliceB}) }
func panicSliceBU(x uint, y int)     { panic(boundsError{int64(x), y, false, boundsSliceB}) }
func panicSlice3Alen(x int, y int)   { panic(boundsError{int64(x), y, true, boundsSlice3Alen}) }
func panicSlice3AlenU(x uint, y int) { panic(boundsError{int64(x), y, false, boundsSlice3Alen}) }
func panicSlice3Acap(x int, y int)   { panic(boundsError{int64(x), y, true, boundsSlice3Acap}) }
func panicSlice3AcapU(x uint, y int) { panic(boundsError{int64(x), y, false, boundsSlice3Acap}) }
func panicSlice3B(x int, y int)      { panic(boundsError{int64(x), y, true, boundsSlice3B}) }
func panicSlice3BU(x uint, y int)    { panic(boundsError{int64(x), y, false, boundsSlice3B}) }
func panicSlice3C(x int, y int)      { panic(boundsError{int64(x), y, true, boundsSlice3C}) }
func panicSlice3CU(x uint, y int)    { panic(boundsError{int64(x), y, false, boundsSlice3C}) }

// panicSliceConvert: an array of x elements was wanted of a slice with y.
func panicSliceConvert(x int, y int) { panic(boundsError{int64(y), x, true, boundsConvert}) }

// panicwrap is called by a generated method of *T that was called with a nil pointer and would call T's.
//
//go:noinline
func panicwrap() {
	// The caller is a wrapper, which callers leaves out. Its name is pkg.(*T).M.
	name := funcname(findfunc(sys.GetCallerPC() - 1))
	i := bytealg.IndexByteString(name, '(')
	if i < 0 || i+2 > len(name) {
		panic(plainError("value method called using nil pointer"))
	}
	pkg := name[:i-1]
	rest := name[i+2:]
	i = bytealg.IndexByteString(rest, ')')
	typ := rest[:i]
	meth := rest[i+2:]
	panic(plainError("value method " + pkg + "." + typ + "." + meth + " called using nil *" + typ + " pointer"))
}

// panicdottypeE: x.(T) failed for a concrete T; have is the dynamic type (nil for a nil interface).
func panicdottypeE(have, want, iface *_type) {
	panic(&TypeAssertionError{iface, have, want, ""})
}

// panicdottypeI is panicdottypeE for interfaces with methods.
func panicdottypeI(have *itab, want, iface *_type) {
	var t *_type
	if have != nil {
		t = have.Type
	}
	panicdottypeE(t, want, iface)
}

// panicnildottype: x.(T) failed as x is nil.
func panicnildottype(want *_type) {
	panic(&TypeAssertionError{nil, nil, want, ""})
}

// hex makes print show a number in hexadecimal.
type hex uint64
