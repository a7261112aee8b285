import { expect, test } from "vitest";
import { problems } from "#src/contract/problems.ts";
import { receiverStatuses } from "#src/contract/receivers.ts";
import { roles } from "#src/contract/roles.ts";
import { consoleTexts as consoleEn } from "./messages/console/en.ts";
import { consoleTexts as consoleZhHant } from "./messages/console/zh-Hant.ts";
import baseEn from "./messages/en.json" with { type: "json" };
import baseZhHant from "./messages/zh-Hant.json" with { type: "json" };

const en = { ...baseEn, ...consoleEn };
const zhHant = { ...baseZhHant, ...consoleZhHant };

interface Texts {
  readonly [name: string]: string | Texts;
}

/** Every text by its path, with the names of what is filled into it. */
function fillings(texts: Texts, path = ""): [path: string, names: string[]][] {
  return Object.entries(texts).flatMap(([name, value]) => {
    if (typeof value !== "string") return fillings(value, `${path}${name}.`);
    const names = [...value.matchAll(/\{\s*(\w+)\s*[,}]/g)].map((match) => match[1] ?? "");
    return [[`${path}${name}`, [...new Set(names)].toSorted()]];
  });
}

test("both languages have the same texts, filled with the same names", () => {
  expect(Object.fromEntries(fillings(zhHant))).toEqual(Object.fromEntries(fillings(en)));
});

test("no text is empty", () => {
  const all = (texts: Texts): string[] =>
    Object.values(texts).flatMap((value) => (typeof value === "string" ? value : all(value)));
  for (const text of [...all(en), ...all(zhHant)]) expect(text.trim()).not.toBe("");
});

test("every problem code, role and receiver status has words", () => {
  for (const code of Object.keys(problems)) expect(en.problems).toHaveProperty(code);
  for (const role of roles) expect(en.roles).toHaveProperty(role);
  for (const status of receiverStatuses) expect(en.console_goal).toHaveProperty(`run_${status}`);
});
