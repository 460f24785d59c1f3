// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Block, Fate, SsaFacts, Value } from './facts';

/** What can be pointed at in a function. A line is `path:number`. */
export type Ref =
  | { kind: 'value'; id: number }
  | { kind: 'line'; line: string }
  | { kind: 'inst'; index: number }
  | { kind: 'block'; id: number }
  /** A place in the tree: its own position and those below it, each `path:line:column`. */
  | { kind: 'node'; at: string; below: string[] };

/** A function's facts with the ways from each layer to its neighbours. */
export class FuncIndex {
  readonly lineOfValue = new Map<number, string>();
  readonly valuesOfLine = new Map<string, Set<number>>();
  readonly instsOfValue = new Map<number, number[]>();
  readonly instsOfLine = new Map<string, number[]>();
  readonly lineOfInst: (string | null)[] = [];
  /** Blocks after each pass, those of passes that left all alone filled in. */
  readonly blocks: Block[][] = [];
  readonly blockValues = new Map<number, Set<number>>();
  readonly positionOfValue = new Map<number, string>();
  readonly valuesOfPosition = new Map<string, Set<number>>();
  readonly fates = new Map<number, Fate>();

  constructor(readonly facts: SsaFacts) {
    let last: Block[] = [];
    for (const p of facts.passes) {
      last = p.blocks ?? last;
      this.blocks.push(last);
    }
    // Later passes know better where a value came from; the last ones win.
    for (const blocks of this.blocks) {
      for (const b of blocks) {
        for (const v of b.values) this.value(b, v);
      }
    }
    for (const f of facts.fates ?? []) this.fates.set(f.value, f);
    facts.asm.forEach((a, i) => {
      const line = this.line(a.file, a.line);
      this.lineOfInst.push(line);
      if (line) push(this.instsOfLine, line, i);
      if (a.value !== undefined && a.value !== null) push(this.instsOfValue, a.value, i);
    });
  }

  private value(b: Block, v: Value) {
    let own = this.blockValues.get(b.id);
    if (!own) this.blockValues.set(b.id, (own = new Set()));
    own.add(v.id);
    const line = this.line(v.file, v.line);
    if (!line) return;
    this.lineOfValue.set(v.id, line);
    add(this.valuesOfLine, line, v.id);
    this.positionOfValue.set(v.id, `${line}:${v.col ?? 0}`);
    add(this.valuesOfPosition, `${line}:${v.col ?? 0}`, v.id);
  }

  line(file: number | string | undefined, line: number | undefined): string | null {
    if (!line || file === undefined || file === null) return null;
    const path = typeof file === 'number' ? this.facts.files[file]?.path : file;
    return path === undefined ? null : `${path}:${line}`;
  }

  /** Every value, line and instruction that belongs to what was pointed at. */
  relatives(ref: Ref | null): Relatives {
    const r = new Relatives(ref);
    if (!ref) return r;
    if (ref.kind === 'value') {
      r.values.add(ref.id);
      const line = this.lineOfValue.get(ref.id);
      if (line) r.lines.add(line);
      for (const i of this.codeOf(ref.id)) this.inst(r, i);
    } else if (ref.kind === 'line') {
      r.lines.add(ref.line);
      for (const v of this.valuesOfLine.get(ref.line) ?? []) r.values.add(v);
      for (const i of this.instsOfLine.get(ref.line) ?? []) r.insts.add(i);
    } else if (ref.kind === 'inst') {
      this.inst(r, ref.index);
      const v = this.facts.asm[ref.index]?.value;
      if (v !== undefined && v !== null) {
        r.values.add(v);
        for (const i of this.instsOfValue.get(v) ?? []) r.insts.add(i);
      }
    } else if (ref.kind === 'node') {
      r.lines.add(ref.at.slice(0, ref.at.lastIndexOf(':')));
      for (const p of ref.below) {
        for (const v of this.valuesOfPosition.get(p) ?? []) {
          r.values.add(v);
          for (const i of this.codeOf(v)) r.insts.add(i);
        }
      }
    } else {
      r.blocks.add(ref.id);
      for (const v of this.blockValues.get(ref.id) ?? []) {
        r.values.add(v);
        for (const i of this.instsOfValue.get(v) ?? []) this.inst(r, i);
      }
    }
    for (const v of r.values) {
      const p = this.positionOfValue.get(v);
      if (p) r.positions.add(p);
    }
    return r;
  }

  /** The instructions of a value; where it has none of its own, those of the values that it became a part of. */
  codeOf(value: number): number[] {
    const seen = new Set<number>();
    const out = new Set<number>();
    const walk = (v: number) => {
      if (seen.has(v)) return;
      seen.add(v);
      const own = this.instsOfValue.get(v);
      if (own) own.forEach(i => out.add(i));
      else if (this.fates.get(v)?.fate === 'folded') this.fates.get(v)!.into.forEach(walk);
    };
    walk(value);
    return [...out];
  }

  private inst(r: Relatives, i: number) {
    r.insts.add(i);
    const line = this.lineOfInst[i];
    if (line) r.lines.add(line);
  }
}

export class Relatives {
  readonly values = new Set<number>();
  readonly lines = new Set<string>();
  readonly insts = new Set<number>();
  readonly blocks = new Set<number>();
  /** Of the values, `path:line:column`. */
  readonly positions = new Set<string>();

  constructor(readonly ref: Ref | null) {}
}

function add<K>(map: Map<K, Set<number>>, key: K, v: number) {
  const set = map.get(key);
  if (set) set.add(v);
  else map.set(key, new Set([v]));
}

function push<K>(map: Map<K, number[]>, key: K, v: number) {
  const list = map.get(key);
  if (list) list.push(v);
  else map.set(key, [v]);
}
