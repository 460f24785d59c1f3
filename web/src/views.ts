// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Entry of the pages that show one view: the facts are in the element "facts".
import { h } from './dom';
import { embedded, type SizeFacts, type SsaFacts } from './facts';
import { sizePage } from './sizepage';
import { ssaPage } from './ssapage';

const facts = embedded<SsaFacts | SizeFacts>('facts');
if (facts?.view === 'ssa') ssaPage(facts);
else if (facts?.view === 'size') sizePage(facts);
else document.body.append(h('p.empty', {}, 'This page holds no facts that it can draw.'));
