// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* startlat: how long programs take to start, interleaved A B C A B C.
 *
 *   startlat [-n rounds] [-w warm-up rounds] [-c cpu] exit|first|server name=path ...
 *
 * exit    posix_spawn to waited-for, stdout at /dev/null
 * first   posix_spawn to the first byte on stdout, and to waited-for
 * server  posix_spawn of `path PORT` to the first connect that succeeds, and
 *         to the first byte of the answer; then the round trip of a second
 *         request on a new connection, for comparison
 *
 * One line for each program and measure:
 *   name measure min p50 p90 unit
 * The times are in ns. With them come faults (page faults), maxrss (KiB, but
 * never below this program's own) and, of a server that has answered twice,
 * its threads and its resident size. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
enum { MAXP = 64, MAXM = 8 };
static struct { const char *name, *path; double *v[MAXM]; } prog[MAXP];
static const char *measure[MAXM], *unit[MAXM];
static int nprog, nmeasure, rounds = 300, warm = 20, cpu = -1, port = 21000;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static void die(const char *what) { perror(what); exit(1); }

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static pid_t launch(const char *path, char *arg, int out) {
    posix_spawn_file_actions_t fa;
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_adddup2(&fa, out, 1);
    char *argv[] = {(char *)path, arg, 0};
    pid_t pid;
    int e = posix_spawn(&pid, path, &fa, 0, argv, environ);
    posix_spawn_file_actions_destroy(&fa);
    if (e) { errno = e; die(path); }
    return pid;
}

/* reap ends the measure: rusage gives faults and memory */
static void reap(pid_t pid, double *v, int at, int must_exit_0, const char *path) {
    int st;
    struct rusage ru;
    if (wait4(pid, &st, 0, &ru) != pid) die("wait4");
    if (must_exit_0 && (!WIFEXITED(st) || WEXITSTATUS(st))) {
        fprintf(stderr, "startlat: %s ended with status %x\n", path, st);
        exit(1);
    }
    v[at] = ru.ru_minflt + ru.ru_majflt;
    v[at + 1] = ru.ru_maxrss;
}

static int dial(struct sockaddr_in *a, int once) {
    for (int64_t t = now();;) {
        int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
        if (s < 0) die("socket");
        if (connect(s, (struct sockaddr *)a, sizeof *a) == 0) {
            setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            return s;
        }
        close(s);
        if (once || now() - t > 10000000000LL) { fprintf(stderr, "startlat: no server on port %d\n", port); exit(1); }
    }
}

static int64_t ask(int s) {
    static const char q[] = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
    char b[1024];
    size_t have = 0;
    if (write(s, q, sizeof q - 1) < 0) die("write");
    int64_t first = 0;
    while (have < 5 || memcmp(b + have - 5, "hello", 5)) {
        ssize_t k = read(s, b + have, sizeof b - have);
        if (k <= 0) { fprintf(stderr, "startlat: short answer\n"); exit(1); }
        if (!have) first = now();
        have += k;
    }
    if (memcmp(b, "HTTP/1.1 200 OK\r\n", 17)) { fprintf(stderr, "startlat: not 200 OK\n"); exit(1); }
    struct linger lg = {1, 0};
    setsockopt(s, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
    close(s);
    return first;
}

static void run_exit(const char *path, double *v) {
    static int null = -1;
    if (null < 0) null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int64_t t = now();
    pid_t pid = launch(path, 0, null);
    siginfo_t si;
    if (waitid(P_PID, pid, &si, WEXITED | WNOWAIT)) die("waitid");
    v[0] = now() - t;
    reap(pid, v, 1, 1, path);
}

static void run_first(const char *path, double *v) {
    int fd[2];
    char c;
    if (pipe2(fd, O_CLOEXEC)) die("pipe");
    int64_t t = now();
    pid_t pid = launch(path, 0, fd[1]);
    if (read(fd[0], &c, 1) != 1) die("read");
    v[0] = now() - t;
    siginfo_t si;
    if (waitid(P_PID, pid, &si, WEXITED | WNOWAIT)) die("waitid");
    v[1] = now() - t;
    close(fd[0]);
    close(fd[1]);
    reap(pid, v, 2, 1, path);
}

/* field reads a number from the status of a live process */
static double field(pid_t pid, const char *name) {
    char p[64], line[256];
    snprintf(p, sizeof p, "/proc/%d/status", (int)pid);
    FILE *f = fopen(p, "r");
    double v = 0;
    while (f && fgets(line, sizeof line, f))
        if (!strncmp(line, name, strlen(name))) v = atof(line + strlen(name));
    if (f) fclose(f);
    return v;
}

static void run_server(const char *path, double *v) {
    char arg[16];
    port = port >= 29999 ? 21000 : port + 1;
    snprintf(arg, sizeof arg, "%d", port);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int64_t t = now();
    pid_t pid = launch(path, arg, 1);
    int s = dial(&a, 0);
    v[0] = now() - t;
    v[1] = ask(s) - t;
    t = now();
    v[2] = ask(dial(&a, 1)) - t;
    v[5] = field(pid, "Threads:");
    v[6] = field(pid, "VmRSS:");
    kill(pid, SIGKILL);
    reap(pid, v, 3, 0, path);
}

int main(int argc, char **argv) {
    int o;
    while ((o = getopt(argc, argv, "n:w:c:")) != -1) {
        if (o == 'n') rounds = atoi(optarg);
        else if (o == 'w') warm = atoi(optarg);
        else if (o == 'c') cpu = atoi(optarg);
        else return 2;
    }
    if (optind >= argc) return 2;
    const char *mode = argv[optind++];
    void (*one)(const char *, double *);
    if (!strcmp(mode, "exit")) { one = run_exit; measure[nmeasure++] = "exit"; }
    else if (!strcmp(mode, "first")) { one = run_first; measure[nmeasure++] = "first_byte"; measure[nmeasure++] = "exit"; }
    else if (!strcmp(mode, "server")) {
        one = run_server;
        measure[nmeasure++] = "listen"; measure[nmeasure++] = "first_answer"; measure[nmeasure++] = "next_answer";
    } else return 2;
    for (int i = 0; i < nmeasure; i++) unit[i] = "ns";
    unit[nmeasure] = "count"; measure[nmeasure++] = "faults";
    unit[nmeasure] = "KiB"; measure[nmeasure++] = "maxrss";
    if (one == run_server) {
        unit[nmeasure] = "count"; measure[nmeasure++] = "threads";
        unit[nmeasure] = "KiB"; measure[nmeasure++] = "rss";
    }
    for (; optind < argc && nprog < MAXP; optind++) {
        char *eq = strchr(argv[optind], '=');
        if (!eq) return 2;
        *eq = 0;
        prog[nprog].name = argv[optind];
        prog[nprog].path = eq + 1;
        for (int m = 0; m < nmeasure; m++) prog[nprog].v[m] = malloc(rounds * sizeof(double));
        nprog++;
    }
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set)) die("affinity");
    }
    for (int r = -warm; r < rounds; r++)
        for (int p = 0; p < nprog; p++) {
            double v[MAXM];
            one(prog[p].path, v);
            if (r >= 0)
                for (int m = 0; m < nmeasure; m++) prog[p].v[m][r] = v[m];
        }
    for (int p = 0; p < nprog; p++)
        for (int m = 0; m < nmeasure; m++) {
            double *v = prog[p].v[m];
            qsort(v, rounds, sizeof *v, by_value);
            printf("%s %s %.0f %.0f %.0f %s\n", prog[p].name, measure[m], v[0], v[rounds / 2], v[rounds * 9 / 10], unit[m]);
        }
    return 0;
}
