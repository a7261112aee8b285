"use client";

import { useLocale } from "next-intl";
import { useSyncExternalStore } from "react";
import { useFormats } from "../../i18n/use-formats.ts";
import { createClock } from "../../shell/now.ts";
import { formatAge } from "./age-words.ts";

// A slow clock: hundreds of ages need not look at the time each second.
const clock = createClock(10_000);

/** The time in milliseconds, as of the last ten seconds. */
const useSlowNow = (): number => useSyncExternalStore(clock.subscribe, clock.readOrBegin, clock.readOrBegin);

/** How long ago something was, or how long it is until then; the exact time as its title. */
export function Age({ iso }: { iso: string }) {
  const locale = useLocale();
  const formats = useFormats();
  const age_ms = useSlowNow() - Date.parse(iso);
  return (
    <time dateTime={iso} title={formats.exactMoment(iso)} style={{ whiteSpace: "nowrap" }}>
      {formatAge(locale, age_ms)}
    </time>
  );
}
