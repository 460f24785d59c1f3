// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* floor: no library at all; what the kernel alone takes to start and end a
 * process. Build: gcc -O2 -static -nostdlib -fno-stack-protector */
void _start(void) {
    static const char msg[] = "hello\n";
    long r;
    __asm__ volatile("syscall" : "=a"(r) : "a"(1), "D"(1), "S"(msg), "d"(sizeof msg - 1) : "rcx", "r11", "memory");
    __asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11");
    __builtin_unreachable();
}
