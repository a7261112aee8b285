import { z } from "zod";
import { auditActions, auditStatuses } from "#src/contract/console.ts";
import { isoTime, objectIdHex } from "#src/contract/ids.ts";

const parts = {
  actor: objectIdHex,
  action: z.enum(auditActions),
  status: z.enum(auditStatuses),
  target: z.string().regex(/^((goal|user|bulk):[0-9a-f]{24}|ledger)$/),
  from: isoTime,
  to: isoTime,
};
const filterSchema = z.object(parts).partial();

/** Which entries of the audit log: the same in the page's address, in the list and in the export. */
export type AuditFilter = z.output<typeof filterSchema>;
export type AuditFilterPart = keyof AuditFilter;

export const auditFilterParts = Object.keys(parts) as AuditFilterPart[];

/** Reads a filter from an address. What means nothing here is left out and named: more is shown than was meant. */
export function readAuditFilter(query: { get: (name: string) => string | null }): {
  readonly filter: AuditFilter;
  readonly dropped: readonly AuditFilterPart[];
} {
  const told = auditFilterParts.flatMap((name) => {
    const text = query.get(name);
    return text === null || text === "" ? [] : [[name, text] as const];
  });
  const dropped = told.flatMap(([name, text]) => (parts[name].safeParse(text).success ? [] : [name]));
  const kept = told.filter(([name]) => !dropped.includes(name));
  return { filter: filterSchema.parse(Object.fromEntries(kept)), dropped };
}

/** A target as people write it: a goal's bare id is a goal. Null where it is none. */
export function readTarget(text: string): string | null {
  const written = text.trim().toLowerCase();
  const target = objectIdHex.safeParse(written).success ? `goal:${written}` : written;
  return parts.target.safeParse(target).success ? target : null;
}

/** The query of an address with this filter. */
export const auditQuery = (filter: AuditFilter): string => {
  const query = new URLSearchParams();
  for (const name of auditFilterParts) {
    const value = filter[name];
    if (value !== undefined) query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
};
