// Builds everything under static/dist and static/vendor, and refuses what the pages must never
// carry: a style sheet over its byte budget, or an asset that asks another host.
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = join(ROOT, "frontend");
const STATIC = join(ROOT, "static");
const DIST = join(STATIC, "dist");
const VENDOR = join(STATIC, "vendor");
// The oldest browser seen on the cheap phones of the communes.
const TARGET = ["chrome80"];

const STYLES = ["public", "staff"];
const SCRIPTS = [
  "map", "report_form", "follow", "pin_map", "desk", "compare", "pair_map", "bulk", "page_actions", "receipt", "notices",
  "stop_notices", "alerts", "spoken_help", "outbox", "outbox_page", "field_tasks", "minutes", "sw", "redact", "record",
];
const IMAGES = ["icons.svg", "logo.svg", "icon-192.png", "icon-512.png", "icon-maskable.png"];
const PUBLIC_CSS_LIMIT = 20 * 1024;
// Addresses that are only names (XML namespaces) or the text of a link nobody is shown.
const HARMLESS = [/^https?:\/\/www\.w3\.org\//, /^https:\/\/leafletjs\.com$/];

// What Chrome 80 lacks; esbuild lowers the language, but neither names nor properties. What only makes
// a page lighter where it is known (content-visibility) may stay.
const TOO_NEW_CALLS = new RegExp(
  "\\.(?:replaceChildren|replaceAll|at|findLast|findLastIndex|hasOwn|toSorted|toReversed|toSpliced"
    + "|randomUUID|groupBy|any|checkVisibility|showPicker|showPopover)\\("
    + "|\\b(?:structuredClone|reportError|scheduler)\\(|\\bnew (?:WeakRef|AggregateError)\\b"
    + "|\\bAbortSignal\\.(?:timeout|any)\\b", "g",
);
const TOO_NEW_STYLES = /:(?:is|where|has)\(|[;{](?:inset[a-z-]*|aspect-ratio):|@(?:layer|container)\b|\d(?:dvh|svh|lvh)\b|color-mix\(/g;

function refuseTooNew(name, text) {
  const found = text.match(name.endsWith(".css") ? TOO_NEW_STYLES : TOO_NEW_CALLS) ?? [];
  if (name.endsWith(".css")) {
    // A gap is older in a grid than in a flex box.
    for (const [, selector, rule] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (/(?:^|;)(?:row-|column-)?gap:/.test(rule) && !/grid|columns/.test(rule)) found.push(`gap in ${selector}`);
    }
  }
  if (found.length > 0) throw new Error(`${name} uses what ${TARGET} lacks: ${found.join(", ")}`);
}

const hashOf = (data) => createHash("sha256").update(data).digest("hex").slice(0, 10);

function refuseForeignHosts(name, text) {
  const found = text.match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)<>\\]*/gi) ?? [];
  const foreign = found.filter((url) => !HARMLESS.some((known) => known.test(url)));
  if (foreign.length > 0) throw new Error(`${name} names another host: ${foreign.join(", ")}`);
  if (/sourceMappingURL/.test(text)) throw new Error(`${name} names a source map`);
}

async function writeHashed(logical, data) {
  refuseForeignHosts(logical, data.toString());
  if (/\.(?:css|js)$/.test(logical)) refuseTooNew(logical, data.toString());
  const dot = logical.lastIndexOf(".");
  const file = join(DIST, `${logical.slice(0, dot)}-${hashOf(data)}${logical.slice(dot)}`);
  await writeFile(file, data);
  return [logical, relative(STATIC, file)];
}

async function minifyCss(text) {
  const small = await esbuild.transform(text, {
    loader: "css", minify: true, target: TARGET, legalComments: "none",
  });
  return small.code;
}

async function buildStyle(name) {
  const compiled = sass.compile(join(SOURCE, "styles", `${name}.scss`), {
    loadPaths: [join(ROOT, "node_modules")],
    quietDeps: true,
    // Bootstrap 5 is written for the older Sass module rules.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const small = await minifyCss(compiled.css);
  const zipped = gzipSync(small).length;
  if (name === "public" && zipped > PUBLIC_CSS_LIMIT) {
    throw new Error(`public.css takes ${zipped} bytes compressed, over ${PUBLIC_CSS_LIMIT}`);
  }
  return writeHashed(`${name}.css`, Buffer.from(small));
}

async function buildScript(name) {
  const built = await esbuild.build({
    entryPoints: [join(SOURCE, `${name}.ts`)],
    bundle: true, write: false, minify: true, format: "iife", target: TARGET,
    charset: "utf8", legalComments: "none", logLevel: "warning",
  });
  return writeHashed(`${name}.js`, Buffer.from(built.outputFiles[0].contents));
}

// Leaflet finds its pictures beside its style sheet under their own names, so the hash is the
// name of the folder.
async function copyLeaflet() {
  const from = join(ROOT, "node_modules", "leaflet", "dist");
  const script = (await readFile(join(from, "leaflet.js"), "utf8"))
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  const style = await minifyCss(await readFile(join(from, "leaflet.css"), "utf8"));
  refuseForeignHosts("leaflet.js", script);
  refuseForeignHosts("leaflet.css", style);
  const folder = join(VENDOR, "leaflet", hashOf(script + style));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "leaflet.js"), script);
  await writeFile(join(folder, "leaflet.css"), style);
  await cp(join(from, "images"), join(folder, "images"), { recursive: true });
  await cp(join(ROOT, "node_modules", "leaflet", "LICENSE"), join(folder, "LICENSE"));
  return ["leaflet.js", "leaflet.css"].map((name) => [name, relative(STATIC, join(folder, name))]);
}

// Beside every file lie its compressed forms, so that a phone gets few bytes from any server.
async function compress(manifest) {
  for (const [logical, path] of Object.entries(manifest)) {
    const file = join(STATIC, path);
    const data = await readFile(file);
    const zipped = gzipSync(data, { level: 9 });
    const small = brotliCompressSync(data, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
    });
    await Promise.all([writeFile(`${file}.gz`, zipped), writeFile(`${file}.br`, small)]);
    const columns = [data, zipped, small].map(({ length }) => String(length).padStart(7));
    console.log(`${logical.padEnd(18)} ${columns[0]} B ${columns[1]} B gzip ${columns[2]} B brotli`);
  }
}

// A server that runs during a build keeps reading the old files: the manifest is replaced last and
// in one step, and the files it no longer names go after it.
async function removeUnnamed(folder, manifest) {
  const named = new Set(Object.values(manifest).map((path) => join(STATIC, path)));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const whole = path.replace(/\.(?:gz|br)$/, "");
    const inUse = [...named].some((file) => file === whole || file.startsWith(`${path}/`));
    if (!inUse && basename(path) !== "manifest.json") await rm(path, { recursive: true });
  }
}

async function build() {
  await mkdir(DIST, { recursive: true });
  const entries = await Promise.all([
    ...STYLES.map(buildStyle),
    ...SCRIPTS.map(buildScript),
    ...IMAGES.map(async (name) => writeHashed(name, await readFile(join(STATIC, "img", name)))),
  ]);
  entries.push(...(await copyLeaflet()));
  const manifest = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  const fresh = join(DIST, "manifest.json.new");
  await writeFile(fresh, `${JSON.stringify(manifest, null, 2)}\n`);
  await compress(manifest);
  await rename(fresh, join(DIST, "manifest.json"));
  await removeUnnamed(DIST, manifest);
  await removeUnnamed(join(VENDOR, "leaflet"), manifest);
}

await build();
