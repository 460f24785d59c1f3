// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h } from './dom';

export interface ColumnOptions {
  id: string;
  title: string;
  /** Beside the title, smaller. */
  note?: string;
  width: number;
  collapsed?: boolean;
  /** Called when the column opens for the first time; later openings keep what is there. */
  fill?: (body: HTMLElement, column: Column) => void;
}

/** One column: a head with its title and tools, a body that scrolls; closed it is a narrow strip. */
export class Column {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  readonly tools: HTMLElement;
  private readonly note: HTMLElement;
  private readonly stripNote: HTMLElement;
  private filled = false;
  private readonly opened: (() => void)[] = [];

  constructor(readonly options: ColumnOptions) {
    const label = `column-${options.id}`;
    this.note = h('span.note', {}, options.note ?? '');
    this.stripNote = h('span.note', {}, options.note ?? '');
    this.tools = h('span.tools');
    this.body = h('div.body', { id: `${label}-body` });
    const close = h('button.fold', { type: 'button', 'aria-label': `Close ${options.title}`, title: 'Close (c)', onclick: () => this.open(false) }, '‹');
    const strip = h('button.strip', { type: 'button', 'aria-label': `Open ${options.title}`, onclick: () => this.open(true) },
      h('span', {}, options.title), this.stripNote);
    this.root = h('section.column', { id: label, 'aria-label': options.title },
      h('header', {}, h('h2', {}, options.title), this.note, this.tools, close), this.body, strip, this.separator());
    this.root.style.flexBasis = `${options.width}px`;
    this.root.style.flexGrow = String(options.width);
    this.open(!options.collapsed);
  }

  get isOpen(): boolean {
    return !this.root.classList.contains('closed');
  }

  open(on: boolean): void {
    this.root.classList.toggle('closed', !on);
    if (on && !this.filled) {
      this.filled = true;
      this.options.fill?.(this.body, this);
    }
    if (on) for (const f of this.opened) f();
  }

  onOpen(f: () => void): void {
    this.opened.push(f);
  }

  setNote(text: string): void {
    this.note.textContent = text;
    this.stripNote.textContent = text;
  }

  /** The border at the right: dragged, or moved by the arrow keys. */
  private separator(): HTMLElement {
    const s = h('div.separator', { role: 'separator', 'aria-orientation': 'vertical', 'aria-label': `Width of ${this.options.title}`, tabindex: 0 });
    const set = (w: number) => {
      this.root.style.flexGrow = '0';
      this.root.style.flexBasis = `${Math.max(140, w)}px`;
    };
    s.addEventListener('pointerdown', e => {
      const from = e.clientX;
      const width = this.root.offsetWidth;
      s.setPointerCapture(e.pointerId);
      const move = (m: PointerEvent) => set(width + m.clientX - from);
      s.addEventListener('pointermove', move);
      s.addEventListener('pointerup', () => s.removeEventListener('pointermove', move), { once: true });
      e.preventDefault();
    });
    s.addEventListener('keydown', e => {
      if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
      set(this.root.offsetWidth + (e.key === 'ArrowLeft' ? -24 : 24));
      e.preventDefault();
      e.stopPropagation();
    });
    return s;
  }

  focus(): void {
    this.open(true);
    const target = this.body.querySelector<HTMLElement>('[tabindex="0"], .cm-content, button, input') ?? this.body;
    target.focus();
    this.root.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }
}

/** A row of columns. */
export class Columns {
  readonly root = h('main.columns');
  readonly list: Column[] = [];

  add(options: ColumnOptions): Column {
    const c = new Column(options);
    this.list.push(c);
    this.root.append(c.root);
    return c;
  }

  /** Those that are there, open or closed. */
  shown(): Column[] {
    return this.list.filter(c => !c.root.hidden);
  }

  /** The column that holds the focus. */
  focused(): Column | undefined {
    return this.list.find(c => c.root.contains(document.activeElement));
  }

  /** Keys for all columns: digits go to one, c closes the one with the focus, brackets go to the neighbours. */
  key(e: KeyboardEvent): boolean {
    const digit = /^Digit([1-9])$/.exec(e.code);
    if (digit && !e.shiftKey) {
      this.shown()[Number(digit[1]) - 1]?.focus();
      return true;
    }
    const at = this.focused();
    if (e.key === 'c' && at) {
      at.open(false);
      at.root.querySelector<HTMLElement>('.strip')?.focus();
      return true;
    }
    if (e.key === '[' || e.key === ']') {
      const open = this.shown().filter(c => c.isOpen);
      const i = at ? open.indexOf(at) : e.key === ']' ? -1 : open.length;
      open[i + (e.key === ']' ? 1 : -1)]?.focus();
      return true;
    }
    return false;
  }
}
