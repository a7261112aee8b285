import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inputsHash } from "./build.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "goalkeeper-build-"));
  await mkdir(join(root, "src/app"), { recursive: true });
  await writeFile(join(root, "src/app/page.tsx"), "page");
  await writeFile(join(root, "package-lock.json"), "{}");
});
afterEach(() => rm(root, { recursive: true, force: true }));

test.each([
  "src/app/page.tsx",
  "src/app/new.tsx",
  "inngest/index.ts",
  "package-lock.json",
  "next.config.js",
  "messages/en.json",
])("a change of %s asks for a new build", async (path) => {
  const before = await inputsHash(root);
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), "changed");
  expect(await inputsHash(root)).not.toBe(before);
});

test.each([
  "src/app/page.test.tsx",
  "README.md",
  "src/launcher/start.ts",
  "src/standins/main.ts",
  "docs/x.md",
  "e2e/x.spec.ts",
])("a change of %s keeps the build", async (path) => {
  const before = await inputsHash(root);
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), "changed");
  expect(await inputsHash(root)).toBe(before);
});

test("a file that moves asks for a new build", async () => {
  const before = await inputsHash(root);
  await rm(join(root, "src/app/page.tsx"));
  await writeFile(join(root, "src/app/other.tsx"), "page");
  expect(await inputsHash(root)).not.toBe(before);
});
