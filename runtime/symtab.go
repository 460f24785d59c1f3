// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Function tables: from an address to the function, its file and line, its frame size and its pointer maps.
// The linker writes all of it; nothing here is built at start.

package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"unsafe"
)

// moduledata is the linker's message to the runtime. The linker defines the symbol runtime.firstmoduledata (in DATA or,
// as nothing here changes at run time, RODATA) with exactly these words. Every field is one 8-byte word unless said; all
// addresses are absolute, "end" addresses are exclusive, and an empty range has start == end.
//
//	word  field        what the linker stores
//	0     pcHeader     address of the pclntab (symbol runtime.pclntab; header and tables of layouts.md section 9)
//	1     findfunctab  address of the findfuncbucket array (20 bytes a bucket: idx uint32, subbuckets [16]uint8;
//	                   one bucket per 4096 bytes of text from `text` on, 16 sub-buckets of 256 bytes;
//	                   idx + subbucket = index in functab of the function at the sub-bucket's first byte)
//	2     text         first byte of Go text (runtime.text); entryOff, functab entries and TextOffs count from here
//	3     etext        end of Go text (runtime.etext)
//	4     rodata       first byte of read-only data (for diagnostics; 0 is fine)
//	5     erodata      its end
//	6     noptrdata    range of DATA without pointers
//	7     enoptrdata
//	8     data         range of DATA with pointers; data is 8-byte aligned
//	9     edata
//	10    bss          range of zeroed data with pointers; bss is 8-byte aligned
//	11    ebss
//	12    noptrbss     range of zeroed data without pointers
//	13    enoptrbss
//	14    gcdatamask   address of the pointer mask of [data,edata): bit i of the mask (byte i/8, LSB first) = word i;
//	                   padded to a multiple of 8 bytes
//	15    gcbssmask    the same for [bss,ebss)
//	16    types        base of TypeOff and NameOff (start of the type section)
//	17    etypes       its end (itabs included)
//	18    typedesclen  bytes from `types` on that hold the descriptors of unnamed pointer, array, chan, func, map, slice
//	                   and struct types, sorted by type string (layouts.md section 2); the walk starts at types+8
//	19    itaboffset   offset of the static itabs from `types`
//	20    itabsize     their bytes; each itab is 24 + 8*max(1,methods of its interface) bytes, one after the other
//	21    gofunc       base of FUNCDATA offsets (go:func.*)
//	22    covctrs      range of coverage counters (0,0 when there are none)
//	23    ecovctrs
//	24    end          first byte after the image's last segment (runtime.end)
//	25    inittasks    address of an array of *initTask: go:main.inittasks, packages in their order of initialization,
//	26    ninittasks   and how many there are. The tasks of runtime and of what lies below it come first and are not
//	                   repeated elsewhere: no separate list is needed (see initTask).
//	27    modinfo      module info string with its 16-byte markers: address
//	28    modinfolen   and length; 0, 0 when there is none
//	29    next         0 (further modules: not used by the linker)
type moduledata struct {
	_           sys.NotInHeap
	pcHeader    *pcHeader
	findfunctab uintptr
	text        uintptr
	etext       uintptr
	rodata      uintptr
	erodata     uintptr
	noptrdata   uintptr
	enoptrdata  uintptr
	data        uintptr
	edata       uintptr
	bss         uintptr
	ebss        uintptr
	noptrbss    uintptr
	enoptrbss   uintptr
	gcdatamask  uintptr
	gcbssmask   uintptr
	types       uintptr
	etypes      uintptr
	typedesclen uintptr
	itaboffset  uintptr
	itabsize    uintptr
	gofunc      uintptr
	covctrs     uintptr
	ecovctrs    uintptr
	end         uintptr
	inittasks   uintptr
	ninittasks  uintptr
	modinfo     uintptr
	modinfolen  uintptr
	next        *moduledata
}

// firstmoduledata is written by the linker; the compiler must not emit it (it has no initial value here).
var firstmoduledata moduledata

// initTask is the record PKG..inittask of a package with something to initialize: state 0 = not run, 1 = running,
// 2 = done (so it lies in written, pointer-free data), then nfns code addresses (entry points, not func values), in order:
// variable initialization, then init functions. runtime..inittask itself is run like any other.
type initTask struct {
	state uint32
	nfns  uint32
}

// pcHeader begins the pclntab.
type pcHeader struct {
	magic          uint32
	pad1, pad2     uint8
	minLC          uint8
	ptrSize        uint8
	nfunc          int
	nfiles         uint
	unused         uintptr
	funcnameOffset uintptr
	cuOffset       uintptr
	filetabOffset  uintptr
	pctabOffset    uintptr
	pclnOffset     uintptr
}

type functab struct {
	entryoff uint32
	funcoff  uint32
}

// _func is the record of one function; npcdata uint32 offsets into the pctab and nfuncdata uint32 offsets from gofunc
// follow it.
type _func struct {
	_           sys.NotInHeap
	entryOff    uint32
	nameOff     int32
	args        int32
	deferreturn uint32
	pcsp        uint32
	pcfile      uint32
	pcln        uint32
	npcdata     uint32
	cuOffset    uint32
	startLine   int32
	funcID      abi.FuncID
	flag        abi.FuncFlag
	_           [1]byte
	nfuncdata   uint8
}

type findfuncbucket struct {
	idx        uint32
	subbuckets [16]byte
}

// inlinedCall is an entry of the inline tree (FUNCDATA_InlTree).
type inlinedCall struct {
	funcID    abi.FuncID
	_         [3]byte
	nameOff   int32
	parentPc  int32
	startLine int32
}

// stackmap is the head of a pointer map table: n bitmaps of nbit bits, each padded to whole bytes.
type stackmap struct {
	n    int32
	nbit int32
}

func add(p unsafe.Pointer, x uintptr) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) + x)
}
