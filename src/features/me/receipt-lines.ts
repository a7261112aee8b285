/** One line of a receipt: what it is, and what it says. */
export type ReceiptLine = readonly [name: string, value: string];

/** A part of a receipt under its own heading. */
export interface ReceiptPart {
  readonly heading: string;
  readonly lines: readonly ReceiptLine[];
}

/** A receipt as plain text, for a message or a note: each part under its heading, a line for each fact. */
export function receiptText(title: string, parts: readonly ReceiptPart[], ending: string): string {
  const blocks = parts.map(({ heading, lines }) =>
    [heading, ...lines.map(([name, value]) => `${name}: ${value}`)].join("\n"),
  );
  return [title, ...blocks, ending].join("\n\n");
}
