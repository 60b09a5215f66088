// Bundles scripts and style sheets, makes the icon sprite, and writes dist/manifest.json (logical name -> hashed file).
import { build, context } from 'esbuild';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { minify } from 'terser';

const OUT = 'dist';
const PUBLIC = '/static/build/';
const ICONS = 'node_modules/@tabler/icons/icons/outline';
const watching = process.argv.includes('--watch');
const target = ['chrome109', 'safari15.4', 'firefox115'];

process.chdir(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
fs.mkdirSync(OUT, { recursive: true });

const hash = text => crypto.createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
const read = file => fs.readFileSync(file, 'utf8');

function symbol(name) {
  const file = `${ICONS}/${name}.svg`;
  if (!fs.existsSync(file)) throw new Error(`icons.txt names "${name}", which is not a Tabler outline icon`);
  const inner = read(file)
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '')
    .replace(/\s*\n\s*/g, '')
    .replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', '');
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"` +
    ` stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`
  );
}

function sprite() {
  const names = read('icons.txt').split(/\s+/).filter(Boolean);
  const body = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join('')}</svg>`;
  const file = `icons-${hash(body)}.svg`;
  fs.writeFileSync(`${OUT}/${file}`, body);
  return file;
}

/** Built last: the service worker knows the console's files, and its version changes when any of them does. */
async function worker(manifest, outputs) {
  const fonts = Object.keys(outputs)
    .filter(file => file.endsWith('.woff2'))
    .map(file => path.basename(file));
  const files = ['console.js', 'console.css', 'icons.svg']
    .map(name => manifest[name])
    .concat(fonts)
    .map(file => PUBLIC + file);
  const version = hash(files.join() + read('src/sw.js'));
  await build({
    entryPoints: ['src/sw.js'],
    outfile: `${OUT}/sw.js`,
    bundle: true,
    minify: !watching,
    format: 'iife',
    target,
    define: { __FILES__: JSON.stringify(files), __VERSION__: JSON.stringify(version) },
  });
  manifest['sw.js'] = 'sw.js';
}

/** What esbuild has made small becomes smaller by three in a hundred: a branch's tablet loads it over any line. */
async function squeeze(outputs) {
  for (const file of Object.keys(outputs).filter(name => name.endsWith('.js'))) {
    const { code } = await minify(read(file), { module: true, ecma: 2020, compress: { passes: 3 } });
    fs.writeFileSync(file, code);
  }
}

/** Copies for a web server that sends pre-compressed files; prints what a visitor downloads. */
function compress() {
  for (const file of fs.readdirSync(OUT).sort()) {
    if (!/\.(js|css|svg)$/.test(file)) continue;
    const body = fs.readFileSync(`${OUT}/${file}`);
    const packed = zlib.gzipSync(body, { level: 9 });
    fs.writeFileSync(`${OUT}/${file}.gz`, packed);
    if (!watching)
      console.log(file.padEnd(28), String(body.length).padStart(8), 'gzip', String(packed.length).padStart(7));
  }
}

/** Older builds' files go only now, so a running server never misses one it has just named. */
function sweep(kept) {
  for (const file of fs.readdirSync(OUT)) {
    if (!kept.has(file.replace(/\.gz$/, ''))) fs.rmSync(`${OUT}/${file}`);
  }
}

async function finish(meta, icons) {
  const manifest = { 'icons.svg': icons };
  for (const [file, output] of Object.entries(meta.outputs)) {
    if (!output.entryPoint) continue;
    manifest[path.basename(output.entryPoint).replace(/\.jsx$/, '.js')] = path.basename(file);
  }
  if (!watching) await squeeze(meta.outputs);
  await worker(manifest, meta.outputs);
  // Other people's pages name it, so its address never changes.
  fs.copyFileSync(`${OUT}/${manifest['widget.js']}`, `${OUT}/widget.js`);
  fs.copyFileSync('node_modules/@fontsource-variable/inter/LICENSE', `${OUT}/inter-LICENSE.txt`);
  fs.writeFileSync(`${OUT}/manifest.json.new`, JSON.stringify(manifest, null, 1) + '\n');
  fs.renameSync(`${OUT}/manifest.json.new`, `${OUT}/manifest.json`); // readers never see half a file
  const outputs = Object.keys(meta.outputs).map(file => path.basename(file));
  sweep(new Set([...outputs, ...Object.values(manifest), 'manifest.json', 'widget.js', 'inter-LICENSE.txt']));
  compress();
}

/** What JSX becomes is put into every script; those without any need no Preact. */
const unused = {
  name: 'unused',
  setup: b =>
    b.onResolve({ filter: /^preact$/ }, async ({ path, ...asked }) =>
      asked.pluginData ? undefined : { ...(await b.resolve(path, { ...asked, pluginData: true })), sideEffects: false },
    ),
};

const icons = sprite();
const options = {
  entryPoints: ['src/console/console.jsx', 'src/hq.js', 'src/widget.js', 'src/embed.js', 'src/css/console.css', 'src/css/booking.css', 'src/css/hq.css'],
  outdir: OUT,
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  metafile: true,
  bundle: true,
  format: 'esm',
  target,
  minify: !watching,
  sourcemap: watching ? 'inline' : false,
  legalComments: 'none',
  jsxFactory: 'h', // a call with its children as arguments packs smaller than the automatic one
  jsxFragment: 'Fragment',
  inject: ['src/console/jsx.js'],
  loader: { '.woff2': 'file' },
  define: { __ICONS__: JSON.stringify(PUBLIC + icons) },
  plugins: [unused],
};

if (watching) {
  const manifest = {
    name: 'manifest',
    setup: b => b.onEnd(r => (r.errors.length ? undefined : finish(r.metafile, icons))),
  };
  await (await context({ ...options, plugins: [unused, manifest] })).watch();
} else {
  await finish((await build(options)).metafile, icons);
}
