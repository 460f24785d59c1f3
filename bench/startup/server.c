// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/* server: answers every request on the port given with 200 OK and "hello";
 * keep-alive, many connections at once by poll. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX = 512, BUF = 4096 };
static struct pollfd fds[MAX];
static struct { int have; char b[BUF]; } in[MAX];
static int n = 1;

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

/* feed takes what has come in on connection i; 0 means close it */
static int feed(int i) {
    ssize_t k = read(fds[i].fd, in[i].b + in[i].have, BUF - in[i].have);
    if (k <= 0) return 0;
    in[i].have += k;
    char *end;
    while ((end = memmem(in[i].b, in[i].have, "\r\n\r\n", 4)) != 0) {
        if (write(fds[i].fd, answer, sizeof answer - 1) < 0) return 0;
        end += 4;
        in[i].have -= end - in[i].b;
        memmove(in[i].b, end, in[i].have);
    }
    return in[i].have < BUF;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGPIPE, SIG_IGN);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 128)) return 1;
    fds[0].fd = s;
    fds[0].events = POLLIN;
    for (;;) {
        if (poll(fds, n, -1) < 0) return 1;
        for (int i = n - 1; i > 0; i--) {
            if (fds[i].revents && !feed(i)) {
                close(fds[i].fd);
                n--;
                if (i < n) { fds[i] = fds[n]; memcpy(&in[i], &in[n], sizeof in[i]); }
            }
        }
        if (fds[0].revents) {
            int c = accept(s, 0, 0);
            if (c >= 0 && n == MAX) close(c);
            else if (c >= 0) { fds[n].fd = c; fds[n].events = POLLIN; fds[n].revents = 0; in[n++].have = 0; }
        }
    }
}
