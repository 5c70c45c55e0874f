// Bundles every *.test.ts below frontend/ and gives the bundles to Node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const SOURCE = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), "mat-xanh-frontend-"));
try {
  const names = await readdir(SOURCE, { recursive: true });
  const tests = names.filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    entryPoints: tests.map((name) => join(SOURCE, name)),
    outdir: out, outbase: SOURCE, outExtension: { ".js": ".mjs" },
    bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "warning",
  });
  const bundles = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--test", ...bundles], { stdio: "inherit", cwd: SOURCE });
  process.exitCode = run.status ?? 1;
} finally {
  await rm(out, { recursive: true });
}
