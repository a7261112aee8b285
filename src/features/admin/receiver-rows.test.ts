import { expect, test } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import type { ReceiverRunView } from "#src/server/operations/console/goal-page.ts";
import { receiverRows } from "./receiver-rows.ts";

const run = (receiver: ReceiverRunView["receiver"], started: string): ReceiverRunView => ({
  receiver,
  event_id: `goal.ended:${started}`,
  status: "done",
  reason: null,
  error: null,
  attempt: 0,
  started,
  finished: null,
});

test("shows eleven receivers in the specification's order, whoever has run", () => {
  const rows = receiverRows([run("track_goals", "2026-01-01"), run("snapshot_rtc_sources", "2026-01-01")]);
  expect(rows.map(({ receiver }) => receiver)).toEqual(receiverIds);
  expect(rows.filter(({ run: ran }) => ran !== null).map(({ receiver }) => receiver)).toEqual([
    "snapshot_rtc_sources",
    "track_goals",
  ]);
});

test("shows both runs of a receiver whose signal was sent again, the earlier first", () => {
  const rows = receiverRows([run("track_goals", "2026-01-02"), run("track_goals", "2026-01-01")]);
  expect(rows).toHaveLength(12);
  expect(rows.flatMap(({ run: ran }) => ran?.started ?? [])).toEqual(["2026-01-01", "2026-01-02"]);
});
