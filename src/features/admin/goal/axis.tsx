"use client";

import { useSpan } from "./use-span.ts";
import { type Stretch, ticksOf } from "./time-scale.ts";
import classes from "./waterfall.module.css";

const share = (of: number) => `${(of * 100).toFixed(3)}%`;

/** How many labels fit beside one another where the axis is as wide as a desk's. */
const labels = 6;

/** The times above the bars: round ones where time is to scale, how long it is where it is folded. */
export function Axis({ stretches, zoom }: { stretches: readonly Stretch[]; zoom: number }) {
  const span = useSpan("narrow");
  return (
    <div className={classes["axis"]} aria-hidden="true">
      <div className={classes["axisTrack"]}>
        <div className={classes["plane"]}>
          {ticksOf(stretches, labels * zoom).map(({ after_ms, place }, nth) => (
            <span
              key={place}
              className={classes["tick"]}
              data-spare={nth % 2 === 1 || undefined}
              style={{ insetInlineStart: share(place) }}
            >
              {after_ms === 0 ? "0" : `+${span(after_ms)}`}
            </span>
          ))}
          {stretches
            .filter(({ folded }) => folded)
            .map(({ from, to, left, width }) => (
              <span
                key={from}
                className={classes["foldLabel"]}
                data-at-end={left + width > 0.9 || undefined}
                style={{ insetInlineStart: share(left + width / 2) }}
              >
                {span(to - from)}
              </span>
            ))}
        </div>
      </div>
    </div>
  );
}

/** What lies on one line: its bar, what is still to come, and where the time is folded. */
export function Track({
  stretches,
  bar,
}: {
  stretches: readonly Stretch[];
  bar: {
    readonly status: string;
    readonly from: number;
    readonly to: number;
    readonly until?: number;
  } | null;
}) {
  return (
    <span className={classes["track"]} aria-hidden="true">
      <span className={classes["plane"]}>
        {bar !== null && (
          <>
            {bar.until !== undefined && (
              <span
                className={classes["ghost"]}
                style={{ insetInlineStart: share(bar.to), width: share(bar.until - bar.to) }}
              />
            )}
            <span
              className={classes["bar"]}
              data-status={bar.status}
              style={{
                // What has only just begun, at the end of the axis, is seen as well.
                insetInlineStart: `min(${share(bar.from)}, 100% - 0.375rem)`,
                width: share(bar.to - bar.from),
              }}
            />
          </>
        )}
        {stretches
          .filter(({ folded }) => folded)
          .map(({ from, left, width }) => (
            <span
              key={from}
              className={classes["tear"]}
              style={{ insetInlineStart: share(left + width / 2) }}
            />
          ))}
      </span>
    </span>
  );
}
