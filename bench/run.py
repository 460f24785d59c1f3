#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the benchmark programs with each tool and measures them side by side.

    run.py [SUITE ...] [--tool NAME ...] [--mica PATH] [options]

Suites: cpu rt startup build (default: cpu rt startup build). Tools: gc124 gc127
gccgo mica, and for the C programs c (gcc -O2) and cnative (gcc -O3
-march=native); by default all that are found. startup knows besides: musl and
glibc (static C; c is dynamic), rust and rust-small (static, on glibc: std for
musl is not everywhere) and rust-dyn.

The runs of the tools are interleaved (A B A B), the outputs compared with the
reference's, and medians and minima given as ratios to the reference (gc124, or
the first tool where that is absent). In every table a ratio below 1 is better
than the reference. A tool that fails a program is shown as FAIL with the first
line of its error, and the rest go on. The exit status is 1 if mica failed one.

Where the machine is shared, `nice -n -15 run.py ...` steadies the figures.
"""
import argparse
import glob
import json
import math
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FAIL_LEN = 110


# ---------------------------------------------------------------- processes

class Result:
    """One finished process: times in seconds, memory in KiB."""

    def __init__(self, status, wall, cpu, rss, out=b"", err=b"", timed_out=False):
        self.status, self.wall, self.cpu, self.rss = status, wall, cpu, rss
        self.out, self.err, self.timed_out = out, err, timed_out

    @property
    def ok(self):
        return self.status == 0 and not self.timed_out

    def reason(self, limit):
        if self.timed_out:
            return f"took more than {limit:g} s"
        for text in (self.err, self.out):
            for line in text.decode("utf-8", "replace").splitlines():
                # gc begins a failed package with a line "# package"
                if line.strip() and not line.startswith(("METRIC ", "#")):
                    return line.strip().replace(HERE + os.sep, "")
        return f"exit status {self.status}"


TIMED = []  # the path of the built timed.c, once there is one


def run(argv, env=None, cwd=None, limit=120.0, cpu=None, fifo=False):
    """Runs argv to its end in a process group of its own. With timed.c built,
    that starts the program and measures it; else this process does."""
    def setup():
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
        if fifo:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile() as cost:
        t = time.perf_counter()
        try:
            p = subprocess.Popen([*(TIMED + [cost.name] if TIMED else []), *argv], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=err, start_new_session=True,
                                 preexec_fn=setup if cpu is not None or fifo else None)
        except OSError as e:
            return Result(127, 0, 0, 0, err=str(e).encode())
        late = threading.Event()

        def stop():
            late.set()
            try:
                os.killpg(p.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        timer = threading.Timer(limit, stop)
        timer.start()
        _, st, ru = os.wait4(p.pid, 0)
        wall = time.perf_counter() - t
        timer.cancel()
        p.returncode = os.waitstatus_to_exitcode(st)
        out.seek(0)
        err.seek(0)
        found = cost.read().split()
        if len(found) == 5:
            ns, user, system, rss, status = map(int, found)
            return Result(status, ns / 1e9, (user + system) / 1e6, rss, out.read(), err.read(), late.is_set())
        return Result(p.returncode, wall, ru.ru_utime + ru.ru_stime, ru.ru_maxrss, out.read(), err.read(), late.is_set())


def build_timed(work):
    if shutil.which("gcc"):
        out = os.path.join(work, "timed")
        if run(["gcc", "-O2", "-o", out, os.path.join(HERE, "timed.c")]).ok:
            TIMED.append(out)


# -------------------------------------------------------------------- tools

class Tool:
    lang = "go"

    def __init__(self, name):
        self.name = name
        self.env = dict(os.environ)

    def build(self, src, out, variant=""):
        return run(self.command(src, out, variant), env=self.env, cwd=os.path.dirname(out), limit=300)


class GoLike(Tool):
    """gc, or anything with its command line: CMD build -o OUT FILE."""

    def __init__(self, name, cmd, work, goroot=None):
        super().__init__(name)
        self.cmd, self.goroot = cmd, goroot
        self.env.update(GOTOOLCHAIN="local", CGO_ENABLED="0", GOFLAGS="-buildvcs=false", GOPROXY="off",
                        GOCACHE=os.path.join(work, "cache-" + name), MICA_CACHE=os.path.join(work, "cache-" + name), GOPATH=os.path.join(work, "gopath"), GOENV="off")
        self.env.pop("GOROOT", None)
        if goroot:
            self.env["GOROOT"] = goroot

    def command(self, src, out, variant=""):
        flags = ["-ldflags=-s -w"] if variant == "small" else []
        return [self.cmd, "build", *flags, "-o", out, src]


class Gccgo(Tool):
    def command(self, src, out, variant=""):
        return ["gccgo", "-O2", *(["-static"] if variant else []), *(["-s"] if variant == "small" else []), "-o", out, src]


class C(Tool):
    lang = "c"

    def __init__(self, name, cc, *flags):
        super().__init__(name)
        self.cc, self.flags = cc, flags

    def command(self, src, out, variant=""):
        return [self.cc, *self.flags, "-pthread", "-o", out, src, "-lm"]


class Rust(Tool):
    lang = "rs"

    def __init__(self, name, *flags):
        super().__init__(name)
        self.flags = flags

    def command(self, src, out, variant=""):
        return ["rustc", *self.flags, "-o", out, src]


def find_goroot(version, given):
    places = [given] if given else [os.environ.get("GO" + version.replace(".", "")),
                                    f"/usr/lib/go-{version}", *glob.glob(os.path.expanduser(f"~/.cache/*/go-{version}/usr/lib/go-{version}")),
                                    *glob.glob(os.path.expanduser(f"~/sdk/go{version}*"))]
    for p in places:
        if p and os.access(os.path.join(p, "bin", "go"), os.X_OK):
            return p
    return None


def find_tools(args, work):
    tools = []
    for name, version, given in (("gc124", "1.24", args.gc124), ("gc127", "1.27", args.gc127)):
        root = find_goroot(version, given)
        if root:
            tools.append(GoLike(name, os.path.join(root, "bin", "go"), work, root))
    if shutil.which("gccgo"):
        tools.append(Gccgo("gccgo"))
    if args.mica:
        path = shutil.which(args.mica) or os.path.abspath(args.mica)
        first = next((t for t in tools if isinstance(t, GoLike)), None)
        tools.append(GoLike("mica", path, work, args.mica_goroot or (first.goroot if first else None)))
    if shutil.which("gcc"):
        tools.append(C("c", "gcc", "-O2"))
        tools.append(C("cnative", "gcc", "-O3", "-march=native", "-ffp-contract=off"))
        tools.append(C("glibc", "gcc", "-O2", "-static"))
    if shutil.which("musl-gcc"):
        tools.append(C("musl", "musl-gcc", "-O2", "-static"))
    if shutil.which("rustc"):
        small = ("-C", "opt-level=s", "-C", "lto=fat", "-C", "panic=abort", "-C", "codegen-units=1", "-C", "strip=symbols")
        static = ("-C", "target-feature=+crt-static")
        tools += [Rust("rust", "-O", *static), Rust("rust-small", *small, *static), Rust("rust-dyn", *small)]
    if args.tool:
        known = {t.name for t in tools}
        for n in args.tool:
            if n not in known:
                sys.exit(f"run.py: no tool {n}; found: {' '.join(sorted(known))}")
        tools = [t for t in tools if t.name in args.tool]
    return tools


# ------------------------------------------------------------------- tables

def table(head, rows, note=""):
    width = [max(len(str(r[i])) for r in [head, *rows]) for i in range(len(head))]
    def line(r):
        return "  ".join(str(x).ljust(w) if i == 0 else str(x).rjust(w) for i, (x, w) in enumerate(zip(r, width))).rstrip()
    print(line(head))
    print("-" * len(line(head)))
    for r in rows:
        print(line(r))
    if note:
        print(note)
    print(flush=True)


def geomean(xs):
    xs = [x for x in xs if x and x > 0]
    return math.exp(sum(map(math.log, xs)) / len(xs)) if xs else None


def ratio(x):
    return "-" if x is None else f"{x:.2f}" if x < 10 else f"{x:.1f}"


def quantity(v, unit=""):
    if v is None:
        return "-"
    for limit, div, suffix in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(v) >= limit:
            return f"{v / div:.3g}{suffix} {unit}".strip()
    return f"{v:.4g} {unit}".strip()


class Report:
    def __init__(self):
        self.data, self.fails = {}, []

    def fail(self, suite, prog, tool, why):
        self.fails.append((suite, prog, tool, why))
        print(f"FAIL {suite}/{prog} {tool}: {why[:FAIL_LEN]}", flush=True)


# ------------------------------------------------------- suites cpu and rt

METRIC = re.compile(r"^METRIC (\S+) (\S+) (\S+)$", re.M)


def programs(folder, only):
    names = sorted({f[:-3] for f in os.listdir(folder) if f.endswith(".go")})
    return [n for n in names if not only or n in only]


def differing(want, got):
    a, b = want.decode("utf-8", "replace").splitlines(), got.decode("utf-8", "replace").splitlines()
    for i in range(max(len(a), len(b))):
        x, y = (s[i] if i < len(s) else "(nothing)" for s in (a, b))
        if x != y:
            return f"output line {i + 1}: {y!r}, not {x!r}"
    return "output differs"


def measure(suite, args, tools, report, work):
    """Builds and runs every program of a folder with every tool that can."""
    folder = os.path.join(HERE, suite)
    data = report.data.setdefault(suite, {})
    for prog in programs(folder, args.only):
        ready = []
        row = data[prog] = {}
        for t in tools:
            src = os.path.join(folder, prog + "." + t.lang)
            if not os.path.exists(src):
                continue
            out = os.path.join(work, f"{suite}-{prog}-{t.name}")
            r = t.build(src, out)
            row[t.name] = e = {"status": "ok", "wall": [], "cpu": [], "rss": [], "metrics": {}, "build_s": round(r.wall, 3)}
            if r.ok and os.path.exists(out):
                e["size"] = os.path.getsize(out)
                ready.append((t, out))
            else:
                e["status"] = "build: " + r.reason(300)
                report.fail(suite, prog, t.name, e["status"])
        want = None
        for turn in range(args.runs):
            for t, out in list(ready):
                e = row[t.name]
                r = run([out], env=t.env, cwd=work, limit=args.timeout, cpu=args.pin, fifo=args.fifo)
                if r.ok and want is None:
                    want = r.out
                why = None if r.ok and r.out == want else differing(want, r.out) if r.ok else r.reason(args.timeout)
                if why:
                    e["status"] = "run: " + why
                    report.fail(suite, prog, t.name, e["status"])
                    ready = [x for x in ready if x[0] is not t]
                for key in ("wall", "cpu", "rss"):
                    e[key].append(round(getattr(r, key), 4))
                for name, value, unit in METRIC.findall(r.err.decode("utf-8", "replace")):
                    e["metrics"].setdefault(name, {"unit": unit, "values": []})["values"].append(float(value))
        print(f"  {suite}/{prog}: " + "  ".join(
            f"{n} {statistics.median(e['wall']):.2f}s" for n, e in row.items() if e["wall"] and e["status"] == "ok"), flush=True)
    print()


def show_cpu(suite, data, names, ref):
    others = [n for n in names if n != ref and any(n in row for row in data.values())]
    head = ["program", f"{ref} med s", "min s", "cpu s", "MiB"]
    for n in others:
        head += [f"{n} med", "min", "cpu", "mem"]
    rows, ratios = [], {n: ([], [], [], []) for n in others}
    for prog, row in data.items():
        base = row.get(ref)
        if not base or base["status"] != "ok":
            rows.append([prog, "FAIL"] + [""] * (len(head) - 2))
            continue
        b = (statistics.median(base["wall"]), min(base["wall"]), min(base["cpu"]), statistics.median(base["rss"]))
        line = [prog, f"{b[0]:.3f}", f"{b[1]:.3f}", f"{b[2]:.3f}", f"{b[3] / 1024:.1f}"]
        for n in others:
            e = row.get(n)
            if not e:
                line += [""] * 4
            elif e["status"] != "ok":
                line += ["FAIL", "", "", ""]
            else:
                v = (statistics.median(e["wall"]), min(e["wall"]), min(e["cpu"]), statistics.median(e["rss"]))
                for i in range(4):
                    ratios[n][i].append(v[i] / b[i] if b[i] else None)
                    line.append(ratio(ratios[n][i][-1]))
        rows.append(line)
    rows.append(["geometric mean", "", "", "", ""] + [ratio(geomean(ratios[n][i])) for n in others for i in range(4)])
    table(head, rows, f"ratios to {ref}: med and min of wall time, cpu = least user+system time, mem = resident peak; below 1 is better")


def show_metrics(data, names, ref):
    others = [n for n in names if n != ref]
    head = ["metric", f"{ref} med", "best"] + [x for n in others for x in (f"{n} med", "best")]
    rows, all_ratios = [], {n: [] for n in others}
    for prog, row in data.items():
        keys = []
        for n in names:
            keys += [k for k in row.get(n, {}).get("metrics", {}) if k not in keys]
        for k in keys:
            cells, base = [f"{prog} {k}"], None
            for n in [ref, *others]:
                e = row.get(n)
                m = e and e["metrics"].get(k)
                if not m or e["status"] != "ok":
                    cells += ["FAIL" if e and e["status"] != "ok" else "-", ""]
                    continue
                up = m["unit"].endswith("/s")
                med, best = statistics.median(m["values"]), (max if up else min)(m["values"])
                if base is None and n == ref:
                    base = (med, best)
                    cells += [quantity(med, m["unit"]), quantity(best)]
                elif base is None or m["unit"] == "count" or not (med and best and base[0] and base[1]):
                    cells += [quantity(med, m["unit"]), quantity(best)]
                else:
                    a, b = (base[0] / med, base[1] / best) if up else (med / base[0], best / base[1])
                    all_ratios[n].append(a)
                    cells += [ratio(a), ratio(b)]
            rows.append(cells)
    rows.append(["geometric mean", "", ""] + [x for n in others for x in (ratio(geomean(all_ratios[n])), "")])
    table(head, rows, f"ratios to {ref} as costs (for rates the inverse): below 1 is better; counts and figures without a reference are as measured")


def floor(args, report, work):
    """What C gets from the kernel and the machine for the same things."""
    if not shutil.which("gcc") or args.only and "floor" not in args.only:
        return
    out = os.path.join(work, "rt-floor")
    r = run(["gcc", "-O2", "-pthread", "-o", out, os.path.join(HERE, "rt", "floor.c")])
    values = {}
    for _ in range(args.runs if r.ok else 0):
        r = run([out], limit=60)
        for name, value, unit in METRIC.findall(r.err.decode()):
            values.setdefault(name, (unit, []))[1].append(float(value))
    report.data["floor"] = {k: {"unit": u, "values": v} for k, (u, v) in values.items()}
    table(["floor (C)", "med", "best"],
          [[k, quantity(statistics.median(v), u), quantity((max if u == "/s" else min)(v))] for k, (u, v) in values.items()])


# ------------------------------------------------------------------ startup

STARTUP = {"gc124": ("", "small"), "gc127": ("", "small"), "gccgo": ("static",), "mica": ("", "small"),
           "musl": ("",), "glibc": ("",), "c": ("",), "rust": ("",), "rust-small": ("",), "rust-dyn": ("",)}


def startup(args, tools, report, work):
    folder = os.path.join(HERE, "startup")
    lat = os.path.join(work, "startlat")
    r = run(["gcc", "-O2", "-o", lat, os.path.join(folder, "startlat.c")])
    if not r.ok:
        report.fail("startup", "startlat", "gcc", r.reason(120))
        return
    data = report.data.setdefault("startup", {})
    bare = os.path.join(work, "startup-floor")
    r = run(["gcc", "-O2", "-static", "-nostdlib", "-fno-stack-protector", "-o", bare, os.path.join(folder, "floor.c")])
    builds = {"nop": {}, "hello": {}, "hello_os": {}, "server": {}, "server_net": {}}
    if r.ok:
        builds["hello"]["kernel-floor"] = bare
        builds["nop"]["kernel-floor"] = bare
    for prog, made in builds.items():
        for t in tools:
            src = os.path.join(folder, prog + "." + t.lang)
            if not os.path.exists(src) or t.name not in STARTUP:
                continue
            for variant in STARTUP[t.name]:
                name = t.name + ("-" + variant if variant else "")
                out = os.path.join(work, f"startup-{prog}-{name}")
                r = t.build(src, out, variant)
                if r.ok and os.path.exists(out):
                    made[name] = out
                else:
                    report.fail("startup", prog, name, "build: " + r.reason(300))
    order = []
    for made in builds.values():
        order += [n for n in made if n not in order]
    base = "musl" if "musl" in order else order[0]
    rows = []
    for prog, made in builds.items():
        for n in order:
            if n not in made:
                continue
            stripped = made[n] + ".stripped"
            run(["strip", "-o", stripped, made[n]])
            e = data.setdefault(prog, {}).setdefault(n, {})
            e["size"] = os.path.getsize(made[n])
            e["stripped"] = os.path.getsize(stripped) if os.path.exists(stripped) else None
            b = data[prog].get(base)
            rows.append([f"{prog} {n}", e["size"], e["stripped"] or "-",
                         ratio(e["size"] / b["size"]) if b else "-", ratio(e["stripped"] / b["stripped"]) if b and e["stripped"] else "-"])
    table(["program", "bytes", "stripped", f"to {base}", "stripped"], rows)

    # user-mode work until main returns, counted by single steps: free of noise
    steps = os.path.join(work, "steps")
    if run(["gcc", "-O2", "-o", steps, os.path.join(folder, "steps.c")]).ok:
        rows = []
        for prog in ("nop", "hello"):
            for n, p in builds[prog].items():
                r = run([steps, p], env=dict(os.environ, GODEBUG="asyncpreemptoff=1"), limit=20)
                f = r.out.decode().split()
                if r.ok and len(f) == 3:
                    data[prog][n]["steps"] = dict(zip(("instructions", "syscalls", "cpuid"), map(int, f)))
                    rows.append([f"{prog} {n}", *f])
        table(["first thread until exit", "instructions", "syscalls", "cpuid"], rows)

    rows = []
    for mode, prog in (("exit", "nop"), ("first", "hello"), ("first", "hello_os"), ("server", "server"), ("server", "server_net")):
        # -s -w changes the size and hardly the start: measured for its size alone
        made = {n: p for n, p in builds[prog].items() if not n.endswith("-small") or n == "rust-small"}
        live = {}
        for n, p in made.items():  # a program that fails is shown and left out
            r = run([lat, "-n", "1", "-w", "1", mode, f"{n}={p}"], limit=60)
            if r.ok:
                live[n] = p
            else:
                data[prog][n]["status"] = r.reason(60)
                report.fail("startup", f"{prog} {mode}", n, r.reason(60))
        if not live:
            continue
        r = run([lat, "-n", str(args.starts), *(["-c", str(args.pin)] if args.pin is not None and mode != "server" else []),
                 mode, *(f"{n}={p}" for n, p in live.items())], limit=1200, fifo=args.fifo)
        if not r.ok:
            report.fail("startup", prog, "startlat", r.reason(1200))
            continue
        got = {}
        for line in r.out.decode().splitlines():
            n, m, lo, med, p90, unit = line.split()
            got.setdefault(m, {})[n] = {"min": float(lo), "p50": float(med), "p90": float(p90), "unit": unit}
            data[prog][n][f"{mode}:{m}"] = got[m][n]
        for m, by in got.items():
            b = by.get(base) or by.get("gc124")
            for n, v in by.items():
                scale, unit = (1e3, "us") if v["unit"] == "ns" else (1, v["unit"])
                rows.append([f"{prog} {m} {n}", f"{v['min'] / scale:.1f}", f"{v['p50'] / scale:.1f}", f"{v['p90'] / scale:.1f}", unit,
                             ratio(v["min"] / b["min"]) if b and b["min"] else "-", ratio(v["p50"] / b["p50"]) if b and b["p50"] else "-"])
    table(["start", "min", "p50", "p90", "unit", "min to " + base, "p50"], rows,
          f"ratios to {base} where it has the program, else to gc124; {args.starts} interleaved starts each")


# -------------------------------------------------------------------- build

def tree_peak(argv, env, cwd):
    """Runs argv and samples the summed resident size of its process tree, in
    KiB. Costs time, so it is kept apart from the timed runs."""
    p = subprocess.Popen(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, start_new_session=True)
    peak = 0
    while p.poll() is None:
        parent, rss = {}, {}
        for d in os.listdir("/proc"):
            if d.isdigit():
                try:
                    with open(f"/proc/{d}/stat") as f:
                        f = f.read().rsplit(")", 1)[1].split()
                    parent[int(d)], rss[int(d)] = int(f[1]), int(f[21]) * 4
                except (OSError, IndexError):
                    pass
        total, todo = 0, [p.pid]
        while todo:
            x = todo.pop()
            total += rss.get(x, 0)
            todo += [c for c, q in parent.items() if q == x]
        peak = max(peak, total)
        time.sleep(0.01)
    return peak


class Builds:
    """The build steps of one tool, each a function that prepares and one that
    gives the command."""

    def __init__(self, tool, work):
        self.t, self.dir = tool, os.path.join(work, "build-" + tool.name)
        shutil.rmtree(self.dir, ignore_errors=True)
        os.makedirs(self.dir)
        self.edits = 0
        self.go = isinstance(tool, GoLike)

    def env(self, cache):
        e = dict(self.t.env)
        if self.go:
            e["GOCACHE"] = e["MICA_CACHE"] = os.path.join(self.dir, "cache-" + cache)
        return e

    def fresh(self, cache):
        shutil.rmtree(os.path.join(self.dir, "cache-" + cache), ignore_errors=True)

    def remove(self, out):
        try:
            os.remove(out)
        except FileNotFoundError:
            pass

    def edit(self, path, pattern, text):
        self.edits += 1
        with open(path) as f:
            s = f.read()
        s2 = re.sub(pattern, text.format(self.edits), s, count=1)
        assert s != s2, path
        with open(path, "w") as f:
            f.write(s2)

    def steps(self, big):
        d = self.dir
        src = os.path.join(d, "hello.go")
        shutil.copy(os.path.join(HERE, "startup", "hello.go"), src)
        out = os.path.join(d, "hello")
        hello = self.t.command(src, out)
        yield "hello cold", lambda: (self.fresh("hello"), self.remove(out)), hello, "hello", d
        if self.go:
            yield "hello no change", lambda: None, hello, "hello", d
        yield "hello relink", lambda: self.remove(out), hello, "hello", d
        yield "hello edit", lambda: self.edit(src, r'"hello[^"]*"', '"hello{}"'), hello, "hello", d
        if not self.go:
            return
        app = os.path.join(d, "app")
        sys.path.insert(0, os.path.join(HERE, "build"))
        import gen
        gen.write(app)
        appout = os.path.join(d, "app.out")
        cmd = [self.t.cmd, "build", "-o", appout, "."]
        yield "app cold", lambda: (self.fresh("app"), self.remove(appout)), cmd, "app", app
        yield "app no change", lambda: None, cmd, "app", app
        yield "app relink", lambda: self.remove(appout), cmd, "app", app
        yield "app edit main", lambda: self.edit(os.path.join(app, "main.go"), r'edit = "[^"]*"', 'edit = "{}"'), cmd, "app", app
        yield ("app edit leaf", lambda: self.edit(os.path.join(app, "p00", "f1.go"), r"ID: id \+ \d+", "ID: id + 1000{}"), cmd, "app", app)
        if not self.t.goroot:
            return
        gsrc = os.path.join(self.t.goroot, "src")
        for name, pkg in [("gofmt", "cmd/gofmt"), ("compile", "cmd/compile")] if big else []:
            o = os.path.join(d, name + ".out")
            c = [self.t.cmd, "build", "-o", o, pkg]
            yield f"{name} cold", lambda name=name, o=o: (self.fresh(name), self.remove(o)), c, name, gsrc
            yield f"{name} no change", lambda: None, c, name, gsrc
            yield f"{name} relink", lambda o=o: self.remove(o), c, name, gsrc


def link_command(b, name, cmd, cwd, out):
    """Catches the link step of a build and gives it as a shell command, with
    the folder it needs; only for tools that print it as gc does."""
    b.remove(out)
    i = cmd.index("-o")
    r = run([*cmd[:i], "-x", "-work", *cmd[i:]], env=b.env(name), cwd=cwd, limit=600)
    text = r.err.decode("utf-8", "replace")
    folder = re.search(r"^WORK=(\S+)$", text, re.M)
    line = re.search(r"^.*/link -o .*$", text, re.M)
    if not r.ok or not folder or not line:
        return None, None
    return line.group(0).replace("$WORK", folder.group(1)), folder.group(1)


def builds(args, tools, report, work):
    data = report.data.setdefault("build", {})
    tools = [t for t in tools if t.lang == "go"]
    made = {t.name: Builds(t, work) for t in tools}
    todo = {n: list(b.steps(args.big)) for n, b in made.items()}
    names = []
    for steps in todo.values():
        names += [s[0] for s in steps if s[0] not in names]
    dead = set()
    for step in names:
        turns = args.runs if "cold" not in step else min(2, args.runs) if step == "hello cold" else 1
        for turn in range(turns):
            for t in tools:
                found = next((s for s in todo[t.name] if s[0] == step), None)
                if not found or (t.name, step.split()[0]) in dead:
                    continue
                _, prepare, cmd, cache, cwd = found
                prepare()
                r = run(cmd, env=made[t.name].env(cache), cwd=cwd, limit=900)
                e = data.setdefault(step, {}).setdefault(t.name, {"status": "ok", "wall": [], "cpu": [], "rss": []})
                if not r.ok:
                    e["status"] = "build: " + r.reason(900)
                    report.fail("build", step, t.name, e["status"])
                    dead.add((t.name, step.split()[0]))
                    continue
                for key in ("wall", "cpu", "rss"):
                    e[key].append(round(getattr(r, key), 4))
        print("  build/" + step + ": " + "  ".join(
            f"{n} {statistics.median(e['wall']):.2f}s" for n, e in data.get(step, {}).items() if e["wall"]), flush=True)
    # the link step alone
    links = []
    for t in tools:
        if not isinstance(t, GoLike) or not t.goroot:
            continue
        for step, _, cmd, cache, cwd in todo[t.name]:
            if not step.endswith("relink") or (t.name, cache) in dead:
                continue
            line, folder = link_command(made[t.name], cache, cmd, cwd, cmd[cmd.index("-o") + 1])
            if line:
                links.append((t, cache, line, folder, cwd))
    for cache in dict.fromkeys(x[1] for x in links):
        for flag, label in (("", ""), (" -s -w", " -s -w")):
            for _ in range(args.runs):
                for t, c, line, folder, cwd in links:
                    if c != cache:
                        continue
                    r = run(["sh", "-c", line.replace("/link -o", "/link" + flag + " -o", 1)], env=t.env, cwd=cwd)
                    e = data.setdefault(f"link {cache}{label}", {}).setdefault(t.name, {"status": "ok", "wall": [], "cpu": [], "rss": []})
                    if not r.ok:
                        e["status"] = "link: " + r.reason(120)
                        continue
                    for key in ("wall", "cpu", "rss"):
                        e[key].append(round(getattr(r, key), 4))
    for x in links:
        shutil.rmtree(x[3], ignore_errors=True)
    # the memory of the whole process tree, cold
    if args.tree:
        for t in tools:
            for step, prepare, cmd, cache, cwd in todo[t.name]:
                if step.endswith("cold") and (t.name, cache) not in dead:
                    prepare()
                    data[step][t.name]["tree_rss"] = tree_peak(cmd, made[t.name].env(cache), cwd)
    print()


def show_build(data, names, ref):
    others = [n for n in names if n != ref and any(n in row for row in data.values())]
    head = ["step", f"{ref} med s", "min s", "cpu s", "MiB", "tree MiB"]
    for n in others:
        head += [f"{n} med", "min", "cpu", "mem"]
    rows = []
    for step, row in data.items():
        base = row.get(ref)
        if not base or base["status"] != "ok" or not base["wall"]:
            b = None
            line = [step, "FAIL" if base else "-", "", "", "", ""]
        else:
            b = (statistics.median(base["wall"]), min(base["wall"]), min(base["cpu"]), statistics.median(base["rss"]))
            line = [step, f"{b[0]:.3f}", f"{b[1]:.3f}", f"{b[2]:.3f}", f"{b[3] / 1024:.0f}",
                    f"{base['tree_rss'] / 1024:.0f}" if base.get("tree_rss") else ""]
        for n in others:
            e = row.get(n)
            if not e or e["status"] != "ok" or not e["wall"]:
                line += ["FAIL" if e and e["status"] != "ok" else "", "", "", ""]
                continue
            v = (statistics.median(e["wall"]), min(e["wall"]), min(e["cpu"]), statistics.median(e["rss"]))
            line += [ratio(v[i] / b[i]) if b and b[i] else f"{v[i]:.3f}" for i in range(4)]
        rows.append(line)
    table(head, rows, f"ratios to {ref}; MiB = the largest single process, tree MiB = all processes together (cold steps)")


# ---------------------------------------------------------------- suite asm


def assembly(args, report):
    """The standard library's assembly files assembled, the go command disassembled: cold, and warm in one JVM (dev/conformance AsmBench)."""
    home = os.path.dirname(HERE)
    cmd = [os.path.join(home, "dev", "conformance"), "AsmBench", "-json", "-runs", str(args.runs)]
    if args.mica:
        cmd += ["-launcher", os.path.abspath(args.mica)]
    r = run(cmd, cwd=home, limit=7200)
    if not r.ok:
        report.fail("asm", "AsmBench", "mica", r.reason(7200))
        return
    data = [json.loads(l) for l in r.out.decode().splitlines() if l.startswith("{")]
    report.data["asm"] = data
    table(["what", "tool", "ms", "ratio"], [[d["what"], d["tool"], f"{d['ms']:.0f}", f"{d['ratio']:.2f}"] for d in data],
          "ratios to the standard tools; cold: a process for each file")


# --------------------------------------------------------------------- main

def machine():
    model = ""
    try:
        with open("/proc/cpuinfo") as f:
            model = next((l.split(":", 1)[1].strip() for l in f if l.startswith("model name")), "")
    except OSError:
        pass
    return {"cpus": os.cpu_count(), "cpu": model, "kernel": os.uname().release, "load": os.getloadavg()}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("suite", nargs="*", help="cpu rt startup build asm")
    ap.add_argument("--tool", action="append", default=[], metavar="NAME", help="only these tools (again, or a,b,c)")
    ap.add_argument("--mica", metavar="PATH", help="the mica command")
    ap.add_argument("--mica-goroot", metavar="DIR", help="GOROOT for mica (default: that of the first gc)")
    ap.add_argument("--gc124", metavar="GOROOT", help="Go 1.24")
    ap.add_argument("--gc127", metavar="GOROOT", help="Go 1.27")
    ap.add_argument("--only", action="append", default=[], metavar="PROGRAM", help="only these programs of cpu and rt")
    ap.add_argument("--runs", type=int, default=3, help="timed runs of each program (default 3)")
    ap.add_argument("--starts", type=int, default=300, help="starts of each program in startup (default 300)")
    ap.add_argument("--timeout", type=float, default=60, help="limit of one run in seconds (default 60)")
    ap.add_argument("--pin", type=int, metavar="CPU", help="hold the programs on one processor")
    ap.add_argument("--fifo", action="store_true", help="measure under SCHED_FIFO (root): shuts out the neighbours' noise; not for builds")
    ap.add_argument("--big", action="store_true", help="build: cmd/gofmt and cmd/compile too")
    ap.add_argument("--tree", action="store_true", help="build: sample the memory of the process tree too")
    ap.add_argument("--json", metavar="FILE", help="write all figures here")
    ap.add_argument("--work", metavar="DIR", help="keep builds and caches here (default: a temporary folder)")
    args = ap.parse_args()
    args.tool = [n for x in args.tool for n in x.split(",")]
    args.only = [n for x in args.only for n in x.split(",")]
    suites = args.suite or ["cpu", "rt", "startup", "build"]
    for s in suites:
        if s not in ("cpu", "rt", "startup", "build", "asm"):
            sys.exit(f"run.py: no suite {s}")
    work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="bench"))
    os.makedirs(work, exist_ok=True)
    report = Report()
    try:
        build_timed(work)
        tools = find_tools(args, work)
        if not tools:
            sys.exit("run.py: no tool found")
        plain = [t for t in tools if t.name not in ("glibc", "musl", "rust", "rust-small", "rust-dyn")]
        names = [t.name for t in plain]
        ref = "gc124" if "gc124" in names else names[0] if names else tools[0].name
        report.data["machine"] = machine()
        start = time.time()
        for s in suites:
            t0 = time.time()
            print(f"== {s}: " + " ".join(t.name for t in (tools if s == "startup" else plain)), flush=True)
            if s == "cpu":
                measure("cpu", args, plain, report, work)
                show_cpu("cpu", report.data["cpu"], names, ref)
            elif s == "rt":
                go = [t for t in plain if t.lang == "go"]
                measure("rt", args, go, report, work)
                show_metrics(report.data["rt"], [t.name for t in go], ref)
                if not args.tool or "c" in args.tool:
                    floor(args, report, work)
            elif s == "asm":
                assembly(args, report)
            elif s == "startup":
                startup(args, [t for t in tools if t.name in STARTUP], report, work)
            else:
                builds(args, plain, report, work)
                show_build(report.data["build"], [t.name for t in plain if t.lang == "go"], ref)
            print(f"   {s}: {time.time() - t0:.0f} s\n", flush=True)
        if report.fails:
            print("failures:")
            for suite, prog, tool, why in report.fails:
                print(f"  {suite}/{prog} {tool}: {why[:FAIL_LEN]}")
        report.data["fails"] = report.fails
        report.data["seconds"] = round(time.time() - start)
        if args.json:
            with open(args.json, "w") as f:
                json.dump(report.data, f, indent=1)
                f.write("\n")
    finally:
        if not args.work:
            run(["chmod", "-R", "u+w", work])
            shutil.rmtree(work, ignore_errors=True)
    return 1 if any(t == "mica" for _, _, t, _ in report.fails) else 0


if __name__ == "__main__":
    sys.exit(main())
