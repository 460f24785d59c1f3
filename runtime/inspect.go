// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What tools that look into the memory of a running program need to know. The record is found by its first bytes, in a stripped
// file too; mica.trace.RuntimeLayout reads it, and has the same names in the same order. magic ends with a version, which a change of
// meaning counts up, and the numbers of addresses and of numbers that follow.

package runtime

import "unsafe"

const (
	inspectAddresses = 6
	inspectNumbers   = 40
)

type inspectRecord struct {
	magic      [16]byte
	moduledata *moduledata
	mheap      *mheap
	allgs      *[]*g
	allm       **m
	allp       *[]*p
	persistent *uintptr // the last record of persistentalloc, see persistentChunk
	numbers    [inspectNumbers]uint16
}

// inspect is kept by a reference behind rt0_go's end.
var inspect = inspectRecord{
	magic:      [16]byte{0x7f, 'm', 'i', 'c', 'a', ' ', 'i', 'n', 's', 'p', 'e', 'c', 't', 1, inspectAddresses, inspectNumbers},
	moduledata: &firstmoduledata,
	mheap:      &mheap_,
	allgs:      &allgs,
	allm:       &allm,
	allp:       &allp,
	persistent: &persistent.chunks,
	numbers: [inspectNumbers]uint16{
		uint16(unsafe.Offsetof(moduledata{}.inittasks)),
		uint16(unsafe.Offsetof(moduledata{}.ninittasks)),

		uint16(unsafe.Offsetof(mheap{}.base)),
		uint16(unsafe.Offsetof(mheap{}.reserved)),
		uint16(unsafe.Offsetof(mheap{}.spans)),
		uint16(unsafe.Offsetof(mheap{}.npages)),
		uint16(unsafe.Offsetof(mheap{}.spansMapped)),

		uint16(unsafe.Sizeof(mspan{})),
		uint16(unsafe.Offsetof(mspan{}.base)),
		uint16(unsafe.Offsetof(mspan{}.npages)),
		uint16(unsafe.Offsetof(mspan{}.elemsize)),
		uint16(unsafe.Offsetof(mspan{}.nelems)),
		uint16(unsafe.Offsetof(mspan{}.allocCount)),
		uint16(unsafe.Offsetof(mspan{}.state)),
		uint16(unsafe.Offsetof(mspan{}.class)),
		uint16(unsafe.Offsetof(mspan{}.nwords)),
		uint16(unsafe.Offsetof(mspan{}.allocBits)),
		uint16(unsafe.Offsetof(mspan{}.markBits)),
		uint16(unsafe.Offsetof(mspan{}.types)),

		uint16(unsafe.Sizeof(g{})),
		uint16(unsafe.Offsetof(g{}.stack)),
		uint16(unsafe.Offsetof(g{}.goid)),
		uint16(unsafe.Offsetof(g{}.startpc)),
		uint16(unsafe.Offsetof(g{}.status)),

		uint16(unsafe.Sizeof(m{})),
		uint16(unsafe.Offsetof(m{}.g0)),
		uint16(unsafe.Offsetof(m{}.gsignal)),
		uint16(unsafe.Offsetof(m{}.id)),
		uint16(unsafe.Offsetof(m{}.tid)),
		uint16(unsafe.Offsetof(m{}.alllink)),

		uint16(unsafe.Offsetof(p{}.gcw)),
		uint16(unsafe.Offsetof(m{}.helperWork)),
		uint16(unsafe.Offsetof(gcWork{}.stack) + unsafe.Offsetof(stackScan{}.vars)),
		uint16(unsafe.Offsetof(gcWork{}.stack) + unsafe.Offsetof(stackScan{}.pointers)),
		uint16(unsafe.Sizeof(stackVar{})),

		pageShift,
		uint16(mSpanFree),
		uint16(mSpanInUse),
		uint16(mSpanManual),
		_Gdead,
	},
}
