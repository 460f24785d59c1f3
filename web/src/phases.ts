// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { clear, duration, h } from './dom';
import type { Phase } from './model';

const GROUPS: [string, string[]][] = [
  ['parse', ['parse']], ['check', ['check']], ['assemble', ['assemble']], ['build SSA', ['build SSA']], ['passes', ['passes']], ['code', ['code']],
];

/** Where the time of the last build went, as a bar. */
export class PhaseBar {
  readonly root = h('div.phases', { role: 'img', 'aria-label': 'not built yet' });

  set(phases: Phase[], running: boolean): void {
    clear(this.root);
    const groups = GROUPS.map(([name, parts]) => ({ name, micros: sum(phases, p => parts.includes(p.name)) }));
    groups.push({ name: 'link', micros: sum(phases, p => !GROUPS.some(([, parts]) => parts.includes(p.name))) });
    const total = groups.reduce((n, g) => n + g.micros, 0);
    const bar = h('div.phasebar');
    groups.forEach((g, i) => {
      if (!g.micros) return;
      const part = h(`i.p${i}`, { title: `${g.name} ${duration(g.micros)}` });
      part.style.flexGrow = String(g.micros);
      bar.append(part);
    });
    const text = groups.filter(g => g.micros).map(g => `${g.name} ${duration(g.micros)}`).join(', ');
    this.root.title = text;
    this.root.setAttribute('aria-label', `Build time: ${text}`);
    this.root.append(bar, h('span.total', {}, running ? 'building…' : duration(total)));
    this.root.classList.toggle('running', running);
  }
}

function sum(phases: Phase[], wanted: (p: Phase) => boolean): number {
  return phases.filter(wanted).reduce((n, p) => n + p.micros, 0);
}
