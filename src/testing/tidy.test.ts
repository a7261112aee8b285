import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";

/** The files of the project, as git knows them: the tree is part of the design, and is tested like the rest. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
const sourceOf = (file: string) => readFileSync(file, "utf8");
const importsOf = (file: string) =>
  [...sourceOf(file).matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, path]) => path ?? "");

/** A file's own path from an import of ours; packages stay as they are. */
const resolved = (file: string, path: string) =>
  path.startsWith("#")
    ? path.slice(1)
    : path.startsWith(".")
      ? new URL(path, `file:///${file}`).pathname.slice(1)
      : `npm:${path}`;

const importers = (folder: string) =>
  files.filter((file) => file.startsWith(folder) && !file.includes(".test."));
const violations = (folder: string, allowed: (path: string) => boolean) =>
  importers(folder).flatMap((file) =>
    importsOf(file)
      .map((path) => resolved(file, path))
      .filter((path) => /^(src|inngest|prisma|e2e)\//.test(path) && !allowed(path))
      .map((path) => `${file} imports ${path}`),
  );

test("every receiver is a file of its own, named like the receiver", () => {
  const receivers = files
    .filter((file) => /^inngest\/goal-ended\/[a-z-]+\.ts$/.test(file))
    .map((file) => basename(file, ".ts").replaceAll("-", "_"))
    .filter((name) => name !== "receiver");
  expect(receivers.toSorted()).toEqual([...receiverIds].toSorted());
});

test("the environment is read in one place", () => {
  const readers = files.filter(
    (file) => /process\.env/.test(sourceOf(file)) && !file.includes(".test.") && file !== "src/config/env.ts",
  );
  expect(readers).toEqual([]);
});

test("what crosses processes imports nothing of ours", () => {
  expect(violations("src/contract/", (path) => path.startsWith("src/contract/"))).toEqual([]);
});

test("decisions import only what crosses processes, and each other", () => {
  expect(violations("src/domain/", (path) => /^src\/(contract|domain)\//.test(path))).toEqual([]);
});

test("the stand-ins import nothing of the app", () => {
  const own = (path: string) => path.startsWith("src/standins/") || path.startsWith("src/launcher/");
  expect(violations("src/standins/", own)).toEqual([]);
});

test("nothing but the launcher imports the stand-ins", () => {
  const strangers = files.filter(
    (file) =>
      !/^src\/(standins|launcher)\//.test(file) &&
      importsOf(file).some((path) => resolved(file, path).startsWith("src/standins/")),
  );
  expect(strangers).toEqual([]);
});

test("only the data folder speaks to Prisma", () => {
  const speakers = files.filter((file) =>
    importsOf(file).some((path) => path.startsWith("@prisma/orm-mongo")),
  );
  expect(speakers.filter((file) => !/^(src\/server\/data|prisma|src\/standins\/mongo)\//.test(file))).toEqual(
    [],
  );
});

test("pages know the server by its types alone", () => {
  const typesOnly = /^import (?:type |\{ (?:type \w+(?:, )?)+ \})/;
  const takers = importers("src/features/").filter((file) =>
    (sourceOf(file).match(/^import [^;]+;/gm) ?? []).some(
      (statement) => /"#src\/server\//.test(statement) && !typesOnly.test(statement),
    ),
  );
  expect(takers).toEqual([]);
});

test("no file is longer than 250 lines, unless it says why", () => {
  const long = files.filter((file) => {
    const source = sourceOf(file);
    return source.split("\n").length > 251 && !source.includes("Longer than 250 lines because");
  });
  expect(long).toEqual([]);
});
