// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* steps: single-steps a program's first thread from exec to its end and counts
 * what it does in user mode: a figure of start cost that no neighbour on the
 * machine can disturb.
 *
 *   steps PROGRAM [ARG...]     prints: instructions syscalls cpuid
 *
 * Other threads run free and are not counted. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    int st;
    long steps = 0, calls = 0, cpuid = 0, sig = 0;
    waitpid(pid, &st, 0);
    while (WIFSTOPPED(st)) {
        struct user_regs_struct r;
        if (ptrace(PTRACE_GETREGS, pid, 0, &r) == 0) {
            errno = 0;
            long w = ptrace(PTRACE_PEEKTEXT, pid, (void *)r.rip, 0);
            if (!errno) {
                if ((w & 0xffff) == 0x050f) calls++;
                if ((w & 0xffff) == 0xa20f) cpuid++;
            }
        }
        steps++;
        if (ptrace(PTRACE_SINGLESTEP, pid, 0, (void *)sig)) break;
        if (waitpid(pid, &st, 0) < 0) break;
        sig = WIFSTOPPED(st) && WSTOPSIG(st) != SIGTRAP ? WSTOPSIG(st) : 0;
    }
    printf("%ld %ld %ld\n", steps, calls, cpuid);
    return 0;
}
