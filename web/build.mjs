// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the pages and writes them as C++ (web/files.h): node build.mjs OUT.cpp
// Fails where a type is wrong, a message is missing in one language, or a site is too large.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {constants, gzipSync} from 'node:zlib';
import {build} from 'esbuild';

// A folder with main.tsx and index.html each. `base` is where the document finds its code; `budget_bytes` what one
// person may have to load, as gzip, before anything is shown that is fetched only when it is wanted; languages apart,
// since nobody loads two.
const sites = {
  recipient: {base: '/app/', budget_bytes: 25 * 1024},
  staff: {base: 'app/', budget_bytes: 35 * 1024},  // Orthanc may stand below a path
};

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function fail(text) {
  console.error(`build.mjs: ${text}`);
  process.exit(1);
}

function check_types() {
  const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], {stdio: 'inherit'});
  if (tsc.status !== 0) fail('the types are wrong');
}

/** The files that a site's document may load, each with its size and whether everybody loads it. */
async function bundle(site) {
  const {outputFiles, metafile} = await build({
    entryPoints: {[site]: `${site}/main.tsx`, icon: 'common/icon.svg'},
    outdir: '/',
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    charset: 'utf8',
    target: ['chrome109', 'firefox115', 'safari16'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: {'.svg': 'copy'},
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    logLevel: 'warning',
  });
  const output_of = name => metafile.outputs[Object.keys(metafile.outputs).find(key => path.basename(key) === name)];
  const first = new Set();
  const visit = name => {
    if (first.has(name)) return;
    first.add(name);
    for (const {path: other, kind} of output_of(name).imports) if (kind === 'import-statement') visit(path.basename(other));
  };
  for (const {path: name} of outputFiles) {
    const {entryPoint = ''} = output_of(path.basename(name));
    const is_language = entryPoint === `${site}/ja.ts`;
    if (entryPoint === `${site}/main.tsx` || is_language || !name.endsWith('.js')) visit(path.basename(name));
  }
  return outputFiles.map(({path: name, contents}) => {
    const base = path.basename(name);
    return {name: base, contents: Buffer.from(contents), is_first: first.has(base)};
  });
}

/** The document, with the names that its code has now. */
function document_of(site, code) {
  const html = readFileSync(`${site}/index.html`, 'utf8').replace(/\{(\w+)(\.\w+)\}/g, (_, stem, kind) => {
    const found = code.filter(({name}) => name.startsWith(`${stem}-`) && name.endsWith(kind));
    if (found.length !== 1) fail(`${site}/index.html: there are ${found.length} files ${stem}-*${kind}`);
    return sites[site].base + found[0].name;
  });
  return {name: 'index.html', contents: Buffer.from(html)};
}

function pack({name, contents, is_first = true}) {
  const type = types[path.extname(name)] ?? fail(`${name}: of what type?`);
  const sha256 = createHash('sha256').update(contents).digest('hex');
  return {name, type, sha256, contents, is_first, gzip: gzipSync(contents, {level: constants.Z_BEST_COMPRESSION})};
}

const octal = byte => `\\${byte.toString(8).padStart(3, '0')}`;
const escapes = Array.from({length: 256}, (_, byte) =>
  byte < 0x20 || byte > 0x7e || [0x22, 0x3f, 0x5c].includes(byte) ? octal(byte) : String.fromCharCode(byte));

/** A literal of as many bytes, zeros among them. */
function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length || at === 0; at += 100) {
    lines.push(`"${Array.from(bytes.subarray(at, at + 100), byte => escapes[byte]).join('')}"`);
  }
  return `{${lines.join('\n')}, ${bytes.length}}`;
}

const file_literal = ({name, type, sha256, contents, gzip}) =>
  `{"${name}", "${type}", "${sha256}", ${literal(contents)}, ${literal(gzip)}}`;

check_types();
let pages = '';
let code = '';
let declarations = '';
for (const [site, {budget_bytes}] of Object.entries(sites)) {
  const built = await bundle(site);
  const document = pack(document_of(site, built));
  const files = built.map(pack).sort((a, b) => (a.name < b.name ? -1 : 1));
  const sum = parts => parts.reduce((bytes, {gzip}) => bytes + gzip.length, 0);
  const bytes = sum([document, ...files].filter(({is_first}) => is_first));
  console.log(`${site}: ${bytes} of ${budget_bytes} bytes as gzip, ${sum(files) + document.gzip.length} with all that is fetched later`);
  if (bytes > budget_bytes) fail(`${site}: ${bytes} bytes are more than its ${budget_bytes}`);
  declarations += `constexpr File ${site}_page ${file_literal(document)};\n`;
  declarations += `constexpr File ${site}_code[] = {${files.map(file_literal).join(',\n')}};\n`;
  pages += `    case Site::${site}:\n      return ${site}_page;\n`;
  code += `    case Site::${site}:\n      return ${site}_code;\n`;
}
writeFileSync(process.argv[2], `// Made by web/build.mjs.
#include <cstdlib>

#include "web/files.h"

namespace sekisho::web {
namespace {
${declarations}
}  // namespace

const File& page(Site site) {
  switch (site) {
${pages}  }
  std::abort();
}

std::span<const File> code(Site site) {
  switch (site) {
${code}  }
  std::abort();
}

}  // namespace sekisho::web
`);
