"use client";

import { Fragment } from "react";
import { Moment } from "../../goals/moment.tsx";

const isoMoments = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A receiver's reason, in its own words; the times in it are told in the reader's zone, like all others. */
export function ReasonText({ reason }: { reason: string }) {
  return reason
    .split(isoMoments)
    .map((part, place) =>
      place % 2 === 1 ? <Moment key={place} iso={part} exact /> : <Fragment key={place}>{part}</Fragment>,
    );
}
