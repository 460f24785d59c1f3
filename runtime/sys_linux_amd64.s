// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// System calls, thread creation, signal entry, calls into the vDSO.

#include "textflag.h"

// func syscall6(nr, a1, a2, a3, a4, a5, a6 uintptr) int: the kernel's result, -errno on error.
TEXT runtime·syscall6<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	// AX nr, BX a1, CX a2, DI a3, SI a4, R8 a5, R9 a6
	MOVQ	DI, DX
	MOVQ	SI, R10
	MOVQ	BX, DI
	MOVQ	CX, SI
	SYSCALL
	RET

// func exit(code int32)
TEXT runtime·exit<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVL	AX, DI
	MOVL	$231, AX	// exit_group
	SYSCALL
	INT	$3

// func exitThread(wait *uint32): ends this thread; its stack may be reused once *wait is 0.
TEXT runtime·exitThread<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVL	$0, (AX)
	MOVL	$0, DI
	MOVL	$60, AX	// exit
	SYSCALL
	INT	$3

// func clone(flags uintptr, stk unsafe.Pointer, gp *g, tidp *uint32) int
// The child starts at mstart on stk with R14 = gp.
TEXT runtime·clone<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	CX, R12
	MOVQ	DI, R13
	MOVQ	AX, DI	// flags
	MOVQ	BX, SI	// stack
	MOVQ	R13, DX	// parent tid
	MOVQ	R13, R10	// child tid
	XORL	R8, R8
	MOVL	$56, AX
	SYSCALL
	TESTQ	AX, AX
	JEQ	child
	RET
child:
	MOVQ	R12, R14
	JMP	runtime·mstart(SB)

// sigreturn is the restorer of every signal frame. Its name and bytes are what debuggers recognize.
TEXT runtime·sigreturn__sigaction(SB),NOSPLIT|NOFRAME,$0
	MOVQ	$15, AX
	SYSCALL
	INT	$3

// sigtramp is the handler the kernel calls: DI = signal, SI = info, DX = context, on the signal stack of this thread,
// a block of 32 KiB aligned to its size whose lowest word is the m. The kernel restores all
// registers itself, so none needs saving.
TEXT runtime·sigtramp(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVQ	SP, R12
	MOVQ	SP, R13
	ANDQ	$~32767, R13
	MOVQ	(R13), R13	// m
	MOVQ	8(R13), R14	// m.gsignal
	MOVL	DI, AX
	MOVQ	SI, BX
	MOVQ	DX, CX
	MOVQ	R13, DI
	XORL	BP, BP
	XORPS	X15, X15
	CLD
	ANDQ	$~15, SP
	SUBQ	$64, SP
	MOVQ	R12, 56(SP)
	CALL	runtime·sighandler<ABIInternal>(SB)
	MOVQ	56(SP), SP
	RET

// func rawVforkSyscall(trap, a1, a2, a3 uintptr) (r1, err uintptr), as compiled code of syscall calls it. The child runs
// on the parent's stack and overwrites everything below the caller's frame: so there must be no frame between, and the
// return address waits in a register.
TEXT syscall·rawVforkSyscall<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	DI, DX
	MOVQ	BX, DI
	MOVQ	CX, SI
	XORL	R10, R10
	XORL	R8, R8
	XORL	R9, R9
	POPQ	R12
	SYSCALL
	PUSHQ	R12
	XORL	BX, BX
	CMPQ	AX, $0xfffffffffffff001
	JCS	ok
	MOVQ	AX, BX
	NEGQ	BX
	MOVQ	$-1, AX
ok:
	RET

// func vdsoCall(fn, a, b, sp uintptr) int: calls a C function of the vDSO on the stack that ends at sp.
TEXT runtime·vdsoCall<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	PUSHQ	BP
	MOVQ	SP, BP
	MOVQ	AX, R11
	MOVQ	DI, R10
	MOVQ	BX, DI
	MOVQ	CX, SI
	TESTQ	R10, R10
	JEQ	here
	MOVQ	R10, SP
here:
	MOVQ	BP, BX	// callee-saved in C
	ANDQ	$~15, SP
	CALL	R11
	MOVQ	BX, SP
	POPQ	BP
	XORPS	X15, X15
	RET

// gettimeofdayFallback has C's convention: syscall's assembly jumps to it where there is no vDSO.
TEXT runtime·gettimeofdayFallback(SB),NOSPLIT|NOFRAME,$0
	MOVL	$96, AX
	SYSCALL
	RET
