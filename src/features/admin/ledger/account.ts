/** An account of the ledger, by its name. */
export type Account =
  | { readonly kind: "viewer" | "streamer"; readonly id: string }
  | { readonly kind: "escrow"; readonly escrowId: string }
  /** None that the project writes; shown as it stands. */
  | { readonly kind: "other" };

/** Reads an account's name: `viewer:<id>`, `streamer:<id>` or `escrow:<escrow_id>`. */
export function readAccount(name: string): Account {
  const [, kind, rest] = /^(viewer|streamer|escrow):(.+)$/.exec(name) ?? [];
  if (rest === undefined) return { kind: "other" };
  if (kind === "escrow") return { kind, escrowId: rest };
  return kind === "viewer" || kind === "streamer" ? { kind, id: rest } : { kind: "other" };
}

/** The goal whose escrow this is; null for an escrow of another kind. */
export const goalOfEscrow = (escrowId: string): string | null =>
  /^trigger_exclusive:([0-9a-f]{24})$/.exec(escrowId)?.[1] ?? null;

/** Which transfers are asked for by what somebody wrote: an account's, or an escrow's by its id or its goal's. */
export function readSearch(text: string): { readonly account: string } | { readonly escrow: string } | null {
  const wanted = text.trim();
  if (wanted === "") return null;
  if (/^[0-9a-f]{24}$/i.test(wanted)) return { escrow: `trigger_exclusive:${wanted.toLowerCase()}` };
  const account = readAccount(wanted);
  if (account.kind === "escrow") return { escrow: account.escrowId };
  return account.kind === "other" ? { escrow: wanted } : { account: wanted };
}

/** The page that shows the transfers of an account. */
export function transfersHref(name: string): string {
  const account = readAccount(name);
  const [filter, value] =
    account.kind === "escrow" ? (["escrow", account.escrowId] as const) : (["account", name] as const);
  return `/admin/ledger?view=transfers&${filter}=${encodeURIComponent(value)}`;
}
