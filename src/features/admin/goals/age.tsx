"use client";

import { useLocale } from "next-intl";
import { useSyncExternalStore } from "react";
import { useFormats } from "../../i18n/use-formats.ts";
import { formatAge } from "./age-words.ts";

const tick_ms = 10_000;

// One slow clock for all ages on a page: hundreds of them need not look at the time each second.
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tick of listeners) tick();
    }, tick_ms);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

const read = () => (now === 0 ? (now = Date.now()) : now);

/** The time in milliseconds, as of the last ten seconds. */
const useSlowNow = (): number => useSyncExternalStore(subscribe, read, read);

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
