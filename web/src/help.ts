// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h } from './dom';

/** A dialog with the keys that a page knows; Escape closes it. */
export class Help {
  private readonly dialog: HTMLDialogElement;

  constructor(title: string, keys: [string, string][]) {
    const rows = keys.map(([k, what]) => h('tr', {}, h('td', {}, ...k.split(' ').map(x => h('kbd', {}, x))), h('td', {}, what)));
    this.dialog = h('dialog.help', { 'aria-label': 'Keys' },
      h('h2', {}, title), h('table', {}, h('tbody', {}, ...rows)),
      h('form', { method: 'dialog' }, h('button.tool', {}, 'Close')));
    document.body.append(this.dialog);
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  button(): HTMLButtonElement {
    return h('button.tool', { type: 'button', 'aria-label': 'Keys', title: 'Keys (?)', onclick: () => this.show() }, '?');
  }
}
