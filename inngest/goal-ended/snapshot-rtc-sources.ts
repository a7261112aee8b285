import { receiver, returned } from "./receiver.ts";

/** "snapshot_rtc_sources **returned**": it serves goals that were agreed to, whose show has sources to keep. */
export const snapshotRtcSources = receiver("snapshot_rtc_sources", () =>
  Promise.resolve(returned("Serves goals that were agreed to; there is no show to take sources from.")),
);
