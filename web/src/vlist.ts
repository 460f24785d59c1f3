// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { clear, h } from './dom';

export interface VirtualOptions {
  label: string;
  rowHeight: number;
  /** Fills one row. */
  render: (row: HTMLElement, index: number) => void;
  /** A row was clicked, or Enter was pressed on it. */
  pick: (index: number, e: Event) => void;
  /** Left and right arrows on a row (trees). */
  side?: (index: number, right: boolean) => void;
}

/** A list of any length of which only the rows in view exist; one tab stop, arrows move within. */
export class VirtualList {
  readonly root: HTMLElement;
  private readonly space: HTMLElement;
  private count = 0;
  private active = 0;
  private from = -1;
  private to = -1;

  constructor(private readonly options: VirtualOptions) {
    this.space = h('div.vspace');
    this.root = h('div.vlist.scroll', { role: 'listbox', tabindex: 0, 'aria-label': options.label }, this.space);
    this.root.addEventListener('scroll', () => this.draw());
    this.root.addEventListener('keydown', e => this.key(e));
    this.root.addEventListener('click', e => {
      const row = (e.target as HTMLElement).closest<HTMLElement>('.row');
      if (!row) return;
      this.active = Number(row.dataset.n);
      this.options.pick(this.active, e);
      this.refresh();
    });
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  setCount(n: number): void {
    this.count = n;
    this.active = Math.min(this.active, Math.max(0, n - 1));
    this.space.style.height = `${n * this.options.rowHeight}px`;
    this.refresh();
  }

  /** Draws the rows in view anew. */
  refresh(): void {
    this.from = this.to = -1;
    this.draw();
  }

  /** Makes a row the one that the keys start from, and brings it into view. */
  reveal(index: number, middle = true): void {
    if (index < 0 || index >= this.count) return;
    this.active = index;
    const top = index * this.options.rowHeight;
    const height = this.root.clientHeight;
    if (top < this.root.scrollTop || top + this.options.rowHeight > this.root.scrollTop + height) {
      this.root.scrollTop = middle ? top - height / 3 : top < this.root.scrollTop ? top : top + this.options.rowHeight - height;
    }
    this.refresh();
  }

  private draw() {
    const { rowHeight } = this.options;
    const from = Math.max(0, Math.floor(this.root.scrollTop / rowHeight) - 8);
    const to = Math.min(this.count, Math.ceil((this.root.scrollTop + this.root.clientHeight) / rowHeight) + 8);
    if (from === this.from && to === this.to) return;
    this.from = from;
    this.to = to;
    clear(this.space);
    for (let i = from; i < to; i++) {
      const row = h('div.row', { role: 'option', 'data-n': i, id: `${this.root.id || 'v'}-${i}`, 'aria-selected': String(i === this.active) });
      row.style.top = `${i * rowHeight}px`;
      row.style.height = `${rowHeight}px`;
      if (i === this.active) row.classList.add('active');
      this.options.render(row, i);
      this.space.append(row);
    }
    this.root.setAttribute('aria-activedescendant', `${this.root.id || 'v'}-${this.active}`);
  }

  private key(e: KeyboardEvent) {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.options.rowHeight) - 1);
    const move: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.count, End: this.count };
    if (e.key in move) this.reveal(Math.max(0, Math.min(this.count - 1, this.active + move[e.key])), false);
    else if (e.key === 'Enter' || e.key === ' ') this.options.pick(this.active, e);
    else if ((e.key === 'ArrowLeft' || e.key === 'ArrowRight') && this.options.side) this.options.side(this.active, e.key === 'ArrowRight');
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}
