// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "textflag.h"

// func move(dst, src *byte, n int)
TEXT ·move(SB), NOSPLIT, $24-24
	MOVQ dst+0(FP), AX
	MOVQ src+8(FP), BX
	MOVQ n+16(FP), CX
	MOVQ AX, 0(SP)
	MOVQ BX, 8(SP)
	MOVQ CX, 16(SP)
	MOVQ $1, R14
	PCMPEQB X15, X15
	CALL runtime·memmove(SB)
	RET
