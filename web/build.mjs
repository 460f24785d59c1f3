// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node build.mjs: bundles the pages' code into the toolchain's resources. With --compare: fails unless what is there is the same, byte for byte.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../toolchain/src/main/resources/mica/explore');

/** The licence texts of all packages whose files went into a bundle, as one comment. */
function licences(inputs) {
  const folders = new Set();
  for (const file of inputs) {
    const m = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (m) folders.add(m[1]);
  }
  const texts = new Map();
  for (const name of [...folders].sort()) {
    const dir = join(here, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    const file = readdirSync(dir).find(f => /^licen[cs]e/i.test(f));
    const text = file ? readFileSync(join(dir, file), 'utf8').trim() : '';
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  const parts = [...texts].map(([text, names]) => `${names.join(', ')}\n\n${text}`);
  return parts.length ? `/*! This bundle contains:\n\n${parts.join('\n\n----\n\n').replaceAll('*/', '* /')}\n*/\n` : '';
}

const result = await build({
  absWorkingDir: here,
  entryPoints: { views: 'src/views.ts', explorer: 'src/explorer.ts', style: 'src/style.css' },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  write: false,
});

let different = 0;
for (const file of result.outputFiles) {
  const name = file.path.slice(out.length + 1);
  const meta = Object.entries(result.metafile.outputs).find(([path]) => path.endsWith('/' + name))[1];
  // U+2028 and U+2029 end lines in old parsers of scripts; no bundle has a reason for them.
  const text = (name.endsWith('.js') ? licences(Object.keys(meta.inputs)) : '')
    + file.text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  const target = join(out, name);
  if (process.argv.includes('--compare')) {
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
      console.error(`web: ${name} is not what its sources give: run "npm ci && npm run build" in web and commit the result`);
      different++;
    }
  } else {
    mkdirSync(out, { recursive: true });
    writeFileSync(target, text);
    console.log(`${name}: ${(Buffer.byteLength(text) / 1024).toFixed(0)} KB`);
  }
}
process.exit(different ? 1 : 0);
