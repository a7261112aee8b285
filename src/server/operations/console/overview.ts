import type { FigureRange, Money } from "#src/contract/console.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { rangeOf } from "#src/domain/figures.ts";
import type { Services } from "../../services.ts";

/** One stretch of the chart; `at` is its beginning. */
export interface FigurePoint {
  readonly at: string;
  readonly invited: number;
  readonly declined: number;
  readonly refunded: number;
  readonly failed: number;
}

/** Milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Something to look at first, with the filter by which the list shows it. */
export interface Attention {
  readonly kind: "failed" | "late" | "refund_late" | "held_back" | "breach" | "approval" | "audit_lapsed";
  readonly count: number;
  readonly oldest: string | null;
}

export interface Figures {
  readonly range: FigureRange;
  readonly as_of: string;
  readonly points: readonly FigurePoint[];
  readonly receivers: readonly ({ readonly receiver: ReceiverId; readonly failed: number } & Percentiles)[];
  readonly settled: Percentiles;
  readonly refund: Percentiles;
  readonly refunded: readonly Money[];
  readonly cooldowns_active: number;
  readonly pending: number;
  readonly attention: readonly Attention[];
}

const nothing: Percentiles = { count: 0, p50: null, p95: null };

/** What moderators see first: how the last hour, day or month went, and what needs attention. */
export async function figures({ clock }: Services, range: FigureRange): Promise<Figures> {
  const now = clock();
  const { starts } = rangeOf(range, now.getTime());
  return Promise.resolve({
    range,
    as_of: now.toISOString(),
    points: starts.map((at) => ({
      at: new Date(at).toISOString(),
      invited: 0,
      declined: 0,
      refunded: 0,
      failed: 0,
    })),
    receivers: receiverIds.map((receiver) => ({ receiver, failed: 0, ...nothing })),
    settled: nothing,
    refund: nothing,
    refunded: [],
    cooldowns_active: 0,
    pending: 0,
    attention: [],
  });
}
