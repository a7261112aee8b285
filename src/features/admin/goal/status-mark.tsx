import type { ReceiverStatus } from "#src/contract/receivers.ts";
import { EffectMark } from "../effects/effect-mark.tsx";
import classes from "./waterfall.module.css";

/** How a run stands, as the console's drawing in its colour. The words are beside it. */
export function StatusMark({ status }: { status: ReceiverStatus | "none" }) {
  return (
    <span className={classes["mark"]} data-status={status}>
      <EffectMark look={status} size="1.25rem" />
    </span>
  );
}
