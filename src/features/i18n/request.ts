import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, localeCookie, type Locale } from "./locales.ts";
import type en from "./messages/en.json";

const messagesOf: Record<Locale, () => Promise<{ default: typeof en }>> = {
  en: () => import("./messages/en.json"),
  "zh-Hant": () => import("./messages/zh-Hant.json"),
};

/** What a request's texts are made from. There is no language in the address: a link means the same to everyone. */
export default getRequestConfig(async () => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale(jar.get(localeCookie)?.value, head.get("accept-language"));
  const messages = (await messagesOf[locale]()).default;
  // Times are written in the browser, in its own zone; this one only keeps the library from guessing.
  return { locale, messages, timeZone: "UTC" };
});
