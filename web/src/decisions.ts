// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h } from './dom';
import type { Decision } from './model';

/** A few words for the end of a line, and whether they are good news. */
interface Chip { text: string; good: boolean }

/** What a line's decisions come to, the worst first. What inlined code or the runtime does is left to the details. */
export function chips(list: Decision[]): Chip[] {
  const out = new Map<string, boolean>();
  for (const d of list) {
    const own = !d.inlined && !d.what.startsWith('runtime.');
    if (d.kind === 'allocation' && !d.inlined) out.set(`${d.what} ${arrow(d)}`, d.good || d.result !== 'heap');
    else if (d.kind === 'call' && own) out.set(d.good ? `inlines ${last(d.what)}` : `calls ${last(d.what)}`, d.good);
    else if (d.kind === 'interface call' && own) out.set(d.good ? `calls ${last(d.what)} directly` : `${last(d.what)} by the interface`, d.good);
    else if (d.kind === 'bounds check' && !d.inlined) out.set(d.good ? 'bounds check removed' : 'bounds check', d.good);
    else if (d.kind === 'nil check' && !d.inlined && !d.good) out.set('nil check', false);
    else if (d.kind === 'inlinable' && d.good) out.set('can be inlined', true);
  }
  return [...out].map(([text, good]) => ({ text, good })).sort((a, b) => Number(a.good) - Number(b.good));
}

function arrow(d: Decision): string {
  return d.result === 'heap' || d.result === 'stack' ? `→ ${d.result}` : `is ${d.result}`;
}

function last(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** All of them with their reasons. */
export function details(list: Decision[]): HTMLElement {
  const rows = list.map(d => h('div.decision', {}, h(d.good ? 'span.good' : 'span.bad', { 'aria-label': d.good ? 'good' : 'not' }, d.good ? '✓' : '–'),
    h('span.what', {}, h('b', {}, d.what || d.kind), ` ${d.result}`, d.reason ? h('span.muted', {}, `: ${d.reason}`) : null,
      d.inlined ? h('span.muted', {}, ' (in inlined code)') : null,
      ...d.steps.map(s => h('div.muted.step', {}, s)))));
  return h('div.note-details', { role: 'note' }, ...rows);
}
