/** One cell: null is an empty one. */
export type Cell = string | number | null;

/** What is exported: the file's name, its columns, and its rows, batch by batch as the reader asks for them. */
interface CsvExport {
  readonly file: string;
  readonly columns: readonly string[];
  readonly batches: AsyncGenerator<readonly (readonly Cell[])[], void>;
}

/** More rows than this no export has; its last line says so where there would have been more. */
const mostRows = 100_000;

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;

function field(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line (RFC 4180). Text that a spreadsheet would run as a formula is kept from it by a leading apostrophe. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(field).join(",")}\r\n`;

/** The file, piece by piece. */
async function* textOf(
  { columns, batches }: CsvExport,
  first: IteratorResult<readonly (readonly Cell[])[], void>,
  most: number,
): AsyncGenerator<string, void> {
  let left = most;
  try {
    yield `\uFEFF${csvLine(columns)}`;
    for (let batch = first; batch.done !== true; batch = await batches.next()) {
      const rows = batch.value.slice(0, left);
      left -= rows.length;
      if (rows.length > 0) yield rows.map(csvLine).join("");
      if (rows.length < batch.value.length) {
        const note = `Cut off after ${most} rows: there are more.`;
        yield csvLine(columns.map((_, place) => (place === 0 ? note : null)));
        return;
      }
    }
  } finally {
    await batches.return();
  }
}

/**
 * Answers with a file of comma-separated values, UTF-8 with its byte order mark, as spreadsheets want it. Batches are
 * read as the reader takes them, and no longer once it has gone away. The first batch is read before the answer begins,
 * so that what fails at once is still answered as a problem; what fails later breaks the file off, visibly.
 */
export async function csvResponse(what: CsvExport, most: number = mostRows): Promise<Response> {
  const text = textOf(what, await what.batches.next(), most);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await text.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      // A file that nobody has begun to read has its batches to let go of all the same.
      cancel: async () => {
        await text.return();
        await what.batches.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${what.file}"`,
      "cache-control": "no-store",
    },
  });
}
