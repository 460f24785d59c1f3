// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Copying and clearing of memory. Sizes up to 256 bytes go through overlapping loads and stores without loops; above,
// vectors of 64 bytes an iteration; from 2 KiB on (where the processor announces it) the string instructions.

#include "textflag.h"

// func memmove(to, from unsafe.Pointer, n uintptr)
// Every load of a block happens before any store that could overlap it. Pointers move as whole words.
TEXT runtime·memmove<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-24
	// AX to, BX from, CX n
	CMPQ	CX, $16
	JHI	over16
	CMPQ	CX, $8
	JAE	m8
	CMPQ	CX, $4
	JAE	m4
	TESTQ	CX, CX
	JEQ	done
	MOVBLZX	(BX), DX
	CMPQ	CX, $2
	JCS	m1
	MOVWLZX	-2(BX)(CX*1), DI
	MOVW	DI, -2(AX)(CX*1)
m1:
	MOVB	DX, (AX)
done:
	RET
m4:
	MOVL	(BX), DX
	MOVL	-4(BX)(CX*1), DI
	MOVL	DX, (AX)
	MOVL	DI, -4(AX)(CX*1)
	RET
m8:
	MOVQ	(BX), DX
	MOVQ	-8(BX)(CX*1), DI
	MOVQ	DX, (AX)
	MOVQ	DI, -8(AX)(CX*1)
	RET
over16:
	CMPQ	CX, $32
	JHI	over32
	MOVOU	(BX), X0
	MOVOU	-16(BX)(CX*1), X1
	MOVOU	X0, (AX)
	MOVOU	X1, -16(AX)(CX*1)
	RET
over32:
	CMPQ	CX, $64
	JHI	over64
	MOVOU	(BX), X0
	MOVOU	16(BX), X1
	MOVOU	-32(BX)(CX*1), X2
	MOVOU	-16(BX)(CX*1), X3
	MOVOU	X0, (AX)
	MOVOU	X1, 16(AX)
	MOVOU	X2, -32(AX)(CX*1)
	MOVOU	X3, -16(AX)(CX*1)
	RET
over64:
	CMPQ	CX, $128
	JHI	over128
	MOVOU	(BX), X0
	MOVOU	16(BX), X1
	MOVOU	32(BX), X2
	MOVOU	48(BX), X3
	MOVOU	-64(BX)(CX*1), X4
	MOVOU	-48(BX)(CX*1), X5
	MOVOU	-32(BX)(CX*1), X6
	MOVOU	-16(BX)(CX*1), X7
	MOVOU	X0, (AX)
	MOVOU	X1, 16(AX)
	MOVOU	X2, 32(AX)
	MOVOU	X3, 48(AX)
	MOVOU	X4, -64(AX)(CX*1)
	MOVOU	X5, -48(AX)(CX*1)
	MOVOU	X6, -32(AX)(CX*1)
	MOVOU	X7, -16(AX)(CX*1)
	RET
over128:
	// to - from < n as unsigned numbers: the destination begins inside the source, so go backward
	MOVQ	AX, DX
	SUBQ	BX, DX
	JEQ	done
	CMPQ	DX, CX
	JCS	backward
	CMPQ	CX, $2048
	JCS	forward
	CMPB	runtime·useERMS(SB), $0
	JEQ	forward
	MOVQ	AX, DI
	MOVQ	BX, SI
	// words first, so that a concurrent reader of pointers never sees half of one
	TESTQ	$7, CX
	JNE	bytes
	SHRQ	$3, CX
	REP;	MOVSQ
	RET
bytes:
	MOVQ	-8(SI)(CX*1), R8
	LEAQ	-8(DI)(CX*1), R9
	SHRQ	$3, CX
	REP;	MOVSQ
	MOVQ	R8, (R9)
	RET
forward:
	// the last 64 bytes are loaded first and stored last
	MOVOU	-64(BX)(CX*1), X8
	MOVOU	-48(BX)(CX*1), X9
	MOVOU	-32(BX)(CX*1), X10
	MOVOU	-16(BX)(CX*1), X11
	LEAQ	-64(AX)(CX*1), DI
	SUBQ	$64, CX
floop:
	MOVOU	(BX), X0
	MOVOU	16(BX), X1
	MOVOU	32(BX), X2
	MOVOU	48(BX), X3
	ADDQ	$64, BX
	MOVOU	X0, (AX)
	MOVOU	X1, 16(AX)
	MOVOU	X2, 32(AX)
	MOVOU	X3, 48(AX)
	ADDQ	$64, AX
	SUBQ	$64, CX
	JHI	floop
	MOVOU	X8, (DI)
	MOVOU	X9, 16(DI)
	MOVOU	X10, 32(DI)
	MOVOU	X11, 48(DI)
	RET
backward:
	// the first 64 bytes are loaded first and stored last
	MOVOU	(BX), X8
	MOVOU	16(BX), X9
	MOVOU	32(BX), X10
	MOVOU	48(BX), X11
	SUBQ	$64, CX
bloop:
	MOVOU	48(BX)(CX*1), X0
	MOVOU	32(BX)(CX*1), X1
	MOVOU	16(BX)(CX*1), X2
	MOVOU	(BX)(CX*1), X3
	MOVOU	X0, 48(AX)(CX*1)
	MOVOU	X1, 32(AX)(CX*1)
	MOVOU	X2, 16(AX)(CX*1)
	MOVOU	X3, (AX)(CX*1)
	SUBQ	$64, CX
	JHI	bloop
	MOVOU	X8, (AX)
	MOVOU	X9, 16(AX)
	MOVOU	X10, 32(AX)
	MOVOU	X11, 48(AX)
	RET

// func memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr)
TEXT runtime·memclrNoHeapPointers<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-16
	// AX ptr, BX n
	XORPS	X0, X0
	CMPQ	BX, $16
	JHI	over16
	XORL	DX, DX
	CMPQ	BX, $8
	JAE	c8
	CMPQ	BX, $4
	JAE	c4
	TESTQ	BX, BX
	JEQ	done
	MOVB	DX, (AX)
	CMPQ	BX, $2
	JCS	done
	MOVW	DX, -2(AX)(BX*1)
done:
	RET
c4:
	MOVL	DX, (AX)
	MOVL	DX, -4(AX)(BX*1)
	RET
c8:
	MOVQ	DX, (AX)
	MOVQ	DX, -8(AX)(BX*1)
	RET
over16:
	CMPQ	BX, $32
	JHI	over32
	MOVOU	X0, (AX)
	MOVOU	X0, -16(AX)(BX*1)
	RET
over32:
	CMPQ	BX, $64
	JHI	over64
	MOVOU	X0, (AX)
	MOVOU	X0, 16(AX)
	MOVOU	X0, -32(AX)(BX*1)
	MOVOU	X0, -16(AX)(BX*1)
	RET
over64:
	CMPQ	BX, $2048
	JCS	vector
	CMPB	runtime·useERMS(SB), $0
	JEQ	vector
	MOVQ	AX, DI
	XORL	AX, AX
	MOVQ	AX, -8(DI)(BX*1)
	MOVQ	BX, CX
	SHRQ	$3, CX
	REP;	STOSQ
	RET
vector:
	LEAQ	-64(AX)(BX*1), DI
vloop:
	MOVOU	X0, (AX)
	MOVOU	X0, 16(AX)
	MOVOU	X0, 32(AX)
	MOVOU	X0, 48(AX)
	ADDQ	$64, AX
	CMPQ	AX, DI
	JCS	vloop
	MOVOU	X0, (DI)
	MOVOU	X0, 16(DI)
	MOVOU	X0, 32(DI)
	MOVOU	X0, 48(DI)
	RET

// func memequal of fixed sizes: used as Equal functions of types.
TEXT runtime·memequal0<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVL	$1, AX
	RET
TEXT runtime·memequal8<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVBLZX	(AX), CX
	CMPB	CX, (BX)
	SETEQ	AX
	RET
TEXT runtime·memequal16<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVWLZX	(AX), CX
	CMPW	CX, (BX)
	SETEQ	AX
	RET
TEXT runtime·memequal32<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVL	(AX), CX
	CMPL	CX, (BX)
	SETEQ	AX
	RET
TEXT runtime·memequal64<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVQ	(AX), CX
	CMPQ	CX, (BX)
	SETEQ	AX
	RET
TEXT runtime·memequal128<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-17
	MOVQ	(AX), CX
	MOVQ	8(AX), DX
	XORQ	(BX), CX
	XORQ	8(BX), DX
	ORQ	DX, CX
	SETEQ	AX
	RET
