// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Entry, switches between stacks, growing of stacks, calls by reflection.
//
// Conventions that differ from ordinary functions: morestack and morestack_noctxt are called by prologues before the
// frame exists, keep nothing but what newstack restores, and read DX (context) where there is one; spillArgs and
// unspillArgs take their address in R12. All others are ABI0 or ABIInternal as marked. g is in R14, never elsewhere.

#include "textflag.h"

// Offsets fixed in runtime2.go.
#define g_stack_lo 0
#define g_stack_hi 8
#define g_stackguard0 16
#define g_stackguard1 24
#define g_m 32
#define g_sched_sp 40
#define g_sched_pc 48
#define g_sched_ctxt 56
#define g_sched_bp 64
#define m_g0 0
#define m_gsignal 8
#define m_curg 16

TEXT _rt0_amd64_linux(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	RDTSC	// for MICA_BOOTTRACE
	SHLQ	$32, DX
	ORQ	AX, DX
	MOVQ	0(SP), AX	// argc
	LEAQ	8(SP), BX	// argv
	JMP	runtime·rt0_go(SB)

// rt0_go makes the kernel's stack that of g0 and goes on in Go. AX = argc, BX = argv, DX = time stamp at the entry.
TEXT runtime·rt0_go(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVQ	AX, CX
	MOVQ	DX, SI
	RDTSC	// for MICA_BOOTTRACE
	SHLQ	$32, DX
	ORQ	AX, DX
	MOVQ	DX, DI
	ANDQ	$~15, SP
	SUBQ	$32, SP
	LEAQ	runtime·g0(SB), R14
	LEAQ	(-96*1024)(SP), DX
	MOVQ	DX, g_stack_lo(R14)
	MOVQ	SP, g_stack_hi(R14)
	ADDQ	$928, DX
	MOVQ	DX, g_stackguard0(R14)
	MOVQ	DX, g_stackguard1(R14)
	LEAQ	runtime·m0(SB), DX
	MOVQ	DX, g_m(R14)
	MOVQ	R14, m_g0(DX)
	XORPS	X15, X15
	XORL	BP, BP
	CLD
	MOVQ	CX, AX
	MOVQ	SI, CX
	CALL	runtime·rt0main<ABIInternal>(SB)
	INT	$3
	LEAQ	runtime·inspect(SB), AX	// never executed: keeps the record in the file

// mstart is where a new thread begins on its g0 stack, with R14 = g0.
TEXT runtime·mstart(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	XORPS	X15, X15
	XORL	BP, BP
	CLD
	CALL	runtime·mstart1<ABIInternal>(SB)
	INT	$3

// func gogo(gp *g): continues gp.
TEXT runtime·gogo<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, R14
	MOVQ	g_sched_sp(R14), SP
	MOVQ	g_sched_bp(R14), BP
	MOVQ	g_sched_ctxt(R14), DX
	MOVQ	g_sched_pc(R14), BX
	XORL	CX, CX
	MOVQ	CX, g_sched_ctxt(R14)
	XORPS	X15, X15
	JMP	BX

// func mcall(fn func(*g)): leaves the goroutine as if mcall had returned, and runs fn(g) on g0. fn never returns.
TEXT runtime·mcall<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, DX
	MOVQ	0(SP), BX
	MOVQ	BX, g_sched_pc(R14)
	LEAQ	8(SP), BX
	MOVQ	BX, g_sched_sp(R14)
	MOVQ	BP, g_sched_bp(R14)
	XORL	CX, CX
	MOVQ	CX, g_sched_ctxt(R14)
	MOVQ	R14, AX
	MOVQ	g_m(R14), BX
	MOVQ	m_g0(BX), R14
	MOVQ	g_sched_sp(R14), SP
	XORL	BP, BP
	MOVQ	0(DX), BX
	CALL	BX
	CALL	runtime·badmcall<ABIInternal>(SB)
	INT	$3

// systemstack_switch only lends its name to the pc of a goroutine inside systemstack.
TEXT runtime·systemstack_switch(SB),NOSPLIT|NOFRAME,$0
	RET

// func systemstack(fn func()): runs fn on g0 and comes back. On g0 already: an ordinary call.
TEXT runtime·systemstack<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, DX
	MOVQ	g_m(R14), BX
	CMPQ	R14, m_g0(BX)
	JEQ	direct
	CMPQ	R14, m_gsignal(BX)
	JEQ	direct
	MOVQ	0(SP), CX
	MOVQ	CX, g_sched_pc(R14)
	LEAQ	8(SP), CX
	MOVQ	CX, g_sched_sp(R14)
	MOVQ	BP, g_sched_bp(R14)
	MOVQ	m_g0(BX), R14
	MOVQ	g_sched_sp(R14), SP
	XORL	BP, BP
	MOVQ	0(DX), BX
	CALL	BX
	// back: g0's m still is ours, and its curg the goroutine that called
	MOVQ	g_m(R14), BX
	MOVQ	m_curg(BX), R14
	MOVQ	g_sched_sp(R14), SP
	MOVQ	g_sched_bp(R14), BP
	MOVQ	g_sched_pc(R14), CX
	XORL	DX, DX
	MOVQ	DX, g_sched_sp(R14)
	JMP	CX
direct:
	MOVQ	0(DX), BX
	JMP	BX

// morestack: 0(SP) = return address in the function whose prologue calls, 8(SP) = that function's return address.
TEXT runtime·morestack(SB),NOSPLIT|NOFRAME,$0
	MOVQ	g_m(R14), BX
	CMPQ	R14, m_g0(BX)
	JEQ	ong0
	CMPQ	R14, m_gsignal(BX)
	JEQ	onsignal
	MOVQ	0(SP), AX
	MOVQ	AX, g_sched_pc(R14)
	LEAQ	8(SP), AX
	MOVQ	AX, g_sched_sp(R14)
	MOVQ	BP, g_sched_bp(R14)
	MOVQ	DX, g_sched_ctxt(R14)
	MOVQ	R14, AX
	MOVQ	m_g0(BX), R14
	MOVQ	g_sched_sp(R14), SP
	XORL	BP, BP
	XORPS	X15, X15
	CALL	runtime·newstack<ABIInternal>(SB)
	INT	$3
ong0:
	// give g0 its reserve so that the message can be printed
	MOVQ	0(SP), AX
	SUBQ	$(8*1024), g_stackguard0(R14)
	CALL	runtime·badmorestackg0<ABIInternal>(SB)
	INT	$3
onsignal:
	MOVQ	0(SP), AX
	SUBQ	$(8*1024), g_stackguard0(R14)
	CALL	runtime·badmorestackgsignal<ABIInternal>(SB)
	INT	$3

TEXT runtime·morestack_noctxt(SB),NOSPLIT|NOFRAME,$0
	XORL	DX, DX
	JMP	runtime·morestack(SB)

// goexit is the return address of a goroutine's first function; goroutines point one byte into it.
TEXT runtime·goexit(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	NOP
	BYTE	$0x90
	CALL	runtime·goexit1<ABIInternal>(SB)
	BYTE	$0x90

// func jumpTo(sp, pc, bp uintptr): drops all frames below sp and goes on at pc.
TEXT runtime·jumpTo<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, SP
	MOVQ	CX, BP
	XORPS	X15, X15
	JMP	BX

// func procyield(cycles uint32)
TEXT runtime·procyield<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
again:
	PAUSE
	SUBL	$1, AX
	JNZ	again
	RET

TEXT runtime·breakpoint<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	BYTE	$0xcc
	RET

// func abort()
TEXT runtime·abort<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	INT	$3
loop:
	JMP	loop

// func getfp() uintptr: the frame pointer of the caller.
TEXT runtime·getfp<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	BP, AX
	RET

// func cputicks() int64
TEXT runtime·cputicks<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	RDTSC
	SHLQ	$32, DX
	ORQ	DX, AX
	RET

// func setg(gp *g)
TEXT runtime·setg<ABIInternal>(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, R14
	RET

// spillArgs stores the argument registers in the abi.RegArgs at R12, unspillArgs loads them.
TEXT runtime·spillArgs(SB),NOSPLIT|NOFRAME,$0
	MOVQ	AX, 0(R12)
	MOVQ	BX, 8(R12)
	MOVQ	CX, 16(R12)
	MOVQ	DI, 24(R12)
	MOVQ	SI, 32(R12)
	MOVQ	R8, 40(R12)
	MOVQ	R9, 48(R12)
	MOVQ	R10, 56(R12)
	MOVQ	R11, 64(R12)
	MOVQ	X0, 72(R12)
	MOVQ	X1, 80(R12)
	MOVQ	X2, 88(R12)
	MOVQ	X3, 96(R12)
	MOVQ	X4, 104(R12)
	MOVQ	X5, 112(R12)
	MOVQ	X6, 120(R12)
	MOVQ	X7, 128(R12)
	MOVQ	X8, 136(R12)
	MOVQ	X9, 144(R12)
	MOVQ	X10, 152(R12)
	MOVQ	X11, 160(R12)
	MOVQ	X12, 168(R12)
	MOVQ	X13, 176(R12)
	MOVQ	X14, 184(R12)
	RET

TEXT runtime·unspillArgs(SB),NOSPLIT|NOFRAME,$0
	MOVQ	0(R12), AX
	MOVQ	8(R12), BX
	MOVQ	16(R12), CX
	MOVQ	24(R12), DI
	MOVQ	32(R12), SI
	MOVQ	40(R12), R8
	MOVQ	48(R12), R9
	MOVQ	56(R12), R10
	MOVQ	64(R12), R11
	MOVQ	72(R12), X0
	MOVQ	80(R12), X1
	MOVQ	88(R12), X2
	MOVQ	96(R12), X3
	MOVQ	104(R12), X4
	MOVQ	112(R12), X5
	MOVQ	120(R12), X6
	MOVQ	128(R12), X7
	MOVQ	136(R12), X8
	MOVQ	144(R12), X9
	MOVQ	152(R12), X10
	MOVQ	160(R12), X11
	MOVQ	168(R12), X12
	MOVQ	176(R12), X13
	MOVQ	184(R12), X14
	RET

// func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32,
//	regArgs *abi.RegArgs)
// Calls fn with a copy of stackArgs in a frame of sufficient size and the registers of regArgs, then copies the results
// back (from stackRetOffset on) and the result registers. One body per frame size: the frame of each is constant, as
// the unwinder wants it; the arguments are those of reflectcall, to which the unwinder knows the pointer map.
#define TRY(NAME, MAXSIZE) \
	CMPL	CX, $MAXSIZE; \
	JHI	2(PC); \
	JMP	NAME(SB)

TEXT runtime·reflectcall(SB),NOSPLIT|NOFRAME,$0-48
	MOVL	frameSize+32(FP), CX
	TRY(runtime·call32, 32)
	TRY(runtime·call128, 128)
	TRY(runtime·call512, 512)
	TRY(runtime·call2048, 2048)
	TRY(runtime·call16384, 16384)
	TRY(runtime·call262144, 262144)
	TRY(runtime·call4194304, 4194304)
	TRY(runtime·call67108864, 67108864)
	TRY(runtime·call1073741824, 1073741824)
	JMP	runtime·badreflectcall<ABIInternal>(SB)

#define CALLFN(NAME, MAXSIZE) \
TEXT NAME(SB),WRAPPER,$MAXSIZE-48; \
	MOVQ	stackArgs+16(FP), SI; \
	MOVLQZX	stackArgsSize+24(FP), CX; \
	MOVQ	SP, DI; \
	REP;MOVSB; \
	MOVQ	regArgs+40(FP), R12; \
	CALL	runtime·unspillArgs(SB); \
	MOVQ	f+8(FP), DX; \
	MOVQ	(DX), R12; \
	CALL	R12; \
	MOVQ	regArgs+40(FP), R12; \
	CALL	runtime·spillArgs(SB); \
	MOVLQZX	stackArgsSize+24(FP), CX; \
	MOVLQZX	stackRetOffset+28(FP), BX; \
	MOVQ	stackArgs+16(FP), DI; \
	MOVQ	SP, SI; \
	ADDQ	BX, DI; \
	ADDQ	BX, SI; \
	SUBQ	BX, CX; \
	REP;MOVSB; \
	CALL	runtime·retptrs<>(SB); \
	RET

// retptrs copies those integer results that are pointers to where the collector sees them. R12 = regArgs.
TEXT runtime·retptrs<>(SB),NOSPLIT|NOFRAME,$0
	MOVWLZX	264(R12), AX
	XORL	CX, CX
loop:
	BTL	CX, AX
	JCC	next
	MOVQ	(R12)(CX*8), DX
	MOVQ	DX, 192(R12)(CX*8)
next:
	INCL	CX
	CMPL	CX, $9
	JLT	loop
	RET

CALLFN(runtime·call32, 32)
CALLFN(runtime·call128, 128)
CALLFN(runtime·call512, 512)
CALLFN(runtime·call2048, 2048)
CALLFN(runtime·call16384, 16384)
CALLFN(runtime·call262144, 262144)
CALLFN(runtime·call4194304, 4194304)
CALLFN(runtime·call67108864, 67108864)
CALLFN(runtime·call1073741824, 1073741824)

// asyncPreempt is where the handler of the preemption signal sends a goroutine: as if called from the instruction that
// was interrupted. It saves every register, since no call was expected there.
TEXT runtime·asyncPreempt(SB),NOSPLIT|NOFRAME,$0
	PUSHQ	BP
	MOVQ	SP, BP
	PUSHFQ
	ADJSP	$384
	NOP	SP
	MOVQ	AX, 0(SP)
	MOVQ	CX, 8(SP)
	MOVQ	DX, 16(SP)
	MOVQ	BX, 24(SP)
	MOVQ	SI, 32(SP)
	MOVQ	DI, 40(SP)
	MOVQ	R8, 48(SP)
	MOVQ	R9, 56(SP)
	MOVQ	R10, 64(SP)
	MOVQ	R11, 72(SP)
	MOVQ	R12, 80(SP)
	MOVQ	R13, 88(SP)
	MOVQ	R15, 96(SP)
	MOVUPS	X0, 128(SP)
	MOVUPS	X1, 144(SP)
	MOVUPS	X2, 160(SP)
	MOVUPS	X3, 176(SP)
	MOVUPS	X4, 192(SP)
	MOVUPS	X5, 208(SP)
	MOVUPS	X6, 224(SP)
	MOVUPS	X7, 240(SP)
	MOVUPS	X8, 256(SP)
	MOVUPS	X9, 272(SP)
	MOVUPS	X10, 288(SP)
	MOVUPS	X11, 304(SP)
	MOVUPS	X12, 320(SP)
	MOVUPS	X13, 336(SP)
	MOVUPS	X14, 352(SP)
	// compiled code borrows X15 for swaps of registers
	MOVUPS	X15, 368(SP)
	XORPS	X15, X15
	CALL	runtime·asyncPreempt2<ABIInternal>(SB)
	MOVUPS	368(SP), X15
	MOVUPS	352(SP), X14
	MOVUPS	336(SP), X13
	MOVUPS	320(SP), X12
	MOVUPS	304(SP), X11
	MOVUPS	288(SP), X10
	MOVUPS	272(SP), X9
	MOVUPS	256(SP), X8
	MOVUPS	240(SP), X7
	MOVUPS	224(SP), X6
	MOVUPS	208(SP), X5
	MOVUPS	192(SP), X4
	MOVUPS	176(SP), X3
	MOVUPS	160(SP), X2
	MOVUPS	144(SP), X1
	MOVUPS	128(SP), X0
	MOVQ	96(SP), R15
	MOVQ	88(SP), R13
	MOVQ	80(SP), R12
	MOVQ	72(SP), R11
	MOVQ	64(SP), R10
	MOVQ	56(SP), R9
	MOVQ	48(SP), R8
	MOVQ	40(SP), DI
	MOVQ	32(SP), SI
	MOVQ	24(SP), BX
	MOVQ	16(SP), DX
	MOVQ	8(SP), CX
	MOVQ	0(SP), AX
	ADJSP	$-384
	POPFQ
	POPQ	BP
	RET

// sigpanic0 is called as if from the faulting instruction.
TEXT runtime·sigpanic0(SB),NOSPLIT|NOFRAME,$0
	XORPS	X15, X15
	JMP	runtime·sigpanic<ABIInternal>(SB)

// The locals map of functions without pointers in their frame (NO_LOCAL_POINTERS): two maps of no bits.
DATA	no_pointers_stackmap+0(SB)/4, $2
DATA	no_pointers_stackmap+4(SB)/4, $0
GLOBL	no_pointers_stackmap(SB), RODATA|NOPTR, $8
