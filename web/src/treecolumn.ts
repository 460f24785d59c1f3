// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h } from './dom';
import type { Ref, Relatives } from './links';
import type { ProgramFile, TreeNode } from './model';
import { VirtualList } from './vlist';

interface Row { node: TreeNode; depth: number }

/** Nodes at this depth and below begin closed in large files. */
const MANY = 4000;

/** The syntax tree of the file in the editor. */
export class TreeColumn {
  readonly list: VirtualList;
  private path = '';
  private root: TreeNode | null = null;
  private rows: Row[] = [];
  private closed = new Set<TreeNode>();
  private rel: Relatives | null = null;

  constructor(private readonly select: (r: Ref, line: number) => void) {
    this.list = new VirtualList({
      label: 'Syntax tree', rowHeight: 20, render: (row, i) => this.render(row, i), pick: (i, e) => this.pick(i, e),
      side: (i, right) => this.toggle(this.rows[i].node, right),
    });
    this.list.root.id = 'tree';
  }

  set(file: ProgramFile): void {
    this.path = file.path;
    this.root = file.tree;
    this.closed = new Set();
    let count = 0;
    const walk = (n: TreeNode, depth: number) => {
      count++;
      if (depth === 1 && n.kind === 'Import') this.closed.add(n);
      for (const c of n.children ?? []) walk(c, depth + 1);
    };
    walk(file.tree, 0);
    if (count > MANY) for (const c of file.tree.children ?? []) this.closed.add(c);
    this.spread();
  }

  light(rel: Relatives, scroll: boolean): void {
    this.rel = rel;
    this.list.refresh();
    if (!scroll) return;
    const at = this.rows.findIndex(r => this.related(r.node) === 2);
    const line = at >= 0 ? at : this.rows.findIndex(r => this.related(r.node) === 1);
    if (line >= 0) this.list.reveal(line);
  }

  /** 2: values come from exactly there; 1: it is on a related line. */
  private related(n: TreeNode): number {
    if (!this.rel || !n.line) return 0;
    const line = `${this.path}:${n.line}`;
    const at = `${line}:${n.col}`;
    if (this.rel.ref?.kind === 'node') return this.rel.ref.at === at ? 2 : this.rel.ref.below.includes(at) ? 1 : 0;
    if (this.rel.ref?.kind === 'line') return this.rel.lines.has(line) ? 1 : 0;
    return this.rel.positions.has(at) ? 2 : 0;
  }

  private spread() {
    this.rows = [];
    const walk = (n: TreeNode, depth: number) => {
      this.rows.push({ node: n, depth });
      if (!this.closed.has(n)) for (const c of n.children ?? []) walk(c, depth + 1);
    };
    if (this.root) walk(this.root, 0);
    this.list.setCount(this.rows.length);
  }

  private render(row: HTMLElement, i: number) {
    const { node, depth } = this.rows[i];
    const rel = this.related(node);
    row.classList.toggle('rel', rel > 0);
    row.classList.toggle('strong', rel === 2);
    row.style.paddingLeft = `${8 + depth * 12}px`;
    row.title = [node.text, node.type && `type ${node.type}`, node.value && `value ${node.value}`].filter(t => t).join('\n');
    row.append(h('span.twist', {}, node.children ? (this.closed.has(node) ? '▸' : '▾') : ''), h('span.op', {}, node.kind),
      h('span.text', {}, node.text ? ` ${node.text}` : ''));
    if (node.type && node.type !== node.text) row.append(h('span.type', {}, node.type));
    if (node.line) row.append(h('span.line', {}, String(node.line)));
  }

  private toggle(n: TreeNode, open: boolean) {
    if (open) this.closed.delete(n);
    else this.closed.add(n);
    this.spread();
  }

  private pick(i: number, e: globalThis.Event) {
    const { node } = this.rows[i];
    if ((e.target as HTMLElement).closest('.twist')) {
      this.toggle(node, this.closed.has(node));
      return;
    }
    if (!node.line) return;
    const below: string[] = [];
    const walk = (n: TreeNode) => {
      if (n.line) below.push(`${this.path}:${n.line}:${n.col}`);
      n.children?.forEach(walk);
    };
    walk(node);
    this.select({ kind: 'node', at: `${this.path}:${node.line}:${node.col}`, below }, node.line);
  }
}
