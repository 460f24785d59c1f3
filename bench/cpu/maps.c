// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* maps: the work of maps.go on hand-written open-addressing tables: what the
 * machine allows, not what a general map can be. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next(uint64_t *s) {
    uint64_t x = *s;
    x ^= x << 13; x ^= x >> 7; x ^= x << 17;
    return *s = x;
}
static uint64_t mix(uint64_t x) {
    unsigned __int128 p = (unsigned __int128)(x ^ 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/* ---- words: linear probing, doubled at half full ---- */
typedef struct { const char *p; uint32_t len; uint32_t hash; long n; } word;
static word *words;
static size_t wcap = 16, wn;

static uint32_t whash(const char *p, uint32_t n) {
    uint64_t h = n, v;
    for (; n >= 8; p += 8, n -= 8) { memcpy(&v, p, 8); h = mix(h ^ v); }
    for (v = 0; n; n--) v = v << 8 | (uint8_t)*p++;
    return (uint32_t)mix(h ^ v);
}
static void count(const char *p, uint32_t n) {
    uint32_t h = whash(p, n);
    size_t i = h & (wcap - 1);
    for (; words[i].p; i = (i + 1) & (wcap - 1))
        if (words[i].hash == h && words[i].len == n && !memcmp(words[i].p, p, n)) { words[i].n++; return; }
    words[i] = (word){p, n, h, 1};
    if (++wn * 2 > wcap) {
        word *old = words;
        size_t oc = wcap;
        words = calloc(wcap *= 2, sizeof *words);
        for (size_t k = 0; k < oc; k++)
            if (old[k].p) {
                size_t j = old[k].hash & (wcap - 1);
                while (words[j].p) j = (j + 1) & (wcap - 1);
                words[j] = old[k];
            }
        free(old);
    }
}

/* ---- numbers: linear probing, deletion by shifting back ---- */
typedef struct { uint64_t k; int64_t v; uint8_t used; } cell;
typedef struct { cell *t; size_t cap, n; } map;

static cell *find(map *m, uint64_t k) {
    size_t i = mix(k) & (m->cap - 1);
    while (m->t[i].used && m->t[i].k != k) i = (i + 1) & (m->cap - 1);
    return &m->t[i];
}
static int64_t *at(map *m, uint64_t k) {
    if (m->n * 2 >= m->cap) {
        map b = {calloc(m->cap ? m->cap * 2 : 16, sizeof(cell)), m->cap ? m->cap * 2 : 16, m->n};
        for (size_t i = 0; i < m->cap; i++)
            if (m->t[i].used) *find(&b, m->t[i].k) = m->t[i];
        free(m->t);
        *m = b;
    }
    cell *c = find(m, k);
    if (!c->used) { *c = (cell){k, 0, 1}; m->n++; }
    return &c->v;
}
static void drop(map *m, uint64_t k) {
    if (!m->cap) return;
    cell *c = find(m, k);
    if (!c->used) return;
    m->n--;
    size_t hole = c - m->t, mask = m->cap - 1;
    for (size_t j = (hole + 1) & mask; m->t[j].used; j = (j + 1) & mask) {
        size_t home = mix(m->t[j].k) & mask;
        if (((j - home) & mask) >= ((j - hole) & mask)) { m->t[hole] = m->t[j]; hole = j; }
    }
    m->t[hole].used = 0;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 3000000, len = 0;
    char *s = malloc(n * 6 + 16);
    uint64_t r = 2463534242u;
    for (long i = 0; i < n; i++) {
        uint64_t k = next(&r) % 60000, l = next(&r) % 60000;
        if (l < k) k = l;
        for (k++; k > 0; k /= 26) s[len++] = 'a' + k % 26;
        s[len++] = " \n"[(i & 15) >> 3 & 1];
    }
    words = calloc(wcap, sizeof *words);
    for (long i = 0, start = 0; i < len; i++)
        if (s[i] == ' ' || s[i] == '\n') {
            if (i > start) count(s + start, i - start);
            start = i + 1;
        }
    word best = {"", 0, 0, 0};
    long total = 0;
    for (size_t i = 0; i < wcap; i++) {
        word *w = &words[i];
        if (!w->p) continue;
        total += w->n;
        int less = 0;
        if (w->n == best.n) {
            uint32_t m = w->len < best.len ? w->len : best.len;
            int c = memcmp(w->p, best.p, m);
            less = c < 0 || (c == 0 && w->len < best.len);
        }
        if (w->n > best.n || less) best = *w;
    }
    printf("%zu %ld %.*s %ld\n", wn, total, (int)best.len, best.p, best.n);

    map m = {0};
    r = 88172645463325252u;
    long hits = 0;
    for (long i = 0; i < n * 2; i++) {
        uint64_t k = next(&r) % 400000;
        switch (i & 3) {
        case 0: case 1: *at(&m, k) += i; break;
        case 2: hits += m.cap && find(&m, k)->used; break;
        default: drop(&m, k);
        }
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < m.cap; i++)
        if (m.t[i].used) sum += m.t[i].k * (uint64_t)m.t[i].v;
    printf("%zu %ld %lu\n", m.n, hits, sum);

    map p = {0};
    for (long i = 0; i < n / 2; i++) ++*at(&p, (uint64_t)(i * 7 % 1009) << 32 | (uint32_t)(i % 211));
    printf("%zu %ld\n", p.n, *at(&p, 7ull << 32 | 1));
    return 0;
}
