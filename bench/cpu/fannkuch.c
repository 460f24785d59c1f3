// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* fannkuch: the same enumeration and counting as fannkuch.go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long most, sum, perms;

static long flips(const long *p, long *q, long n) {
    memcpy(q, p, n * sizeof *q);
    long count = 0;
    while (q[0] != 0) {
        long i = 0, j = q[0];
        while (i < j) {
            long t = q[i]; q[i] = q[j]; q[j] = t;
            i++; j--;
        }
        count++;
    }
    return count;
}

static void visit(const long *p, long *q, long n) {
    long f = flips(p, q, n);
    if (f > most) most = f;
    if ((perms & 1) == 0) sum += f; else sum -= f;
    perms++;
}

static void run(long n) {
    long *p = malloc(n * sizeof *p), *q = malloc(n * sizeof *q), *c = calloc(n, sizeof *c);
    most = sum = perms = 0;
    for (long i = 0; i < n; i++) p[i] = i;
    visit(p, q, n);
    long i = 1;
    while (i < n) {
        if (c[i] < i) {
            long k = (i & 1) == 0 ? 0 : c[i];
            long t = p[k]; p[k] = p[i]; p[i] = t;
            visit(p, q, n);
            c[i]++;
            i = 1;
        } else {
            c[i] = 0;
            i++;
        }
    }
    free(p); free(q); free(c);
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 10, total = 0;
    for (int r = 0; r < 3; r++) {
        run(n);
        total += sum + most + perms;
        if (r == 0) printf("%ld %ld %ld %ld\n", n, most, sum, perms);
    }
    printf("%ld\n", total);
    return 0;
}
