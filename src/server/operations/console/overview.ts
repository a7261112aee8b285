import type { FigureRange, Money } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

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

export async function figures(services: Services, range: FigureRange): Promise<Figures> {
  return comingSoon(services, range);
}
