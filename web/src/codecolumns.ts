// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { byteCells, instText, offsetText, patchText, relocText } from './asmview';
import { h, hex } from './dom';
import type { FuncIndex, Ref, Relatives } from './links';
import { VirtualList } from './vlist';

/** A list with a row for each machine instruction. */
abstract class CodeColumn {
  readonly list: VirtualList;
  protected index: FuncIndex | null = null;
  private rel: Relatives | null = null;

  constructor(label: string, id: string, private readonly select: (r: Ref) => void) {
    this.list = new VirtualList({ label, rowHeight: 20, render: (row, i) => this.row(row, i), pick: (i, e) => this.pick(i, e) });
    this.list.root.id = id;
    this.list.root.classList.add('insts');
  }

  set(index: FuncIndex | null): void {
    this.index = index;
    this.list.setCount(index?.facts.asm.length ?? 0);
  }

  light(rel: Relatives, scroll: boolean): void {
    this.rel = rel;
    this.list.refresh();
    if (scroll && rel.insts.size) this.list.reveal(Math.min(...rel.insts));
  }

  private row(row: HTMLElement, i: number) {
    row.classList.toggle('rel', !!this.rel?.insts.has(i));
    row.classList.toggle('sel', this.rel?.ref?.kind === 'inst' && this.rel.ref.index === i);
    row.title = `${this.index!.facts.asm[i].text.trim()}\n${this.index!.lineOfInst[i] ?? 'no source position'}`;
    this.render(row, i);
  }

  private pick(i: number, e: Event) {
    const v = (e.target as HTMLElement).closest<HTMLElement>('[data-v]');
    this.select(v ? { kind: 'value', id: Number(v.dataset.v) } : { kind: 'inst', index: i });
  }

  protected abstract render(row: HTMLElement, i: number): void;
}

/** Plan 9 assembly. */
export class AssemblyColumn extends CodeColumn {
  protected render(row: HTMLElement, i: number) {
    const a = this.index!.facts.asm[i];
    const from = a.value !== undefined && a.value !== null ? h('span.v', { 'data-v': a.value }, `v${a.value}`) : h('span.muted', {}, a.origin ?? '');
    if (a.value !== undefined && a.origin) from.title = a.origin;
    row.append(h('span.offset', {}, offsetText(a)), h('span.text', {}, ...instText(a)), h('span.from', {}, from), h('span.line', {}, a.line ? String(a.line) : ''));
  }
}

/** Machine code, and what the linker puts into it. */
export class BytesColumn extends CodeColumn {
  /** Of the function's first byte in the process; 0 before it is linked. */
  address = 0;
  /** The function's bytes as the linker left them; null before. */
  linked: string | null = null;

  protected render(row: HTMLElement, i: number) {
    const a = this.index!.facts.asm[i];
    row.append(h('span.offset', {}, this.address ? hex(this.address + a.offset, 6).slice(2) : offsetText(a)), h('span.bytes', {}, ...byteCells(a, this.linked)),
      h('span.reloc', {}, (a.relocs ?? []).map(relocText).join(' · ')));
    if (a.relocs?.length) row.title += '\n' + a.relocs.map(r => patchText(a, r, this.linked)).join('\n');
  }
}
