DATA d<>+0(SB)/8, $1
GLOBL d<>(SB), 8, $8

TEXT ·asm(SB), 0, $16-16
	MOVQ d<>(SB), AX
	ADDQ x+0(FP), AX
	MOVQ AX, ret+8(FP)
	CALL ·helper(SB)
	RET
