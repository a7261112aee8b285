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

  test("come in the order of their groups", () => {
    const commands = [command("a", { group: "goals" }), command("b"), command("c")];
    expect(grouped(commands).map((part) => [part.group, part.commands.length])).toEqual([
      ["pages", 2],
      ["goals", 1],
    ]);
  });
});
