"use client";

import { useFormats } from "../i18n/use-formats.ts";

/** A point in time in the reader's language and zone. For what a query brought: see `useFormats`. */
export function Moment({ iso, exact = false }: { iso: string; exact?: boolean }) {
  const formats = useFormats();
  return (
    <time dateTime={iso} title={formats.exactMoment(iso)}>
      {exact ? formats.exactMoment(iso) : formats.moment(iso)}
    </time>
  );
}
