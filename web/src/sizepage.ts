// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { bytes, h, typing } from './dom';
import type { SizeFacts } from './facts';
import { Help } from './help';
import { SizeView } from './sizeview';
import { themeButton } from './theme';

/** A whole page: where the bytes of a file went. */
export function sizePage(facts: SizeFacts): void {
  document.title = `${facts.file ?? 'file'} – size`;
  const view = new SizeView(facts, (symbol, into) => into.append(h('code', {}, `mica why ${facts.file ?? 'EXE'} '${symbol}'`)));
  const help = new Help('Keys', [['↑ ↓', 'move in the list, or in the treemap'], ['← →', 'close and open a row'], ['Enter', 'show in the treemap; go into a rectangle'], ['t', 'colours'], ['?', 'this list']]);
  const theme = themeButton();
  document.body.append(h('header.top', {}, h('h1', {}, h('span.brand', {}, 'mica'), ' size ', h('code', {}, facts.file ?? '')),
    h('span.note', {}, `${bytes(facts.size)} bytes`), h('span.spacer'), theme, help.button()), view.root);
  document.addEventListener('keydown', e => {
    if (document.querySelector('dialog[open]') || typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '?') help.show();
    else if (e.key === 't') theme.click();
    else return;
    e.preventDefault();
  });
}
