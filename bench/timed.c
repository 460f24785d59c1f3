// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* timed: runs a command and reports its cost from a process small enough not
 * to show in the child's peak memory (a child keeps the peak of whoever
 * spawned it, and the runner's Python weighs 18 MB).
 *
 *   timed FILE CMD ARG...     writes to FILE: wall-ns user-us system-us KiB status
 *
 * The status is the exit status, or 128 + the signal. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    pid_t pid;
    long long t = now();
    int e = posix_spawnp(&pid, argv[2], 0, 0, argv + 2, environ), st;
    if (e) {
        fprintf(stderr, "%s: %s\n", argv[2], strerror(e));
        return 127;
    }
    struct rusage ru;
    wait4(pid, &st, 0, &ru);
    t = now() - t;
    FILE *f = fopen(argv[1], "w");
    if (!f) return 126;
    fprintf(f, "%lld %lld %lld %ld %d\n", t, ru.ru_utime.tv_sec * 1000000LL + ru.ru_utime.tv_usec,
            ru.ru_stime.tv_sec * 1000000LL + ru.ru_stime.tv_usec, ru.ru_maxrss,
            WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st));
    return fclose(f) != 0;
}
