#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says what the bytes of an ELF program are: by section, and for one that has
gc's tables, the code by package and the parts of the pc-line table.

    anatomy.py FILE ..."""
import os
import struct
import subprocess
import sys
from collections import Counter


def sections(data):
    shoff, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    heads = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + i * size) for i in range(count)]
    at = heads[names][4]
    out = []
    for name, kind, flags, addr, off, length, *_ in heads:
        end = data.index(b"\0", at + name)
        out.append((data[at + name:end].decode(), kind, flags, addr, off, length))
    return out


GROUPS = [("code", (".text", ".plt", ".init", ".fini")),
          ("pclntab", (".gopclntab",)),
          ("DWARF", (".debug", ".zdebug")),
          ("symbols", (".symtab", ".strtab", ".shstrtab", ".dynsym", ".dynstr")),
          ("unwind", (".eh_frame", ".gcc_except")),
          ("type data", (".typelink", ".itablink", ".go.type")),
          ("rodata", (".rodata", ".gofunc", ".go.func")),
          ("data", (".data", ".noptrdata", ".go.module", ".go.buildinfo", ".go.fips", ".tdata", ".init_array", ".fini_array", ".got"))]


def group(name):
    for g, prefixes in GROUPS:
        if name.startswith(prefixes):
            return g
    return "other"


def package(sym):
    """The import path at the front of a symbol name."""
    s = sym.split("[", 1)[0]
    s = s[5:] if s.startswith("type:") else s
    if s.startswith(("go:", ".")):
        return s.split(".")[0]
    slash = s.rfind("/")
    dot = s.find(".", slash + 1)
    return s[:dot] if dot > 0 else "(asm)"


def pclntab(data, off, length):
    magic, = struct.unpack_from("<I", data, off)
    if magic not in (0xFFFFFFF1, 0xFFFFFFF0):
        return f"unknown magic {magic:#x}", {}
    nfunc, nfile, _, names, cus, files, pcs, funcs = struct.unpack_from("<8Q", data, off + 8)
    functab = 8 * nfunc + 4
    return f"{nfunc} functions, {nfile} files", {
        "function names": cus - names, "unit tables": files - cus, "file names": pcs - files,
        "pc-value tables": funcs - pcs, "function index": functab, "function records": length - funcs - functab}


def show(path):
    with open(path, "rb") as f:
        data = f.read()
    secs = sections(data)
    total = len(data)
    print(f"{os.path.basename(path)}: {total} bytes")
    by = Counter()
    for name, kind, flags, addr, off, length in secs:
        if kind not in (0, 8):
            by[group(name)] += length
    by["padding and headers"] = total - sum(by.values())
    for g, n in by.most_common():
        print(f"  {g:22s} {n:9d}  {100 * n / total:5.1f} %")
    for name, kind, flags, addr, off, length in secs:
        if kind == 8:
            print(f"  (in memory only: {name} {length})")
        if name == ".gopclntab":
            what, parts = pclntab(data, off, length)
            print(f"  pclntab: {what}")
            for p, n in sorted(parts.items(), key=lambda x: -x[1]):
                print(f"    {p:20s} {n:9d}  {100 * n / total:5.1f} %")
    code, ro, rw = Counter(), Counter(), Counter()
    spans = [(a, a + l, n) for n, k, f, a, o, l in secs if a and k != 0]
    nm = subprocess.run(["nm", "-S", path], capture_output=True, text=True).stdout
    for line in nm.splitlines():
        f = line.split(" ", 3)
        if len(f) == 4:
            addr, size = int(f[0], 16), int(f[1], 16)
            sec = next((n for lo, hi, n in spans if lo <= addr < hi), "")
            if sec == ".text":
                code[package(f[3])] += size
            elif sec.startswith((".rodata", ".gofunc")):
                ro[package(f[3])] += size
            elif sec in (".data", ".noptrdata"):
                rw[package(f[3])] += size
    for label, c in (("code", code), ("named read-only data", ro), ("data", rw)):
        if c:
            s = sum(c.values())
            print(f"  {label} by package, {s} bytes in symbols:")
            for p, n in c.most_common(14):
                print(f"    {p:32s} {n:9d}  {100 * n / s:5.1f} %")
    print()


for p in sys.argv[1:]:
    show(p)
