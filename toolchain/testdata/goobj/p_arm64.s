DATA d<>+0(SB)/8, $1
GLOBL d<>(SB), 8, $8

TEXT ·asm(SB), 0, $16-16
	MOVD d<>(SB), R0
	MOVD x+0(FP), R1
	ADD R1, R0
	MOVD R0, ret+8(FP)
	CALL ·helper(SB)
	RET
