/** The languages of the pages, the default one first. */
export const locales = ["en", "zh-Hant"] as const;
export type Locale = (typeof locales)[number];

/** Each language by its own name, as its readers look for it. */
export const localeNames: Record<Locale, string> = { en: "English", "zh-Hant": "繁體中文" };

/** The cookie that remembers the language that a person has chosen. */
export const localeCookie = "locale";

/** The supported language that serves readers of `tag` (BCP 47); all Chinese is served by the one that we have. */
function serving(tag: string): Locale | undefined {
  const language = tag.trim().toLowerCase().split("-")[0];
  return locales.find((locale) => locale.split("-")[0] === language);
}

/** The tags of an `Accept-Language` header, the most wanted first; what is refused by `q=0` is left out. */
function wanted(acceptLanguage: string): string[] {
  return acceptLanguage
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";");
      const quality = parameters
        .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
        .find((found) => found !== undefined);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== "" && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** The language of a page: what its reader has chosen, else the first of the browser's that we have, else English. */
export function chooseLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  const remembered = locales.find((locale) => locale === chosen);
  if (remembered !== undefined) return remembered;
  for (const tag of wanted(acceptLanguage ?? "")) {
    const locale = serving(tag);
    if (locale !== undefined) return locale;
  }
  return locales[0];
}
