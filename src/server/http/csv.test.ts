import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cell, csvLine, csvResponse } from "./csv.ts";

/** Reads one line back, as RFC 4180 says. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/gy;
  for (const [, quoted, plain, end] of line.matchAll(pattern)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") break;
  }
  return cells;
}

/** Batches that count how many were read, and notice when nobody wants more. */
function counted(batches: number, rows: number) {
  const seen = { read: 0, stopped: false };
  async function* generate(): AsyncGenerator<Cell[][], void> {
    try {
      for (let batch = 0; batch < batches; batch++) {
        seen.read++;
        yield await Promise.resolve(Array.from({ length: rows }, (_, row) => [batch * rows + row, "x"]));
      }
    } finally {
      seen.stopped = true;
    }
  }
  return { seen, batches: generate() };
}
const columns = ["n", "text"];

test("whatever a cell holds is read back as it was, unless a spreadsheet would run it", () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\r\n", "=1+1", "@x", '李四, "王"', "-1"));
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
      const guarded = cells.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
      expect(cellsOf(csvLine(cells))).toEqual(guarded);
    }),
  );
});

test("numbers and empty cells are written plainly", () => {
  expect(csvLine([1, -2, null, ""])).toBe("1,-2,,\r\n");
});

test("a file begins with the byte order mark and its columns, and is an attachment", async () => {
  const response = await csvResponse({ file: "x.csv", columns, batches: counted(1, 2).batches });
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="x.csv"');
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(bytes)).toBe("n,text\r\n0,x\r\n1,x\r\n");
});

test("rows are read as the reader takes them, and no longer once it has gone away", async () => {
  const { seen, batches } = counted(1_000, 10);
  const reader = (await csvResponse({ file: "x.csv", columns, batches })).body?.getReader();
  await reader?.read();
  await reader?.read();
  expect(seen.read).toBeLessThan(6);
  await reader?.cancel();
  expect(seen).toEqual({ read: seen.read, stopped: true });
  expect(seen.read).toBeLessThan(6);
});

test("a file that is cut off says so in its last line, and one that just fits does not", async () => {
  const cut = counted(5, 10);
  const lines = (
    await (await csvResponse({ file: "x.csv", columns, batches: cut.batches }, 25)).text()
  ).split("\r\n");
  expect(lines).toHaveLength(1 + 25 + 1 + 1);
  expect(lines.at(-2)).toBe("Cut off after 25 rows: there are more.,");
  expect(cut.seen.stopped).toBe(true);
  const whole = await (
    await csvResponse({ file: "x.csv", columns, batches: counted(5, 5).batches }, 25)
  ).text();
  expect(whole.split("\r\n")).toHaveLength(1 + 25 + 1);
});

test("what fails before the first row is thrown, and what fails later breaks the file off", async () => {
  async function* failing(after: number): AsyncGenerator<Cell[][], void> {
    for (let batch = 0; batch < after; batch++) yield await Promise.resolve([[batch, "x"]]);
    throw new Error("the database is away");
  }
  await expect(csvResponse({ file: "x.csv", columns, batches: failing(0) })).rejects.toThrow("away");
  const response = await csvResponse({ file: "x.csv", columns, batches: failing(2) });
  await expect(response.text()).rejects.toThrow("away");
});
