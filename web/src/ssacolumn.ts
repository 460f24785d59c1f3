// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Column } from './columns';
import { clear, duration, h } from './dom';
import { graphView } from './graph';
import type { FuncIndex, Ref, Relatives } from './links';
import { light, passView } from './passview';

/** The function's SSA after one pass; a strip of all passes, one stop of the Tab key, shows which changed how much. */
export class SsaColumn {
  private index: FuncIndex | null = null;
  private at = 0;
  /** Name of the pass that is shown, so that it stays from build to build. */
  private wanted = '';
  private graph = false;
  private rel: Relatives | null = null;
  private readonly strip = h('div.passes', { role: 'group', 'aria-label': 'Passes' });
  private readonly box = h('div.scroll.fill');
  private readonly button: HTMLButtonElement;

  constructor(private readonly column: Column, private readonly select: (r: Ref) => void) {
    this.button = h('button.tool.small', { type: 'button', 'aria-pressed': 'false', title: 'Control-flow graph (g)', onclick: () => this.showGraph(!this.graph) }, 'graph');
    column.tools.append(this.button);
    this.strip.addEventListener('keydown', e => {
      if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
      this.step(e.key === 'ArrowRight' ? 1 : -1);
      e.preventDefault();
    });
    column.body.append(this.strip, this.box);
    column.onOpen(() => this.draw());
  }

  set(index: FuncIndex | null): void {
    this.index = index;
    const passes = index?.facts.passes ?? [];
    const found = passes.findIndex(p => p.name === this.wanted);
    this.at = found >= 0 ? found : passes.length - 1;
    this.drawStrip();
    this.draw();
  }

  /** Goes `by` passes on. */
  step(by: number): void {
    const n = this.index?.facts.passes.length ?? 0;
    if (n) this.go(Math.max(0, Math.min(n - 1, this.at + by)));
  }

  showGraph(on = !this.graph): void {
    this.graph = on;
    this.button.setAttribute('aria-pressed', String(on));
    this.draw();
  }

  /** Shows the pass of that name. */
  pass(name: string): void {
    const i = this.index?.facts.passes.findIndex(p => p.name === name) ?? -1;
    if (i >= 0) this.go(i);
  }

  light(rel: Relatives, scroll: boolean): void {
    this.rel = rel;
    if (this.column.isOpen) light(this.box, rel, scroll);
  }

  private go(i: number) {
    this.at = i;
    this.wanted = this.index!.facts.passes[i].name;
    const focused = this.strip.contains(document.activeElement);
    this.drawStrip();
    if (focused) this.strip.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    this.draw();
  }

  private drawStrip() {
    clear(this.strip);
    const passes = this.index?.facts.passes ?? [];
    const most = Math.max(1, ...passes.slice(1).map(p => p.changed.length + (p.removed?.length ?? 0)));
    passes.forEach((p, i) => {
      const n = i ? p.changed.length + (p.removed?.length ?? 0) : 0;
      const bar = h('i');
      bar.style.height = `${n ? Math.max(3, Math.round((18 * n) / most)) : 1}px`;
      this.strip.append(h('button', {
        type: 'button', 'aria-pressed': String(i === this.at), tabindex: i === this.at ? 0 : -1, title: `${p.name}: ${i ? `${p.changed.length} changed, ${p.removed?.length ?? 0} gone, ${duration(p.micros)}` : 'what the front end made'}`,
        'aria-label': p.name, onclick: () => this.go(i),
      }, bar));
    });
    const p = passes[this.at];
    if (p) this.strip.append(h('span.passname', {}, p.name));
    this.column.setNote(p ? `${this.at + 1}/${passes.length}` : '');
  }

  private draw() {
    if (!this.column.isOpen) return;
    const top = this.box.scrollTop;
    clear(this.box);
    const index = this.index;
    if (!index) return;
    const pass = index.facts.passes[this.at];
    if (!pass) {
      this.box.append(h('p.empty', {}, 'This function was assembled, not compiled: it has no SSA.'));
      return;
    }
    this.box.append(this.graph ? graphView(index.blocks[this.at], new Set(pass.changed), this.select) : passView(index, this.at, this.select));
    this.box.scrollTop = top;
    if (this.rel) light(this.box, this.rel, false);
  }
}
