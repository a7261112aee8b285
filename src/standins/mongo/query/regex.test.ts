import { describe, expect, test } from "vitest";
import { compileRegex } from "./regex.ts";

describe("a regular expression means what it means to MongoDB", () => {
  const cases: [string, string, string[], string[]][] = [
    ["^ab$", "", ["ab", "ab\n"], ["xab", "ab\n\n", "ab\nx"]],
    ["^b$", "m", ["a\nb\nc"], ["a\rb"]],
    ["a.b", "", ["a\rb", "a\u2028b", "a\u{1F600}b"], ["a\nb"]],
    ["a.b", "s", ["a\nb"], []],
    ["AB", "i", ["ab"], []],
    ["(?i)AB", "", ["ab"], []],
    ["a b # comment\n c", "x", ["abc"], ["a bc"]],
    ["a\\-b\\_c\\/\\@", "", ["a-b_c/@"], []],
    ["[[:alpha:]]+[^[:digit:]]$", "", ["ab", "a-"], ["a1"]],
    ["[]a]", "", ["]", "a"], ["b"]],
    ["\\Aa\\z", "", ["a"], ["a\n"]],
    ["a\\.b\\+c", "", ["a.b+c"], ["axb+c"]],
    ["^\\s$", "", [" ", "\t"], ["\u00A0"]],
    ["^\\w{2,3}\\d?$", "", ["ab1"], ["é1"]],
    ["(a)\\1", "", ["aa"], ["ab"]],
    ["ada@example\\.com", "i", ["ADA@example.com"], ["ada@exampleXcom"]],
  ];
  test.each(cases)("/%s/%s", (pattern, options, matching, others) => {
    const regex = compileRegex(pattern, options);
    expect(matching.filter((text) => !regex.test(text))).toEqual([]);
    expect(others.filter((text) => regex.test(text))).toEqual([]);
  });

  test.each([["("], ["[a"], ["a\\"], ["*"], ["\\Qa\\E"], ["[[:nope:]]"]])("/%s/ is refused", (pattern) => {
    expect(() => compileRegex(pattern, "")).toThrow("Regular expression is invalid");
  });
});
