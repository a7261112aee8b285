"use client";

import { useLocale } from "next-intl";
import { useCallback } from "react";
import { formatSpan } from "./span.ts";

/** Writes how long something took, in the page's language. */
export function useSpan(unitDisplay: "short" | "narrow" = "short"): (length_ms: number) => string {
  const locale = useLocale();
  return useCallback(
    (length_ms: number) => formatSpan(locale, length_ms, unitDisplay),
    [locale, unitDisplay],
  );
}
