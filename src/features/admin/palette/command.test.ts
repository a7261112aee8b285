import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Command, grouped, matching, pastedId } from "./command.ts";

const id = "0123456789abcdef01234567";
const command = (label: string, more: Partial<Command> = {}): Command => ({
  id: label,
  group: "pages",
  icon: "goals",
  label,
  run: () => {},
  ...more,
});

describe("a pasted id", () => {
  test.each([
    [id, id],
    [id.toUpperCase(), id],
    [` ${id}\n`, id],
    [`trigger_exclusive:${id}`, id],
    [`https://console.example/admin/goals/${id}?tab=runs`, id],
    [`viewer:${id}`, id],
  ])("is found in %j", (query, found) => {
    expect(pastedId(query)).toBe(found);
  });

  test.each(["", "ada", id.slice(1), `${id}0`, `a${id}`])("is not seen in %j", (query) => {
    expect(pastedId(query)).toBeNull();
  });
});

describe("the commands of a query", () => {
  test("have all of its words, wherever they are written", () => {
    const commands = [command("Ledger"), command("帳本", { keywords: "ledger" }), command("Goals")];
    expect(matching(commands, "LEDG").map(({ label }) => label)).toEqual(["Ledger", "帳本"]);
    expect(matching(commands, "ledger goals")).toEqual([]);
    expect(matching(commands, "  ")).toHaveLength(3);
  });

  test("are found by how their words begin, not by what is inside of them", () => {
    const commands = [command("Overview"), command("View all"), command("直播場次")];
    expect(matching(commands, "vi").map(({ label }) => label)).toEqual(["View all"]);
    expect(matching(commands, "場次").map(({ label }) => label)).toEqual(["直播場次"]);
  });

  test("may be looked for by anything that can be typed", () => {
    const commands = [command("Overview"), command("An e-mail (a.b)")];
    expect(matching(commands, "e-mail (a.").map(({ label }) => label)).toEqual(["An e-mail (a.b)"]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (query) => {
        expect(() => matching(commands, query)).not.toThrow();
      }),
    );
  });

  test("come in the order of their groups", () => {
    const commands = [command("a", { group: "goals" }), command("b"), command("c")];
    expect(grouped(commands).map((part) => [part.group, part.commands.length])).toEqual([
      ["pages", 2],
      ["goals", 1],
    ]);
  });
});
