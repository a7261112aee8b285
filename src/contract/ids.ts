import { z } from "zod";

/** An ObjectId as it crosses processes: 24 lower-case hexadecimal digits. */
export const objectIdHex = z.string().regex(/^[0-9a-f]{24}$/, "must be 24 hexadecimal digits");

/** Reads an id as people write it, in either case; null when it is none. */
export function readObjectId(text: string): string | null {
  const id = objectIdHex.safeParse(text.toLowerCase());
  return id.success ? id.data : null;
}

/**
 * Who has ended what nobody has answered: the clock, which has no account. An end names who asked for it, and neither the
 * streamer nor the viewer has.
 */
export const clockId = "0".repeat(24);

/** A point in time as it crosses processes: ISO 8601, UTC, milliseconds. */
export const isoTime = z.iso.datetime();

/** The escrow that holds the prepayment of one exclusive goal. */
export const escrowIdOf = (goalId: string) => `trigger_exclusive:${goalId}`;

/** The goal whose prepayment an escrow holds; null when it is no exclusive goal's. */
export const goalIdOfEscrow = (escrowId: string): string | null =>
  /^trigger_exclusive:([0-9a-f]{24})$/.exec(escrowId)?.[1] ?? null;
