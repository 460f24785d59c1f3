// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { bytes, clear, h } from './dom';
import type { Place } from './filecolumn';

/** A resident range of the view map, as docs/json.md has it; what is not drawn is left out here. */
interface Range { start: string; end: string; owner: string; name: string; goid?: number; function?: string }
export interface MemoryMap { rss: number; process: { threads: number }; ranges: Range[] }

interface Owner {
  name: string;
  /** Function that a goroutine began with. */
  func?: string;
  /** What a section's bytes belong to. */
  symbol?: string;
  bytes: number;
  ranges: { from: number; to: number }[];
}
interface Group { name: string; bytes: number; owners: Owner[]; shown: number; row: HTMLElement; list: HTMLElement }

/** How many owners of a group are added at a time. */
const MORE = 200;
const kib = (n: number) => (n < 1024 ? `${n} B` : `${(n / 1024).toFixed(n < 10240 ? 1 : 0)} KiB`);

function groups(map: MemoryMap): Omit<Group, 'row' | 'list'>[] {
  const all = new Map<string, { name: string; bytes: number; owners: Map<string, Owner> }>();
  for (const r of map.ranges) {
    const [from, to] = [Number(r.start), Number(r.end)];
    const blank = r.owner === 'section' ? r.name.indexOf(' ') : -1;
    const name = r.owner === 'section' ? (blank < 0 ? r.name : r.name.slice(0, blank)) : r.owner;
    let g = all.get(name);
    if (!g) all.set(name, (g = { name, bytes: 0, owners: new Map() }));
    let o = g.owners.get(r.name);
    if (!o) {
      const symbol = blank < 0 ? undefined : r.name.slice(blank + 1);
      const shown = r.owner === 'section' ? (symbol ?? 'without a symbol') : r.function ? `${r.name} · ${r.function}` : r.name;
      g.owners.set(r.name, (o = { name: shown, func: r.function, symbol, bytes: 0, ranges: [] }));
    }
    o.bytes += to - from;
    o.ranges.push({ from, to });
    g.bytes += to - from;
  }
  const largest = (a: { bytes: number }, b: { bytes: number }) => b.bytes - a.bytes;
  return [...all.values()].sort(largest).map(g => ({ name: g.name, bytes: g.bytes, owners: [...g.owners.values()].sort(largest), shown: 0 }));
}

/** Who owns the resident memory: groups that open into owners, each linked with its symbol or function. */
export class MemoryView {
  readonly root = h('div.memory', { role: 'tree', 'aria-label': 'Resident memory by owner' });
  private readonly groups: Group[];
  private place: Place | null = null;

  constructor(map: MemoryMap, private readonly isFunction: (symbol: string) => boolean, private readonly open: (symbol: string) => void, private readonly select: (p: Place) => void) {
    const all = groups(map);
    const most = Math.max(1, all[0]?.bytes ?? 0);
    this.groups = all.map(g => {
      const bar = h('span.extent', {}, h('i'));
      (bar.firstChild as HTMLElement).style.width = `${Math.max(0.5, (100 * g.bytes) / most)}%`;
      const row = h('div.row.group', { role: 'treeitem', 'aria-level': 1, 'aria-expanded': 'false', tabindex: -1, title: `${g.name}: ${bytes(g.bytes)} bytes of ${bytes(g.owners.length)} owners` },
        h('span.twist'), h('span.text', {}, g.name), bar, h('span.bytes', {}, kib(g.bytes)));
      const group: Group = { ...g, row, list: h('div', { role: 'group' }) };
      row.addEventListener('click', () => this.toggle(group));
      row.addEventListener('keydown', e => {
        const opened = group.shown > 0;
        if (e.key === (opened ? 'ArrowLeft' : 'ArrowRight')) this.toggle(group);
      });
      this.root.append(row, group.list);
      return group;
    });
  }

  /** Lights what covers a place, and the stacks of goroutines that began with it. */
  light(place: Place | null): void {
    this.place = place;
    for (const g of this.groups) {
      g.row.classList.toggle('rel', g.owners.some(o => this.covers(o)));
      for (const e of g.list.querySelectorAll<HTMLElement>('.owner')) e.classList.toggle('rel', this.covers(g.owners[Number(e.dataset.n)]));
    }
  }

  private covers(o: Owner): boolean {
    const p = this.place;
    return !!p && (o.func === p.name || o.ranges.some(r => p.from < r.to && p.to > r.from));
  }

  private toggle(g: Group) {
    const open = g.shown === 0;
    g.row.setAttribute('aria-expanded', String(open));
    clear(g.list);
    g.shown = 0;
    if (open) this.more(g);
  }

  /** The next owners of a group; those that are lit come first, so that what is looked at is found. */
  private more(g: Group) {
    g.list.querySelector('.moreowners')?.remove();
    const order = g.owners.map((_, i) => i).sort((a, b) => Number(this.covers(g.owners[b])) - Number(this.covers(g.owners[a])) || a - b);
    const there = new Set([...g.list.querySelectorAll<HTMLElement>('.owner')].map(e => Number(e.dataset.n)));
    for (const i of order.filter(n => !there.has(n)).slice(0, MORE)) g.list.append(this.owner(g, i));
    g.shown = g.list.childElementCount;
    if (g.shown < g.owners.length) {
      g.list.append(h('div.row.moreowners', { role: 'treeitem', 'aria-level': 2, tabindex: -1, onclick: () => this.next(g) }, h('span.text', {}, `${bytes(g.owners.length - g.shown)} more …`)));
    }
  }

  private next(g: Group) {
    const at = g.shown;
    this.more(g);
    const row = g.list.children[at] as HTMLElement | undefined;
    row?.focus();
  }

  private owner(g: Group, i: number): HTMLElement {
    const o = g.owners[i];
    const first = o.ranges[0];
    const target = o.func ?? (o.symbol && this.isFunction(o.symbol) ? o.symbol : '');
    const where = o.ranges.slice(0, 8).map(r => `${r.from.toString(16)}–${r.to.toString(16)}`).join('\n');
    const row = h('div.row.owner', {
      role: 'treeitem', 'aria-level': 2, 'data-n': i, tabindex: -1, title: `${g.name} ${o.name}\n${where}${o.ranges.length > 8 ? `\nand ${o.ranges.length - 8} more ranges` : ''}${target ? '\nEnter shows the function' : ''}`,
      onclick: () => (target ? this.open(target) : this.select({ name: o.symbol ?? g.name, from: first.from, to: first.to })),
    }, h('span.text', {}, o.name), h('span.bytes', {}, kib(o.bytes)));
    row.classList.toggle('rel', this.covers(o));
    return row;
  }
}
