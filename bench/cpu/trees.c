// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* trees: the trees of trees.go with malloc and free for each node. */
#include <stdio.h>
#include <stdlib.h>

typedef struct tree { struct tree *l, *r; } tree;

static tree *grow(int d) {
    tree *t = malloc(sizeof *t);
    t->l = d ? grow(d - 1) : NULL;
    t->r = d ? grow(d - 1) : NULL;
    return t;
}
static long count(const tree *t) { return t->l ? 1 + count(t->l) + count(t->r) : 1; }
static void drop(tree *t) {
    if (t->l) { drop(t->l); drop(t->r); }
    free(t);
}
static long once(int d) {
    tree *t = grow(d);
    long n = count(t);
    drop(t);
    return n;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 17;
    printf("stretch %ld\n", once(n + 1));
    tree *stay = grow(n);
    for (int d = 4; d <= n; d += 4) {
        int reps = 1 << (n - d + 4);
        long total = 0;
        for (int i = 0; i < reps; i++) total += once(d);
        printf("%d %d %ld\n", d, reps, total);
    }
    printf("stay %ld\n", count(stay));
    return 0;
}
