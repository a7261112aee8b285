import { bystander } from "./receiver.ts";

/** "snapshot_rtc_sources **returned**": it serves goals that were agreed to, whose show has sources to keep. */
export const snapshotRtcSources = bystander(
  "snapshot_rtc_sources",
  () => "Serves goals that were agreed to; there is no show to take sources from.",
);
