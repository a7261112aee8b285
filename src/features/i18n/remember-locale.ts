import { localeCookie } from "./locales.ts";

const remember_s = 365 * 24 * 3_600;

/** Has the browser remember the language that a person has chosen, for a year; the next page is written in it. */
export function rememberLocale(locale: string): void {
  document.cookie = `${localeCookie}=${locale}; path=/; max-age=${remember_s}; samesite=lax`;
}
