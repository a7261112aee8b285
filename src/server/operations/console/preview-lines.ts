import type { ReceiverId } from "#src/contract/receivers.ts";
import { hintTargets } from "#src/contract/channels.ts";
import { countViews } from "../../data/view-cache.ts";
import type { Services } from "../../services.ts";

/** One thing that an action would change; or, among `unchanged`, leaves as it is. */
export type PreviewLine =
  | {
      readonly kind: "database";
      readonly collection: string;
      readonly id: string;
      readonly field: string;
      readonly before: unknown;
      readonly after: unknown;
    }
  | {
      readonly kind: "money";
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly currency: string;
    }
  | { readonly kind: "push"; readonly channel: string; readonly event: string }
  /** How many cached answers of this tag are kept right now. */
  | { readonly kind: "cache"; readonly tag: string; readonly entries: number }
  | { readonly kind: "event"; readonly name: string }
  | { readonly kind: "wait"; readonly until: string };

/** Why something stays as it is, or why an action is not to be had. */
export type PreviewNote =
  | "already_done"
  | "not_its_business"
  | "not_refundable"
  | "held_back"
  | "not_held_back"
  | "mixed_holds"
  | "outside_window"
  | "goal_still_active"
  | "goal_not_active"
  | "session_gone"
  | "sleeps_first";

export interface Unchanged {
  readonly line: PreviewLine | null;
  readonly note: PreviewNote;
}

export interface PreviewPart {
  /** Whose effect: a receiver's, or the action's own. */
  readonly receiver: ReceiverId | null;
  readonly changes: readonly PreviewLine[];
  readonly unchanged: readonly Unchanged[];
}

/** Values as JSON has them: ids hex, times ISO 8601; what is absent is null. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** A field of a document, and what it would be. */
export const field = (
  collection: string,
  id: string,
  name: string,
  before: unknown,
  after: unknown,
): PreviewLine => ({
  kind: "database",
  collection,
  id,
  field: name,
  before: plain(before),
  after: plain(after),
});

/** What would change of some fields, and which of them have that value already. */
export function fields(
  collection: string,
  id: string,
  compared: readonly (readonly [name: string, before: unknown, after: unknown])[],
): Pick<PreviewPart, "changes" | "unchanged"> {
  const lines = compared.map(([name, before, after]) => ({
    line: field(collection, id, name, before, after),
    same: JSON.stringify(plain(before)) === JSON.stringify(plain(after)),
  }));
  return {
    changes: lines.filter(({ same }) => !same).map(({ line }) => line),
    unchanged: lines.filter(({ same }) => same).map(({ line }) => ({ line, note: "already_done" })),
  };
}

/** An event on several live channels. */
export const pushes = (event: string, channels: readonly string[]): PreviewLine[] =>
  channels.map((channel) => ({ kind: "push", channel, event }));

/** A hint to the viewer and the streamer. */
export const hints = (event: string, people: { streamerId: string; viewerId: string }): PreviewLine[] =>
  pushes(event, hintTargets(people));

/** The cached answers under these tags that would be dropped now. */
export async function caches(
  { db, clock }: Pick<Services, "db" | "clock">,
  tags: readonly string[],
): Promise<PreviewLine[]> {
  const entries = await countViews(db, tags, clock());
  return tags.map((tag) => ({ kind: "cache", tag, entries: entries.get(tag) ?? 0 }));
}
