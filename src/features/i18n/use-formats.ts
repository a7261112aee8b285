"use client";

import { useLocale } from "next-intl";
import { useMemo } from "react";
import {
  formatExactMoment,
  formatMinutes,
  formatMoment,
  formatMoney,
  formatReceiptMoment,
  formatTimeOfDay,
  formatTook,
} from "./formats.ts";

/**
 * Formatters in the page's language and the browser's time zone. Times belong into what is rendered in the browser
 * alone (what a query brought): the server does not know the reader's zone.
 */
export function useFormats() {
  const locale = useLocale();
  return useMemo(
    () => ({
      money: (amount: number, currency: string) => formatMoney(locale, amount, currency),
      moment: (iso: string) => formatMoment(locale, iso),
      exactMoment: (iso: string) => formatExactMoment(locale, iso),
      receiptMoment: (iso: string) => formatReceiptMoment(locale, iso),
      timeOfDay: (iso: string) => formatTimeOfDay(locale, iso),
      minutes: (seconds: number) => formatMinutes(locale, seconds),
      took: (took_ms: number) => formatTook(locale, took_ms),
    }),
    [locale],
  );
}
