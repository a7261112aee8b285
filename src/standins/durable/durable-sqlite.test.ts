import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DurableSqlite } from "./durable-sqlite.ts";

let folder: string;
const opened: DurableSqlite[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-"));
});
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  rmSync(folder, { recursive: true });
});

const settings = "CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY AUTOINCREMENT, value);";
const pathOf = (name: string) => join(folder, `${name}.sqlite`);
const journalOf = (name: string) => `${pathOf(name)}-journaled`;

function open(name = "live", more = ""): DurableSqlite {
  const sqlite = new DurableSqlite(pathOf(name), {
    settings: settings + more,
    lockPatience_ms: 0,
    returnsArrays: true,
  });
  opened.push(sqlite);
  return sqlite;
}

/** The files as a process that is killed now leaves them behind. */
function crash(into: string): void {
  for (const suffix of ["", "-wal", "-journaled"]) {
    if (existsSync(pathOf("live") + suffix)) copyFileSync(pathOf("live") + suffix, pathOf(into) + suffix);
  }
}

const add = (sqlite: DurableSqlite, value: string | number | bigint | Uint8Array | null): number =>
  sqlite.prepare("INSERT INTO items (value) VALUES (?)").run(value).lastInsertRowid;
const values = (sqlite: DurableSqlite): unknown[] =>
  sqlite
    .prepare("SELECT value FROM items ORDER BY id")
    .all()
    .map((row) => (Array.isArray(row) ? row[0] : row));

const fail = (): never => {
  throw new Error("no");
};

test("what a transaction wrote is there after a crash, with values of every type, and numbers go on", () => {
  const live = open();
  live.transaction(() => {
    for (const value of ["text ü", 1.5, 7, 2n ** 40n, null, Uint8Array.of(0, 255)]) add(live, value);
  });
  live.execute("CREATE TABLE made (name TEXT)");
  live.prepare("INSERT INTO made VALUES (?)").run("there");
  crash("dead");
  const again = open("dead");
  expect(values(again)).toEqual(["text ü", 1.5, 7, 2 ** 40, null, Uint8Array.of(0, 255)]);
  expect(again.prepare("SELECT name FROM made").all()).toEqual([["there"]]);
  expect(add(again, "next")).toBe(add(live, "next"));
});

test("what was rolled back, in whole or in part, is not there after a crash", () => {
  const live = open();
  expect(() =>
    live.transaction(() => {
      add(live, "undone");
      fail();
    }),
  ).toThrow("no");
  live.transaction(() => {
    add(live, "before");
    expect(() =>
      live.transaction(() => {
        live.prepare("UPDATE items SET value = 'undone'").run();
        add(live, "undone");
        fail();
      }),
    ).toThrow("no");
    live.prepare("UPDATE items SET value = value || '!'").run();
  });
  expect(values(live)).toEqual(["before!"]);
  crash("dead");
  expect(values(open("dead"))).toEqual(["before!"]);
});

test("a crash between the commit and the journal's end brings nothing twice", () => {
  const live = open();
  add(live, "once");
  const journal = readFileSync(journalOf("live"));
  live.close();
  opened.length = 0;
  crash("dead");
  writeFileSync(journalOf("dead"), journal);
  const again = open("dead");
  expect(values(again)).toEqual(["once"]);
});

test("a record that was half written is as if it never was, and those before it are whole", () => {
  const live = open();
  add(live, "first");
  const whole = readFileSync(journalOf("live")).length;
  add(live, "second");
  const both = readFileSync(journalOf("live")).length;
  for (let length = 0; length < both; length++) {
    crash(`dead${length}`);
    truncateSync(journalOf(`dead${length}`), length);
    const expected = length < whole ? [] : ["first"];
    expect(values(open(`dead${length}`))).toEqual(expected);
  }
});

test("a crash, a restart and a crash lose nothing", () => {
  const live = open();
  add(live, 1);
  crash("second");
  const second = open("second");
  add(second, 2);
  for (const suffix of ["", "-wal", "-journaled"])
    copyFileSync(pathOf("second") + suffix, pathOf("third") + suffix);
  expect(values(open("third"))).toEqual([1, 2]);
});

test("what SQLite itself rolls back for want of room is refused, and what was there before stays", () => {
  const live = open("live", " PRAGMA max_page_count = 40;");
  add(live, "kept");
  const large = () =>
    live.transaction(() => Array.from({ length: 60 }, () => add(live, new Uint8Array(4000))));
  expect(large).toThrow("full");
  expect(values(live)).toEqual(["kept"]);
  add(live, "and more");
  expect(values(live)).toEqual(["kept", "and more"]);
  crash("dead");
  expect(values(open("dead"))).toEqual(["kept", "and more"]);
});

test("a transaction that SQLite has ended by itself is refused, and what was there before comes back", () => {
  const live = open();
  add(live, "kept");
  const broken = () =>
    live.transaction(() => {
      add(live, "undone");
      live.prepare("ROLLBACK").get();
      add(live, "never written");
    });
  expect(broken).toThrow("rolled back");
  expect(values(live)).toEqual(["kept"]);
  crash("dead");
  expect(values(open("dead"))).toEqual(["kept"]);
});

test("much at once is committed on the way, and is all there after a crash", () => {
  const live = open();
  for (let count = 0; count < 200; count++) add(live, new Uint8Array(50_000));
  expect(readFileSync(journalOf("live")).length).toBeLessThan(5_000_000);
  crash("dead");
  expect(values(open("dead"))).toHaveLength(200);
});

describe("a transaction that is too large for the journal", () => {
  const large = (sqlite: DurableSqlite) => {
    for (let count = 0; count < 10; count++) add(sqlite, new Uint8Array(50_000));
  };

  test("is all there after a crash, with what came before it and after it, and is not written twice", () => {
    const live = open();
    add(live, "before");
    live.transaction(() => large(live));
    expect(readFileSync(journalOf("live")).length).toBeLessThan(1_000);
    add(live, "after");
    crash("dead");
    const [first, ...rest] = values(open("dead"));
    expect([first, rest.length, rest.at(-1)]).toEqual(["before", 11, "after"]);
  });

  test("is as if it never was when it fails, and nothing else is lost", () => {
    const live = open();
    add(live, "before");
    const failed = () =>
      live.transaction(() => {
        large(live);
        fail();
      });
    expect(failed).toThrow("no");
    add(live, "after");
    expect(values(live)).toEqual(["before", "after"]);
    crash("dead");
    expect(values(open("dead"))).toEqual(["before", "after"]);
  });

  test("keeps what it does around a large part that fails", () => {
    const live = open();
    live.transaction(() => {
      add(live, "before");
      const part = () =>
        live.transaction(() => {
          large(live);
          fail();
        });
      expect(part).toThrow("no");
      add(live, "after");
    });
    crash("dead");
    expect(values(open("dead"))).toEqual(["before", "after"]);
  });

  test("that a crash overtakes before it is over leaves what came before", () => {
    const live = open();
    add(live, "before");
    live.transaction(() => {
      large(live);
      crash("dead");
    });
    expect(values(open("dead"))).toEqual(["before"]);
  });
});

test("a second process is refused the file", () => {
  open();
  expect(() => open()).toThrow("locked");
});
