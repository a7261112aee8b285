import type { PreviewLine, PreviewPart } from "./preview-types.ts";

type Line<Kind extends PreviewLine["kind"]> = Extract<PreviewLine, { kind: Kind }>;

/** Lines that say the same of several things, as one: the fields of a document, the channels of a push, the tags of a cache. */
export type LineGroup =
  | {
      readonly kind: "database";
      readonly collection: string;
      readonly id: string;
      readonly fields: readonly Line<"database">[];
    }
  | { readonly kind: "money"; readonly line: Line<"money"> }
  | { readonly kind: "push"; readonly event: string; readonly channels: readonly string[] }
  | { readonly kind: "cache"; readonly entries: number; readonly tags: readonly Line<"cache">[] }
  | { readonly kind: "event"; readonly name: string }
  | { readonly kind: "wait"; readonly until: string };

/** In the order in which people ask: money first, then what is kept, then what is said. */
const order: readonly LineGroup["kind"][] = ["money", "wait", "database", "event", "push", "cache"];

const keyOf = (line: PreviewLine): string => {
  switch (line.kind) {
    case "database":
      return `database ${line.collection} ${line.id}`;
    case "push":
      return `push ${line.event}`;
    case "cache":
      return "cache";
    case "money":
    case "event":
    case "wait":
      return JSON.stringify(line);
  }
};

/** Puts together what belongs together, money first. */
export function groupLines(lines: readonly PreviewLine[]): LineGroup[] {
  const together = Map.groupBy(lines, keyOf);
  return [...together.values()]
    .flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [groupOf(first, own)];
    })
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function groupOf(first: PreviewLine, own: readonly PreviewLine[]): LineGroup {
  switch (first.kind) {
    case "database": {
      const fields = own.filter((line) => line.kind === "database");
      return { kind: "database", collection: first.collection, id: first.id, fields };
    }
    case "money":
      return { kind: "money", line: first };
    case "push": {
      const channels = own.filter((line) => line.kind === "push").map(({ channel }) => channel);
      return { kind: "push", event: first.event, channels };
    }
    case "cache": {
      const tags = own.filter((line) => line.kind === "cache");
      return { kind: "cache", entries: tags.reduce((sum, { entries }) => sum + entries, 0), tags };
    }
    case "event":
    case "wait":
      return first;
  }
}

/** What an action comes to altogether. `money` is by currency, in whole minor units. */
export interface Totals {
  readonly money: ReadonlyMap<string, number>;
  readonly fields: number;
  readonly pushes: number;
  readonly caches: number;
}

/** Counts what would change, over all parts: what somebody wants to know before reading on. */
export function totalsOf(parts: readonly PreviewPart[]): Totals {
  const money = new Map<string, number>();
  const lines = parts.flatMap(({ changes }) => changes);
  for (const line of lines) {
    if (line.kind === "money") money.set(line.currency, (money.get(line.currency) ?? 0) + line.amount);
  }
  return {
    money,
    fields: lines.filter(({ kind }) => kind === "database").length,
    pushes: lines.filter(({ kind }) => kind === "push").length,
    caches: lines.reduce((sum, line) => sum + (line.kind === "cache" ? line.entries : 0), 0),
  };
}

/** A cache that holds nothing is not changed by being dropped. */
const isChange = (line: PreviewLine): boolean => line.kind !== "cache" || line.entries > 0;

/** Sending an event is how the rest comes about: said last, where the rest is said as well. */
const isSendingOnly = ({ changes }: PreviewPart): boolean => changes.every(({ kind }) => kind === "event");

/** The parts that would change something, and those that would not. */
export function partsByEffect(parts: readonly PreviewPart[]): {
  readonly active: readonly PreviewPart[];
  readonly idle: readonly PreviewPart[];
} {
  return {
    active: parts
      .filter(({ changes }) => changes.some(isChange))
      .toSorted((a, b) => Number(isSendingOnly(a)) - Number(isSendingOnly(b))),
    idle: parts.filter(({ changes }) => !changes.some(isChange)),
  };
}
