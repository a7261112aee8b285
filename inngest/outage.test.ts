import { Inngest } from "inngest";
import { expect, test } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Services } from "#src/server/services.ts";
import { functions } from "./index.ts";

/** Inngest's waits between two attempts, in seconds, without the jitter that only makes them longer. */
const waits_s = [15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600];
const longest_s = 7_200;
const outage_s = 600;

/** What Inngest runs for a decline, and gives up by itself. What the clock starts is made up for a minute later. */
const needed = [
  "deactivate_goal",
  ...receiverIds,
  "check_trigger_exclusive_goal_refundable",
  "escrow_refund",
  "invalidate_get_session_token_view_cache",
];

test("nothing that a decline needs is given up within an outage of ten minutes", () => {
  // Defining a function takes nothing but the client.
  const services = { inngest: new Inngest({ id: "outage" }) } as unknown as Services;
  const patience_s = new Map(
    functions(services).map((defined) => {
      const retries = defined.opts.retries ?? 4;
      const waits = Array.from({ length: retries }, (_, index) => waits_s[index] ?? longest_s);
      return [defined.id(), waits.reduce((sum, wait) => sum + wait, 0)];
    }),
  );
  const impatient = needed.filter((id) => !((patience_s.get(id) ?? 0) > 2 * outage_s));
  expect(impatient).toEqual([]);
});
