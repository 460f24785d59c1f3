// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing little-endian byte buffer, for tables whose size shows only while they are written. */
public final class Bytes {
    private byte[] data;
    private int size;

    public Bytes(int capacity) {
        data = new byte[Math.max(16, capacity)];
    }

    public int size() {
        return size;
    }

    /** The buffer itself; valid up to {@link #size}, until the next write. */
    public byte[] raw() {
        return data;
    }

    public byte[] toArray() {
        return Arrays.copyOf(data, size);
    }

    /** Drops what was written from {@code to} on. */
    public void truncate(int to) {
        size = to;
    }

    private void reserve(int n) {
        if (size + n > data.length) {
            data = Arrays.copyOf(data, Math.max(size + n, data.length * 2));
        }
    }

    public void put8(int v) {
        reserve(1);
        data[size++] = (byte) v;
    }

    public void put16(int v) {
        reserve(2);
        data[size++] = (byte) v;
        data[size++] = (byte) (v >>> 8);
    }

    public void put32(int v) {
        reserve(4);
        store32(data, size, v);
        size += 4;
    }

    public void put64(long v) {
        reserve(8);
        store64(data, size, v);
        size += 8;
    }

    /** Base 128, low groups first. */
    public void putVarint(long v) {
        while ((v & ~0x7fL) != 0) {
            put8((int) (v & 0x7f) | 0x80);
            v >>>= 7;
        }
        put8((int) v);
    }

    public void put(byte[] b) {
        put(b, 0, b.length);
    }

    public void put(byte[] b, int from, int n) {
        reserve(n);
        System.arraycopy(b, from, data, size, n);
        size += n;
    }

    /** UTF-8 without an end mark. */
    public void put(String s) {
        put(s.getBytes(StandardCharsets.UTF_8));
    }

    /** UTF-8 with a NUL behind it; returns where it starts. */
    public int putCString(String s) {
        int at = size;
        put(s);
        put8(0);
        return at;
    }

    public void zeros(int n) {
        reserve(n);
        Arrays.fill(data, size, size + n, (byte) 0);
        size += n;
    }

    /** Zeros up to a multiple of {@code a}, a power of two. */
    public void align(int a) {
        zeros(-size & (a - 1));
    }

    public void set32(int at, int v) {
        store32(data, at, v);
    }

    public void set64(int at, long v) {
        store64(data, at, v);
    }

    public static void store16(byte[] b, int at, int v) {
        b[at] = (byte) v;
        b[at + 1] = (byte) (v >>> 8);
    }

    public static void store32(byte[] b, int at, int v) {
        b[at] = (byte) v;
        b[at + 1] = (byte) (v >>> 8);
        b[at + 2] = (byte) (v >>> 16);
        b[at + 3] = (byte) (v >>> 24);
    }

    public static void store64(byte[] b, int at, long v) {
        store32(b, at, (int) v);
        store32(b, at + 4, (int) (v >>> 32));
    }

    public static int load16(byte[] b, int at) {
        return (b[at] & 0xff) | (b[at + 1] & 0xff) << 8;
    }

    public static int load32(byte[] b, int at) {
        return (b[at] & 0xff) | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | (b[at + 3] & 0xff) << 24;
    }

    public static long load64(byte[] b, int at) {
        return (load32(b, at) & 0xffffffffL) | (long) load32(b, at + 4) << 32;
    }
}
