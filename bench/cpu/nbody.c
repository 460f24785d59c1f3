// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* nbody: the same arithmetic in the same order as nbody.go. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { double px, py, pz, vx, vy, vz, m; } body;
enum { N = 5 };

static void setup(body *bs) {
    bs[0].m = 40;
    for (int i = 1; i < N; i++) {
        double r = 2.5 * (double)(i * i + 1);
        double v = sqrt(bs[0].m / r);
        bs[i].m = 0.004 * (double)(6 - i);
        if (i % 2 == 0) { bs[i].px = r; bs[i].vy = v; }
        else { bs[i].py = r; bs[i].vx = -v; }
        bs[i].pz = 0.01 * r;
    }
    double x = 0, y = 0, z = 0;
    for (int i = 0; i < N; i++) {
        x += bs[i].vx * bs[i].m; y += bs[i].vy * bs[i].m; z += bs[i].vz * bs[i].m;
    }
    bs[0].vx = -x / bs[0].m; bs[0].vy = -y / bs[0].m; bs[0].vz = -z / bs[0].m;
}

static double energy(const body *bs) {
    double e = 0;
    for (int i = 0; i < N; i++) {
        const body *a = &bs[i];
        e += 0.5 * a->m * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < N; j++) {
            const body *b = &bs[j];
            double dx = a->px - b->px, dy = a->py - b->py, dz = a->pz - b->pz;
            e -= a->m * b->m / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static void step(body *bs, double dt) {
    for (int i = 0; i < N; i++) {
        body *a = &bs[i];
        for (int j = i + 1; j < N; j++) {
            body *b = &bs[j];
            double dx = a->px - b->px, dy = a->py - b->py, dz = a->pz - b->pz;
            double d2 = dx * dx + dy * dy + dz * dz;
            double f = dt / (d2 * sqrt(d2));
            double fb = b->m * f, fa = a->m * f;
            a->vx -= dx * fb; a->vy -= dy * fb; a->vz -= dz * fb;
            b->vx += dx * fa; b->vy += dy * fa; b->vz += dz * fa;
        }
    }
    for (int i = 0; i < N; i++) {
        bs[i].px += dt * bs[i].vx; bs[i].py += dt * bs[i].vy; bs[i].pz += dt * bs[i].vz;
    }
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 10000000;
    static body bs[N];
    setup(bs);
    printf("start %.9f\n", energy(bs));
    for (int i = 0; i < n; i++) step(bs, 0.002);
    printf("end %.9f\n", energy(bs));
    return 0;
}
