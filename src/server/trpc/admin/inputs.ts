import { z } from "zod";
import { auditReason } from "#src/contract/console.ts";
import { objectIdHex } from "#src/contract/ids.ts";

const cursor = z.object({ value: z.string().max(320), id: objectIdHex });

/** A page of a list: after the last one of the page before. */
export const page = z.object({
  cursor: cursor.nullish(),
  limit: z.int().min(1).max(200).default(50),
});

/** What every change by hand brings along: why, and an id of its own, so that sending it twice does it once. */
export const byHand = { reason: auditReason, request_id: z.uuid() };
