// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.obj;

/** What a symbol's bytes are, and so into which section it goes. */
public enum SymKind {
    /** Referred to, not yet defined. */
    UNDEFINED,
    TEXT,
    /** Read-only data without pointers that need relocation at run time (we link non-PIE, so relocated data may be read-only too). */
    RODATA,
    /** String contents; equal contents share one symbol. */
    STRING,
    /** Type descriptors; laid out together, offsets (NameOff, TypeOff) count from their start. */
    TYPE,
    /** Names and tags that type descriptors refer to by NameOff: bytes without alignment; equal contents share one place. */
    NAME,
    /** Interface tables. */
    ITAB,
    /** Function metadata: stack maps, inline trees (offsets count from go:func.*). */
    FUNCDATA,
    /** Written data that holds pointers; the collector scans it by {@link Symbol#ptrMask}. */
    DATA,
    NOPTRDATA,
    /** Zeroed data that holds pointers. */
    BSS,
    NOPTRBSS,
    /** An absolute value, no bytes. */
    ABS
}
