// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Column } from './columns';
import { bytes, h } from './dom';
import type { Functions } from './model';
import { VirtualList } from './vlist';

/** All functions of the program: those of the user's packages first, or the largest first; found by parts of their names. */
export class FunctionsColumn {
  readonly input: HTMLInputElement;
  private readonly list: VirtualList;
  private functions: Functions | null = null;
  private packages: string[] = [];
  private order: number[] = [];
  private shown: number[] = [];
  private bySize = false;
  private current = '';

  constructor(private readonly column: Column, private readonly pick: (name: string) => void) {
    this.input = h('input.find', { type: 'search', placeholder: 'Find a function  ( / )', 'aria-label': 'Find a function', spellcheck: 'false' });
    this.input.addEventListener('input', () => this.filter());
    this.input.addEventListener('keydown', e => {
      if (e.key === 'Enter' && this.shown.length) this.choose(0);
      else if (e.key === 'ArrowDown') this.list.root.focus();
      else if (e.key === 'Escape') {
        this.input.value = '';
        this.filter();
      } else return;
      e.preventDefault();
    });
    const sort = h('button.tool.small', { type: 'button', 'aria-pressed': 'false', title: 'Largest first', onclick: () => {
      this.bySize = !this.bySize;
      sort.setAttribute('aria-pressed', String(this.bySize));
      this.sort();
    } }, 'size');
    column.tools.append(sort);
    this.list = new VirtualList({ label: 'Functions', rowHeight: 22, render: (row, i) => this.row(row, i), pick: i => this.choose(i) });
    this.list.root.id = 'functions';
    column.body.append(h('div.bar', {}, this.input), this.list.root);
  }

  /** @param packages the user's */
  set(functions: Functions, packages: string[]): void {
    this.functions = functions;
    this.packages = packages;
    this.sort();
  }

  setCurrent(name: string): void {
    this.current = name;
    this.list.refresh();
    const at = this.shown.findIndex(i => this.functions!.names[i] === name);
    if (at >= 0) this.list.reveal(at);
  }

  private sort() {
    const f = this.functions;
    if (!f) return;
    const own = (i: number) => (f.names[i].startsWith('main.') ? 0 : this.packages.includes(f.packages[i]) ? 1 : 2);
    this.order = f.names.map((_, i) => i).filter(i => f.kinds[i] !== 'folded');
    this.order.sort((a, b) => (this.bySize ? f.sizes[b] - f.sizes[a] : own(a) - own(b)) || (f.names[a] < f.names[b] ? -1 : 1));
    this.filter();
  }

  private filter() {
    const f = this.functions;
    if (!f) return;
    const words = this.input.value.toLowerCase().split(/\s+/).filter(w => w);
    this.shown = words.length ? this.order.filter(i => words.every(w => f.names[i].toLowerCase().includes(w))) : this.order;
    this.column.setNote(words.length ? `${bytes(this.shown.length)} of ${bytes(this.order.length)}` : bytes(this.order.length));
    this.list.setCount(this.shown.length);
  }

  private row(row: HTMLElement, i: number) {
    const f = this.functions!;
    const n = this.shown[i];
    row.classList.toggle('sel', f.names[n] === this.current);
    row.title = `${f.names[n]}\n${f.files[n]}${f.lines[n] ? `:${f.lines[n]}` : ''}`;
    row.append(h('span.text', {}, short(f.names[n])), h('span.line', {}, bytes(f.sizes[n])));
  }

  private choose(i: number) {
    const n = this.shown[i];
    if (n !== undefined) this.pick(this.functions!.names[n]);
  }
}

/** Without the folders of the package's path: the last part tells more in a narrow column. */
function short(name: string): string {
  const end = name.search(/[.([]/);
  const slash = name.lastIndexOf('/', end < 0 ? name.length : end);
  return name.slice(slash + 1);
}
