// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* spectral: the same computation as spectral.go. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double entry(long i, long j) {
    long s = i + j;
    return 1 / (double)(s * (s + 1) / 2 + i + 1);
}

static void mul(double *dst, const double *src, long n) {
    for (long i = 0; i < n; i++) {
        double acc = 0;
        for (long j = 0; j < n; j++) acc += entry(i, j) * src[j];
        dst[i] = acc;
    }
}

static void mul_t(double *dst, const double *src, long n) {
    for (long i = 0; i < n; i++) {
        double acc = 0;
        for (long j = 0; j < n; j++) acc += entry(j, i) * src[j];
        dst[i] = acc;
    }
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 4000;
    double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v), *t = malloc(n * sizeof *t);
    for (long i = 0; i < n; i++) u[i] = 1;
    for (int k = 0; k < 10; k++) {
        mul(t, u, n); mul_t(v, t, n); mul(t, v, n); mul_t(u, t, n);
    }
    double uv = 0, vv = 0;
    for (long i = 0; i < n; i++) { uv += u[i] * v[i]; vv += v[i] * v[i]; }
    printf("%.9f\n", sqrt(uv / vv));
    return 0;
}
