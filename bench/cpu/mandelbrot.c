// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* mandelbrot: the same grid as mandelbrot.go. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIMIT = 200 };

static int escape(double cr, double ci) {
    double zr = 0, zi = 0, r2 = 0, i2 = 0;
    int k = 0;
    while (k < LIMIT && r2 + i2 <= 4) {
        zi = 2 * zr * zi + ci;
        zr = r2 - i2 + cr;
        r2 = zr * zr;
        i2 = zi * zi;
        k++;
    }
    return k;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 2600, inside = 0;
    uint64_t h = 14695981039346656037u;
    double step = 2.5 / (double)n;
    for (int y = 0; y < n; y++) {
        double ci = (double)y * step - 1.25;
        for (int x = 0; x < n; x++) {
            int k = escape((double)x * step - 1.9, ci);
            if (k == LIMIT) inside++;
            h = (h ^ (uint64_t)k) * 1099511628211u;
        }
    }
    printf("%d %d %016lx\n", n, inside, h);
    return 0;
}
