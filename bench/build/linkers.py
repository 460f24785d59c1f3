#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast can a link be? Times the linkers that are here (GNU ld, gold, lld,
mold) on the same inputs beside plain copies of the output.

    linkers.py [--goroot DIR] [--runs N] [--json FILE]

Inputs: a synthetic C program of 1,000 objects; the std-only Rust server of
../startup (a few large archives); and, with --goroot and a C compiler, the one
big object that gc's linker hands to an external linker for cmd/compile."""
import argparse
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LINKERS = ["bfd", "gold", "lld", "mold"]


def timed(argv, env=None, cwd=None):
    t = time.perf_counter()
    p = subprocess.Popen(argv, env=env, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    err = p.stderr.read()
    _, st, ru = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(st)
    return p.returncode, time.perf_counter() - t, ru.ru_utime + ru.ru_stime, err.decode("utf-8", "replace")


def synthetic(work, objects=1000, functions=20):
    """objects with functions that call into the next object, and some data"""
    d = os.path.join(work, "syn")
    os.makedirs(d)
    for i in range(objects):
        j = (i + 1) % objects
        s = "".join(f"int f{j}_{k}(int);\n" for k in range(functions))
        s += "".join(f'static int d{k}[] = {{{k}, {i}, 3}};\nconst char *s{i}_{k} = "name {i} {k}";\n'
                     f"int f{i}_{k}(int x) {{ if (x <= 0) return d{k}[1]; d{k}[0] += x; return f{j}_{k}(x - d{k}[2]) + s{i}_{k}[0]; }}\n"
                     for k in range(functions))
        if i == 0:
            s += "int main(void) { return f0_0(3) == 0; }\n"
        with open(f"{d}/o{i}.c", "w") as f:
            f.write(s)
    subprocess.run(f"cd {shlex.quote(d)} && ls *.c | xargs -P2 -n50 gcc -O1 -g -c", shell=True, check=True)
    return [f"{d}/o{i}.o" for i in range(objects)]


def go_object(work, goroot):
    """The object and the C driver's arguments of an external link of cmd/compile."""
    go = os.path.join(goroot, "bin", "go")
    env = dict(os.environ, GOROOT=goroot, GOTOOLCHAIN="local", CGO_ENABLED="1", GOFLAGS="-buildvcs=false",
               GOCACHE=os.path.join(work, "cache"), GOENV="off", GOPATH=os.path.join(work, "gopath"))
    tmp = os.path.join(work, "golink")
    os.makedirs(tmp)
    out = os.path.join(work, "compile.out")
    r = subprocess.run([go, "build", "-o", out, f"-ldflags=-linkmode=external -v -tmpdir={tmp}", "cmd/compile"],
                       env=env, cwd=os.path.join(goroot, "src"), capture_output=True, text=True)
    m = re.search(r"^host link: (.*)$", r.stderr + r.stdout, re.M)
    if r.returncode or not m:
        print("no external link of cmd/compile:", r.stderr.strip().splitlines()[-1:] or r.returncode)
        return None
    return shlex.split(m.group(1))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--goroot")
    ap.add_argument("--runs", type=int, default=7)
    ap.add_argument("--json")
    a = ap.parse_args()
    work = tempfile.mkdtemp(prefix="linkers")
    data = {}
    try:
        inputs = {}
        objs = synthetic(work)
        inputs["1000 C objects, -g"] = (lambda out, l: ["gcc", f"-fuse-ld={l}", "-o", out, *objs])
        rs = os.path.join(HERE, "..", "startup", "server.rs")
        if shutil.which("rustc"):
            inputs["rust server, all of rustc"] = (
                lambda out, l: ["rustc", "-O", "-C", f"link-arg=-fuse-ld={l}", "-C", "linker=gcc", "-o", out, rs])
        host = go_object(work, a.goroot) if a.goroot else None
        if host:
            i = host.index("-o")
            rest = [x for x in host[1:i] + host[i + 2:] if not x.startswith("-fuse-ld=") and "build-id" not in x]
            inputs["cmd/compile, gc's one object"] = (lambda out, l: [host[0], f"-fuse-ld={l}", "-o", out, *rest])
        for name, command in inputs.items():
            row = data[name] = {}
            for turn in range(a.runs + 1):
                for l in LINKERS:
                    out = os.path.join(work, "out-" + l)
                    status, wall, cpu, err = timed(command(out, l))
                    if status:
                        row[l] = {"error": err.strip().splitlines()[-1:]}
                    elif turn and "error" not in row.get(l, {}):
                        e = row.setdefault(l, {"wall": [], "cpu": [], "size": os.path.getsize(out)})
                        e["wall"].append(wall)
                        e["cpu"].append(cpu)
            best = next((os.path.join(work, "out-" + l) for l in LINKERS if "wall" in row.get(l, {})), None)
            if best:
                row["cp of the output"] = {"wall": [], "cpu": [], "size": os.path.getsize(best)}
                for _ in range(a.runs):
                    _, wall, cpu, _ = timed(["cp", best, best + ".copy"])
                    row["cp of the output"]["wall"].append(wall)
                    row["cp of the output"]["cpu"].append(cpu)
            print(name)
            for l, e in row.items():
                if "error" in e:
                    print(f"  {l:18s} FAIL {e['error']}")
                else:
                    print(f"  {l:18s} med {statistics.median(e['wall']) * 1e3:8.1f} ms  min {min(e['wall']) * 1e3:8.1f} ms"
                          f"  cpu {min(e['cpu']) * 1e3:8.1f} ms  {e['size']:10d} bytes")
    finally:
        subprocess.run(["chmod", "-R", "u+w", work])
        shutil.rmtree(work, ignore_errors=True)
    if a.json:
        with open(a.json, "w") as f:
            json.dump(data, f, indent=1)
            f.write("\n")


if __name__ == "__main__":
    sys.exit(main())
