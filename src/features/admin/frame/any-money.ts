import { formatMoney } from "../../i18n/formats.ts";

/**
 * Money as the ledger has it, also where the ledger is broken: what is no amount in a currency is written as it stands,
 * since a page that shows breaches must not break on one.
 */
export const anyMoney = (locale: string, amount: number, currency: string): string =>
  /^[A-Za-z]{3}$/.test(currency) && Number.isFinite(amount)
    ? formatMoney(locale, amount, currency)
    : `${String(amount)} ${currency}`.trim();
