// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts that pages draw, as docs/json.md describes them.

export interface SourceText { path: string; firstLine: number; lines: string[] }

export interface Value {
  id: number;
  op?: string;
  type?: string;
  args?: number[];
  aux?: string;
  /** Index into files, or a path. */
  file?: number | string;
  line?: number;
  col?: number;
  /** Innermost call first. */
  inlinedFrom?: { func: string; file?: number; line?: number }[];
  /** The value as the text form has it. */
  text: string;
}

export interface Block { id: number; kind: string; preds: number[]; succs: number[]; control?: number; likely?: number; values: Value[] }

export interface Pass {
  name: string;
  micros: number;
  /** Ids of values that the pass made or changed. */
  changed: number[];
  /** Ids of values that are gone. */
  removed?: number[];
  /** Absent: as after the pass before. */
  blocks?: Block[];
}

export interface Reloc {
  /** Of the first byte that is patched, from the function's start. */
  offset: number;
  type: string;
  symbol: string;
  addend: number;
}

export interface Inst {
  offset: number;
  size: number;
  /** Hexadecimal, without blanks. */
  bytes: string;
  text: string;
  /** The SSA value that the instruction comes from, or what else it is for. */
  value?: number;
  origin?: string;
  file?: number | string;
  line?: number;
  relocs?: Reloc[];
}

/** What became of a value in the code; `into` are the values that use it. */
export interface Fate { value: number; fate: string; code: number[]; into: number[] }

export interface SsaFacts { version: number; view: 'ssa'; func: string; shownName?: string; files: SourceText[]; passes: Pass[]; fates?: Fate[]; asm: Inst[] }

export interface SizeRange { offset: number; size: number; kind: string; package?: string; name: string }

export interface SizeFacts { version: number; view: 'size'; file?: string; size: number; ranges: SizeRange[] }

/** The JSON text of the element `id`, or null. */
export function embedded<T>(id: string): T | null {
  const e = document.getElementById(id);
  return e ? (JSON.parse(e.textContent ?? 'null') as T) : null;
}
