import type { ReceiverStatus } from "#src/contract/receivers.ts";
import classes from "./waterfall.module.css";

/** A drawing for each standing, so that none is told by its colour alone. */
const drawings: Record<ReceiverStatus | "none", string> = {
  done: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.3l2.8 2.8L16 9.5",
  failed: "M12 3.5 2.6 20h18.8zM12 10v4.5M12 17.2v.1",
  waiting: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2",
  running: "M12 3a9 9 0 1 0 9 9M12 7.5A4.5 4.5 0 1 0 16.5 12",
  returned: "M9 6 4.5 10.5 9 15M4.5 10.5H14a5.5 5.5 0 0 1 0 8.5h-4",
  none: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
};

/** How a run stands, as a drawing in its colour. The words are beside it. */
export function StatusIcon({ status }: { status: ReceiverStatus | "none" }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className={classes["statusIcon"]} data-status={status}>
      <path d={drawings[status]} />
    </svg>
  );
}
