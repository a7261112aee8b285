import { expect, test } from "vitest";
import { chooseLocale } from "./locales.ts";

test("the language that a reader has chosen wins over the browser's", () => {
  expect(chooseLocale("zh-Hant", "en-US,en;q=0.9")).toBe("zh-Hant");
  expect(chooseLocale("en", "zh-TW")).toBe("en");
});

test.each([
  ["zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"],
  ["en;q=0.5, zh-Hant-HK;q=0.8", "zh-Hant"],
  ["fr-FR,fr;q=0.9,en;q=0.4,zh;q=0.2", "en"],
  ["zh;q=0,en", "en"],
  ["fr", "en"],
  ["", "en"],
  [null, "en"],
])("a browser that asks for %j gets %s", (header, locale) => {
  expect(chooseLocale(undefined, header)).toBe(locale);
});

test("a cookie with a language that there is not counts for nothing", () => {
  expect(chooseLocale("tlh", "zh-TW")).toBe("zh-Hant");
});
