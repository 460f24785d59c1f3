// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* matmul: the same two product shapes as matmul.go. */
#include <stdio.h>
#include <stdlib.h>

static double **matrix(long n, long seed) {
    double **m = malloc(n * sizeof *m);
    for (long i = 0; i < n; i++) {
        m[i] = malloc(n * sizeof **m);
        for (long j = 0; j < n; j++) m[i][j] = (double)((i * seed + j * 7) % 19 - 9);
    }
    return m;
}

static void sweep(double **c, double **a, double **b, long n) {
    for (long i = 0; i < n; i++) {
        double *row = c[i];
        for (long k = 0; k < n; k++) {
            double x = a[i][k];
            const double *br = b[k];
            for (long j = 0; j < n; j++) row[j] += x * br[j];
        }
    }
}

static void dots(double **c, double **a, double **b, long n) {
    double *col = malloc(n * sizeof *col);
    for (long j = 0; j < n; j++) {
        for (long k = 0; k < n; k++) col[k] = b[k][j];
        for (long i = 0; i < n; i++) {
            const double *row = a[i];
            double s = 0;
            for (long k = 0; k < n; k++) s += row[k] * col[k];
            c[i][j] = s;
        }
    }
    free(col);
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 820;
    double **a = matrix(n, 3), **b = matrix(n, 5), **c = matrix(n, 0), **d = matrix(n, 0);
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) c[i][j] = 0;
    sweep(c, a, b, n);
    dots(d, a, b, n);
    double trace = 0;
    int same = 1;
    for (long i = 0; i < n; i++) {
        trace += c[i][i];
        for (long j = 0; j < n; j++)
            if (c[i][j] != d[i][j]) same = 0;
    }
    printf("%ld %.1f %s %.1f\n", n, trace, same ? "true" : "false", c[n / 3][n / 2]);
    return 0;
}
