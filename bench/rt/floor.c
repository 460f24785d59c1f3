// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* floor: what the machine and its kernel give a C program for the same things
 * that the Go programs in this folder time. Same METRIC lines on stderr.
 * Build: gcc -O2 -pthread floor.c */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}
static void metric(const char *name, double v, const char *unit) {
    fprintf(stderr, "METRIC %s %.6g %s\n", name, v, unit);
}

/* ---- a hand-written switch between two stacks: the least that a goroutine
 * switch can cost (callee-saved registers and the stack pointer) ---- */
void swap_to(void **save, void *to);
__asm__(".text\n.globl swap_to\nswap_to:\n"
        "push %rbx\npush %rbp\npush %r12\npush %r13\npush %r14\npush %r15\n"
        "mov %rsp,(%rdi)\nmov %rsi,%rsp\n"
        "pop %r15\npop %r14\npop %r13\npop %r12\npop %rbp\npop %rbx\npop %rcx\njmp *%rcx\n");
static void *main_sp, *co_sp;
static void co(void) { for (;;) swap_to(&co_sp, main_sp); }
static void *fresh_stack(void *mem, size_t len, void (*fn)(void)) {
    uintptr_t *sp = (uintptr_t *)((char *)mem + len);
    sp -= 2;
    *--sp = (uintptr_t)fn;
    for (int i = 0; i < 6; i++) *--sp = 0;
    return sp;
}
static long ran;
static void once(void) { ran++; void *dead; swap_to(&dead, main_sp); }

static void *nothing(void *p) { return p; }

static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv = PTHREAD_COND_INITIALIZER;
static int turn;
static long fights;
static void *handover(void *p) {
    int me = (int)(intptr_t)p;
    pthread_mutex_lock(&mu);
    for (int i = 0; i < 50000; i++) {
        while (turn != me) pthread_cond_wait(&cv, &mu);
        turn = 1 - me;
        pthread_cond_signal(&cv);
    }
    pthread_mutex_unlock(&mu);
    return 0;
}
static void *fight(void *p) {
    long n = (long)(intptr_t)p;
    for (long i = 0; i < n; i++) {
        pthread_mutex_lock(&mu);
        fights++;
        pthread_mutex_unlock(&mu);
    }
    return 0;
}

static atomic_int ball;
static void *spinner(void *p) {
    long n = (long)(intptr_t)p;
    for (long i = 0; i < n; i++) {
        while (atomic_load_explicit(&ball, memory_order_acquire) != 1) ;
        atomic_store_explicit(&ball, 0, memory_order_release);
    }
    return 0;
}

static int lsock;
static void *echo(void *p) {
    int c = accept(lsock, 0, 0);
    char b[4096];
    ssize_t n;
    while ((n = read(c, b, sizeof b)) > 0)
        if (write(c, b, n) < 0) break;
    close(c);
    return p;
}
static void *talk(void *p) {
    struct sockaddr_in a;
    socklen_t l = sizeof a;
    getsockname(lsock, (struct sockaddr *)&a, &l);
    int c = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    connect(c, (struct sockaddr *)&a, l);
    setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char b[64] = {0};
    for (long i = 0, n = (long)(intptr_t)p; i < n; i++) {
        if (write(c, b, 64) != 64) break;
        for (ssize_t k = 0, g; k < 64 && (g = read(c, b + k, 64 - k)) > 0;) k += g;
    }
    close(c);
    return 0;
}
static double tcp(int conns, long each) {
    pthread_t s[16], c[16];
    for (int i = 0; i < conns; i++) pthread_create(&s[i], 0, echo, 0);
    double t = now();
    for (int i = 0; i < conns; i++) pthread_create(&c[i], 0, talk, (void *)each);
    for (int i = 0; i < conns; i++) pthread_join(c[i], 0);
    t = now() - t;
    for (int i = 0; i < conns; i++) pthread_join(s[i], 0);
    return conns * each / t * 1e9;
}

static jmp_buf jb;
static volatile long sink;
__attribute__((noinline)) static void plain(long x) { sink += x; }
static volatile int jump = 1;
__attribute__((noinline)) static void fall(int d) {
    if (d == 0) {
        if (jump) longjmp(jb, 1);
        return;
    }
    fall(d - 1);
    sink++;
}

typedef struct { long a, b, c; } frame;
__attribute__((noinline)) static long down(long n, frame *f) {
    if (n == 0) return f->a;
    frame g = {f->a + 1, f->b ^ n, f->c};
    long r = down(n - 1, &g);
    return r + (g.b & 1);
}
static void *deep(void *p) {
    frame z = {0};
    long n = 3000000;
    double t = now();
    sink += down(n, &z);
    metric("first_descent", (now() - t) / n, "ns/frame");
    t = now();
    z.a = 1;
    sink += down(n, &z);
    metric("second_descent", (now() - t) / n, "ns/frame");
    return p;
}

int main(void) {
    double t;
    long n = 2000000;
    t = now();
    for (long i = 0; i < n; i++) syscall(SYS_getpid);
    metric("syscall_getpid", (now() - t) / n, "ns");
    t = now();
    for (long i = 0; i < n; i++) sink += (long)now();
    metric("time_now", (now() - t) / n, "ns");
    int fd[2];
    char b[64];
    if (pipe(fd)) return 1;
    t = now();
    for (long i = 0; i < 250000; i++) if (write(fd[1], b, 1) != 1 || read(fd[0], b, 1) != 1) return 1;
    metric("pipe_write_read", (now() - t) / 250000, "ns");
    FILE *z = fopen("/dev/zero", "r");
    t = now();
    for (long i = 0; i < 250000; i++) if (read(fileno(z), b, 64) != 64) return 1;
    metric("file_read64", (now() - t) / 250000, "ns");

    /* first touch of a page: fresh memory, and a private page of a file that
     * is in the page cache, read and written (what starting a program does) */
    long pages = 8192;
    char *m = mmap(0, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    t = now();
    for (long i = 0; i < pages; i++) m[i * 4096] = 1;
    metric("page_touch_fresh", (now() - t) / pages, "ns");
    FILE *tmp = tmpfile();
    if (fwrite(m, 4096, pages, tmp) != (size_t)pages || fflush(tmp)) return 1;
    char *fm = mmap(0, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(tmp), 0);
    t = now();
    for (long i = 0; i < pages; i++) fm[i * 4096] = 1;
    metric("page_touch_file_write", (now() - t) / pages, "ns");
    munmap(fm, pages * 4096);
    fm = mmap(0, pages * 4096, PROT_READ, MAP_PRIVATE, fileno(tmp), 0);
    t = now();
    for (long i = 0; i < pages; i++) sink += fm[i * 4096];
    metric("page_touch_file_read", (now() - t) / pages, "ns");
    munmap(fm, pages * 4096);
    munmap(m, pages * 4096);
    fclose(tmp);
    t = now();
    for (int i = 0; i < 10000; i++) {
        m = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(m, 1 << 16);
    }
    metric("mmap_munmap", (now() - t) / 10000, "ns");
    unsigned r[4];
    t = now();
    for (int i = 0; i < 200; i++)
        __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(7), "c"(0));
    metric("cpuid", (now() - t) / 200, "ns");

    size_t len = 65536;
    co_sp = fresh_stack(malloc(len), len, co);
    t = now();
    for (long i = 0; i < 20000000; i++) swap_to(&main_sp, co_sp);
    metric("stack_switch_pair", (now() - t) / 20000000, "ns");
    /* a million tiny stacks made, run and dropped, from one free list */
    char *mem = malloc(2048);
    t = now();
    for (long i = 0; i < 5000000; i++) swap_to(&main_sp, fresh_stack(mem, 2048, once));
    metric("stack_make_run", (now() - t) / 5000000, "ns");

    pthread_t th[2];
    t = now();
    for (int i = 0; i < 20000; i++) { pthread_create(th, 0, nothing, 0); pthread_join(th[0], 0); }
    metric("pthread_create_join", (now() - t) / 20000, "ns");
    t = now();
    for (long i = 0; i < 20000000; i++) { pthread_mutex_lock(&mu); fights++; pthread_mutex_unlock(&mu); }
    metric("mutex_g1", (now() - t) / 20000000, "ns");
    t = now();
    for (int i = 0; i < 2; i++) pthread_create(&th[i], 0, fight, (void *)2000000L);
    for (int i = 0; i < 2; i++) pthread_join(th[i], 0);
    metric("mutex_g2", (now() - t) / 4000000, "ns");
    t = now();
    for (int i = 0; i < 2; i++) pthread_create(&th[i], 0, handover, (void *)(intptr_t)i);
    for (int i = 0; i < 2; i++) pthread_join(th[i], 0);
    metric("thread_handover", (now() - t) / 100000, "ns");
    long k = 2000000;
    t = now();
    pthread_create(th, 0, spinner, (void *)k);
    for (long i = 0; i < k; i++) {
        atomic_store_explicit(&ball, 1, memory_order_release);
        while (atomic_load_explicit(&ball, memory_order_acquire) != 0) ;
    }
    pthread_join(th[0], 0);
    metric("cacheline_roundtrip", (now() - t) / k, "ns");

    lsock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(lsock, (struct sockaddr *)&a, sizeof a) || listen(lsock, 128)) return 1;
    metric("echo_c1", tcp(1, 16000), "/s");
    metric("echo_c16", tcp(16, 2000), "/s");

    t = now();
    for (long i = 0; i < 20000000; i++) plain(i);
    metric("call", (now() - t) / 20000000, "ns");
    for (int d = 0; d <= 100; d += 100) {
        t = now();
        for (volatile long i = 0; i < 200000; i++) if (!setjmp(jb)) fall(d);
        metric(d ? "panic_recover_d100" : "panic_recover_d1", (now() - t) / 200000, "ns");
    }
    pthread_attr_t at;
    pthread_attr_init(&at);
    pthread_attr_setstacksize(&at, 1u << 30);
    pthread_create(th, &at, deep, 0);
    pthread_join(th[0], 0);
    double late[300];
    for (int i = 0; i < 300; i++) {
        struct timespec ms = {0, 1000000};
        t = now();
        nanosleep(&ms, 0);
        late[i] = (now() - t - 1e6) / 1e3;
    }
    for (int i = 1; i < 300; i++)
        for (int j = i; j && late[j] < late[j - 1]; j--) { double x = late[j]; late[j] = late[j - 1]; late[j - 1] = x; }
    metric("sleep1ms_late_p50", late[150], "us");
    metric("sleep1ms_late_p99", late[297], "us");
    printf("%ld\n", ran);
    return 0;
}
