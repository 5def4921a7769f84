// Bundles a page of web/ into one script and one style sheet, the chart library with its licence included:
// node build/web-page.mjs PAGE OUTPUT-FOLDER. The builds of the projects that carry the pages run it (build/WebPage.targets).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [page, out] = process.argv.slice(2), root = fileURLToPath(new URL('..', import.meta.url)), source = join(root, 'web', page);
const uplot = join(createRequire(import.meta.url).resolve('uplot'), '..', '..');
const licence = `/*! The charts are drawn by uPlot ${JSON.parse(readFileSync(join(uplot, 'package.json'))).version}, whose licence is:\n${readFileSync(join(uplot, 'LICENSE'), 'utf8').replaceAll('\r', '').trim()} */`;

await build({
  entryPoints: { [`${page}-page`]: join(source, 'main.js'), [`${page}-style`]: join(source, 'style.css') },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2023', 'chrome120', 'firefox120', 'safari17'],
  charset: 'utf8',
  legalComments: 'none',
  banner: { js: licence },
  // Charts have as many pixels as the page says, not as the screen has: they are printed too.
  define: { devicePixelRatio: 'chartPixelRatio' },
  nodePaths: [join(root, 'node_modules')],
  logLevel: 'warning',
});
