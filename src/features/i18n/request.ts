import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, localeCookie, type Locale } from "./locales.ts";
import type { consoleTexts as consoleEn } from "./messages/console/en.ts";
import type en from "./messages/en.json";

/** The texts of every page but the console's, which alone carry their own along. */
const messagesOf: Record<Locale, () => Promise<{ default: typeof en }>> = {
  en: () => import("./messages/en.json"),
  "zh-Hant": () => import("./messages/zh-Hant.json"),
};

const consoleMessagesOf: Record<Locale, () => Promise<{ consoleTexts: typeof consoleEn }>> = {
  en: () => import("./messages/console/en.ts"),
  "zh-Hant": () => import("./messages/console/zh-Hant.ts"),
};

export const baseMessages = async (locale: Locale) => (await messagesOf[locale]()).default;

/** What a request's texts are made from. There is no language in the address: a link means the same to everyone. */
export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get("accept-language"));
  const messages = { ...(await baseMessages(locale)), ...(await consoleMessagesOf[locale]()).consoleTexts };
  // Times are written in the browser, in its own zone; this one only keeps the library from guessing.
  return { locale, messages, timeZone: "UTC" };
});
