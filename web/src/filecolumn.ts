// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { bytes, clear, h, hex, roving } from './dom';
import type { Linked, Section, Segment } from './model';

/** What a place in memory or in the file is about. */
export interface Place { name: string; from: number; to: number }

/** The executable: each segment with its sections, drawn by size; the function that is looked at is marked. */
export class FileColumn {
  readonly root = h('div.scroll.fill.filecolumn');
  private linked: Linked | null = null;
  private place: Place | null = null;

  constructor(private readonly select: (p: Place | null) => void) {
    roving(this.root, '.section');
    this.root.addEventListener('click', e => {
      const t = (e.target as HTMLElement).closest<HTMLElement>('.section');
      const s = this.linked?.sections?.[Number(t?.dataset.n)];
      if (s) this.select(s.address ? { name: s.name, from: s.address, to: s.address + s.size } : null);
    });
  }

  set(linked: Linked): void {
    this.linked = linked;
    this.draw();
  }

  /** Lights what covers an address range. */
  light(place: Place | null): void {
    this.place = place;
    for (const e of this.root.querySelectorAll<HTMLElement>('.section')) {
      const s = this.linked!.sections![Number(e.dataset.n)];
      const hit = !!place && s.address > 0 && place.from < s.address + s.size && place.to > s.address;
      e.classList.toggle('rel', hit);
      e.closest('.segment')?.classList.toggle('lit', !!e.closest('.segment')?.querySelector('.section.rel'));
      const mark = e.querySelector<HTMLElement>('.here');
      if (mark) {
        mark.hidden = !hit || !place || place.to - place.from >= s.size;
        if (!mark.hidden) {
          mark.style.left = `${(100 * (place!.from - s.address)) / s.size}%`;
          mark.style.width = `max(2px, ${(100 * (place!.to - place!.from)) / s.size}%)`;
        }
      }
    }
  }

  private draw() {
    clear(this.root);
    const { sections = [], segments = [], size = 0, entry = 0, buildId } = this.linked ?? {};
    if (!sections.length) return;
    this.root.append(h('div.facts', {}, h('span', {}, `${bytes(size)} bytes`), h('span.muted', {}, `entry ${hex(entry, 6)}`)));
    const loads = segments.filter(s => s.type === 'LOAD');
    const left = new Set(sections.map((_, i) => i));
    for (const g of loads) {
      const inside = sections.map((s, i) => ({ s, i })).filter(({ s }) => s.address >= g.address && s.address < g.address + g.memSize && s.flags.includes('A'));
      inside.forEach(({ i }) => left.delete(i));
      this.root.append(this.segment(`${g.type} ${g.flags}`, `${hex(g.address, 6)} · ${bytes(g.memSize)} bytes in memory, ${bytes(g.fileSize)} in the file`, inside));
    }
    this.root.append(this.segment('Not loaded', 'for linkers and debuggers', sections.map((s, i) => ({ s, i })).filter(({ i }) => left.has(i))));
    const rest = segments.filter(s => s.type !== 'LOAD').map((s: Segment) => `${s.type} ${s.flags}`).join(' · ');
    this.root.append(h('div.facts.muted', {}, rest, buildId ? h('div', {}, `build id ${buildId}`) : null));
    this.light(this.place);
  }

  private segment(title: string, note: string, inside: { s: Section; i: number }[]): HTMLElement {
    const most = Math.max(1, ...inside.map(({ s }) => s.size));
    return h('section.segment', { 'aria-label': title }, h('div.segmenthead', {}, h('b', {}, title), h('span.note', {}, note)),
      ...inside.map(({ s, i }) => {
        const bar = h('span.extent', {}, h('i'), h('span.here', { hidden: true }));
        (bar.firstChild as HTMLElement).style.width = `${Math.max(0.5, (100 * s.size) / most)}%`;
        return h('div.section.row', { 'data-n': i, tabindex: -1, role: 'button', title: `${s.name}\naddress ${hex(s.address, 6)}, offset ${hex(s.offset, 6)}\nalignment ${s.align}${s.inFile ? '' : '\nzeroed memory: no bytes in the file'}` },
          h('span.name', {}, s.name), bar, h('span.bytes', {}, bytes(s.size)), h('span.flags', {}, s.flags));
      }));
  }
}
