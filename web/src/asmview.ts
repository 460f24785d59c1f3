// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h, hex } from './dom';
import type { Inst, Reloc } from './facts';

/**
 * An instruction's bytes, two digits each; those that the linker patches are marked.
 *
 * @param linked the function's bytes after that, hexadecimal; null: not known
 */
export function byteCells(a: Inst, linked: string | null = null): Node[] {
  const out: Node[] = [];
  const patches = a.relocs ?? [];
  for (let i = 0; i < a.size; i++) {
    const r = patches.find(p => covers(p, a.offset + i));
    const before = a.bytes.slice(2 * i, 2 * i + 2);
    const text = (linked ?? '').slice(2 * (a.offset + i), 2 * (a.offset + i) + 2) || before;
    out.push(r ? h('span.patched', { title: relocText(r) }, text) : document.createTextNode(text));
    out.push(document.createTextNode(i + 1 < a.size ? ' ' : ''));
  }
  return out;
}

/** What the linker does to an instruction: the relocation, and the bytes before and after. */
export function patchText(a: Inst, r: Reloc, linked: string | null): string {
  const at = 2 * (r.offset - a.offset);
  const n = 2 * width(r.type);
  const pairs = (s: string) => (s.match(/../g) ?? []).join(' ');
  const after = linked ? ` → ${pairs(linked.slice(2 * r.offset, 2 * r.offset + n))}` : '';
  return `${relocText(r)}: ${pairs(a.bytes.slice(at, at + n))}${after}`;
}

function covers(r: Reloc, offset: number): boolean {
  return offset >= r.offset && offset < r.offset + width(r.type);
}

/** Bytes that a relocation patches, by its type's name. */
export function width(type: string): number {
  return /64/.test(type) ? 8 : /16/.test(type) ? 2 : 4;
}

export function relocText(r: Reloc): string {
  const add = r.addend ? (r.addend > 0 ? `+${r.addend}` : String(r.addend)) : '';
  return `${r.type} ${r.symbol}${add}`;
}

/** Mnemonic and operands apart, so that they stand below each other. */
export function instText(a: Inst): Node[] {
  const text = a.text.trim();
  const space = text.search(/\s/);
  if (space < 0) return [h('span.op', {}, text)];
  return [h('span.op.mnemonic', {}, text.slice(0, space)), document.createTextNode(text.slice(space).trim())];
}

export function offsetText(a: Inst): string {
  return hex(a.offset).slice(2);
}
