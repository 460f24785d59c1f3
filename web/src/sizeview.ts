// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { bytes, clear, h, roving } from './dom';
import type { SizeFacts } from './facts';
import { sizeTree, squarify, type Cell, type Order, type SizeNode } from './sizetree';
import { VirtualList } from './vlist';

/** Kinds in the order of their colours; others share the last one. */
const KINDS = ['code', 'pclntab', 'types', 'rodata', 'data', 'funcdata', 'symtab', 'debug', 'strings', 'headers', 'padding', 'note'];

/** Rectangles smaller than this many square pixels are not drawn one by one. */
const LEAST_AREA = 24;

interface Row { node: SizeNode; depth: number }

/** A treemap that can be gone into, and the same as a list beside it. */
export class SizeView {
  readonly root: HTMLElement;
  private readonly map = h('div.treemap', { role: 'group', 'aria-label': 'Treemap of bytes' });
  private readonly crumbs = h('nav.crumbs', { 'aria-label': 'Where the treemap is' });
  private readonly detail = h('div.detail', { 'aria-live': 'polite' });
  private readonly list: VirtualList;
  private order: Order = 'kind';
  private tree!: SizeNode;
  private at!: SizeNode;
  private chosen: SizeNode | null = null;
  private rows: Row[] = [];
  private open = new Set<SizeNode>();

  /** @param why draws below the map why a symbol is there; null where nobody knows */
  constructor(private facts: SizeFacts, private readonly why: ((symbol: string, into: HTMLElement) => void) | null) {
    this.list = new VirtualList({
      label: 'Bytes by owner', rowHeight: 24, render: (row, i) => this.row(row, i), pick: (i, e) => this.pickRow(i, e),
      side: (i, right) => this.toggle(this.rows[i].node, right),
    });
    const order = h('div.segmented', { role: 'group', 'aria-label': 'Order' },
      ...(['kind', 'package'] as Order[]).map(o => h('button.tool.small', {
        type: 'button', 'aria-pressed': String(o === this.order), 'data-order': o, onclick: () => this.setOrder(o),
      }, `by ${o}`)));
    this.root = h('div.sizeview', {},
      h('div.sizelist', {}, h('div.bar', {}, order), this.list.root),
      h('div.sizemap', {}, h('div.bar', {}, this.crumbs), this.map, this.detail));
    roving(this.map, '.cell');
    this.setFacts(facts);
    new ResizeObserver(() => this.draw()).observe(this.map);
  }

  setFacts(facts: SizeFacts): void {
    this.facts = facts;
    this.tree = sizeTree(facts.ranges, this.order, facts.file ?? 'file');
    this.at = this.tree;
    this.open = new Set([this.tree]);
    this.choose(null);
    this.spread();
  }

  private setOrder(o: Order) {
    this.order = o;
    for (const b of this.root.querySelectorAll<HTMLElement>('[data-order]')) b.setAttribute('aria-pressed', String(b.dataset.order === o));
    this.setFacts(this.facts);
  }

  // The list.

  private spread() {
    this.rows = [];
    const walk = (n: SizeNode, depth: number) => {
      this.rows.push({ node: n, depth });
      if (this.open.has(n)) for (const c of n.children) walk(c, depth + 1);
    };
    walk(this.tree, 0);
    this.list.setCount(this.rows.length);
  }

  private row(row: HTMLElement, i: number) {
    const { node, depth } = this.rows[i];
    const share = (100 * node.bytes) / Math.max(1, this.facts.size);
    const twist = node.children.length ? (this.open.has(node) ? '▾' : '▸') : '';
    const bar = h('span.share', {}, h('i'));
    (bar.firstChild as HTMLElement).style.width = `${Math.max(1, (100 * node.bytes) / Math.max(1, (node.parent ?? node).bytes))}%`;
    row.style.paddingLeft = `${8 + depth * 14}px`;
    row.title = node.name;
    row.classList.toggle('sel', node === this.chosen);
    row.append(h('span.twist', {}, twist), h(`span.kind.k${color(node.kind)}`), h('span.name', {}, node.name), bar,
      h('span.bytes', {}, bytes(node.bytes)), h('span.percent', {}, `${share < 0.1 ? share.toFixed(2) : share.toFixed(1)}%`));
    if (node.children.length) row.setAttribute('aria-expanded', String(this.open.has(node)));
  }

  private pickRow(i: number, e: Event) {
    const { node } = this.rows[i];
    const twist = (e.target as HTMLElement).closest('.twist');
    if (node.children.length && (twist || node === this.chosen)) this.toggle(node, !this.open.has(node));
    this.choose(node);
    this.go(node.children.length ? node : node.parent ?? this.tree);
  }

  private toggle(node: SizeNode, on: boolean) {
    if (!node.children.length) return;
    if (on) this.open.add(node);
    else this.open.delete(node);
    this.spread();
  }

  // The map.

  private go(node: SizeNode) {
    this.at = node;
    this.draw();
  }

  private draw() {
    clear(this.crumbs);
    const path: SizeNode[] = [];
    for (let n: SizeNode | null = this.at; n; n = n.parent) path.unshift(n);
    path.forEach((n, i) => this.crumbs.append(h('span', {}, i ? ' › ' : ''),
      h('button.crumb', { type: 'button', 'aria-current': n === this.at ? 'true' : false, onclick: () => this.go(n) }, n.name)));
    this.crumbs.append(h('span.note', {}, ` ${bytes(this.at.bytes)} bytes`));
    const focused = this.map.contains(document.activeElement);
    clear(this.map);
    const { clientWidth: w, clientHeight: hh } = this.map;
    for (const c of squarify(this.at.children, 0, 0, w, hh)) this.cell(c);
    if (!focused) return;
    this.map.tabIndex = 0;
    this.map.focus();
  }

  /** A child of what is shown, its own children inside it. */
  private cell(c: Cell) {
    if (c.w * c.h < LEAST_AREA) return;
    const inner = c.node.children.length > 0 && c.w > 44 && c.h > 34;
    const box = this.box(c, inner ? 'group' : '');
    this.map.append(box);
    if (!inner) return;
    for (const d of squarify(c.node.children, c.x + 3, c.y + 19, c.w - 6, c.h - 22)) {
      if (d.w * d.h >= LEAST_AREA) this.map.append(this.box(d, 'inner'));
    }
  }

  private box(c: Cell, extra: string): HTMLElement {
    const b = h('button.cell', {
      type: 'button', title: `${path(c.node)}\n${bytes(c.node.bytes)} bytes`, 'aria-label': `${c.node.name}, ${bytes(c.node.bytes)} bytes`,
      tabindex: -1, onclick: () => this.pick(c.node),
    });
    b.classList.add(`k${color(c.node.kind)}`);
    if (extra) b.classList.add(extra);
    if (c.node === this.chosen) b.classList.add('sel');
    Object.assign(b.style, { left: `${c.x}px`, top: `${c.y}px`, width: `${Math.max(0, c.w - 1)}px`, height: `${Math.max(0, c.h - 1)}px` });
    if (c.w > 38 && c.h > 16) {
      b.append(h('span.name', {}, short(c.node)));
      if (c.h > 34 && extra !== 'group' && c.w > 60) b.append(h('span.count', {}, bytes(c.node.bytes)));
      else if (extra === 'group' && c.w > 130) b.append(h('span.count', {}, bytes(c.node.bytes)));
    }
    return b;
  }

  private pick(node: SizeNode) {
    this.choose(node);
    for (let n: SizeNode | null = node.parent; n; n = n.parent) this.open.add(n);
    this.spread();
    this.list.reveal(this.rows.findIndex(r => r.node === node));
    if (node.children.length) this.go(node);
    else this.draw();
  }

  private choose(node: SizeNode | null) {
    this.chosen = node;
    clear(this.detail);
    if (!node) {
      this.detail.append(h('span.muted', {}, 'Every byte of the file has an owner. Choose a rectangle or a row to see which bytes, and why they are there.'));
      return;
    }
    const r = node.range;
    this.detail.append(h('b', {}, node.name), h('span.muted', {}, `  ${bytes(node.bytes)} bytes`
      + (r && !node.children.length ? ` at offset ${r.offset} (0x${r.offset.toString(16)}) · ${r.kind}${r.package ? ` · ${r.package}` : ''}` : '')));
    const into = h('div.why');
    this.detail.append(into);
    if (r && !node.children.length && this.why && r.kind !== 'padding' && r.kind !== 'headers') this.why(r.name, into);
  }

  /** Chooses a symbol by its name, as another column asks. */
  reveal(name: string): void {
    const find = (n: SizeNode): SizeNode | null => {
      if (!n.children.length) return n.name === name ? n : null;
      for (const c of n.children) {
        const found = find(c);
        if (found) return found;
      }
      return null;
    };
    const n = find(this.tree);
    if (n) {
      this.at = n.parent ?? this.tree;
      this.pick(n);
    }
  }
}

/** A symbol's name without the package that it stands in. */
function short(n: SizeNode): string {
  const prefix = n.range?.package ? `${n.range.package}.` : '';
  return prefix && n.name.startsWith(prefix) && n.name.length > prefix.length ? n.name.slice(prefix.length) : n.name;
}

function color(kind: string): number {
  const k = KINDS.indexOf(kind);
  return k < 0 ? KINDS.length : k;
}

function path(n: SizeNode): string {
  const names: string[] = [];
  for (let p: SizeNode | null = n; p; p = p.parent) names.unshift(p.name);
  return names.slice(1).join(' › ');
}
