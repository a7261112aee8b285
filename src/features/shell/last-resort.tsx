"use client";

import { useSyncExternalStore } from "react";
import { type Locale, chooseLocale, localeCookie } from "../i18n/locales.ts";
import classes from "./last-resort.module.css";

/** The texts live here because what usually brings texts and looks is what has broken. */
const texts: Record<Locale, { title: string; help: string; retry: string; home: string }> = {
  en: {
    title: "This page has stopped working",
    help: "It is not your fault, and nothing you have done is lost. No money moves because of it.",
    retry: "Try again",
    home: "Go to your page",
  },
  "zh-Hant": {
    title: "這個頁面無法運作了",
    help: "這不是您的問題，您做過的事都不會遺失，款項也不會因此變動。",
    retry: "再試一次",
    home: "前往您的頁面",
  },
};

const never = () => () => {};

function chosenLocale(): Locale {
  const chosen = document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${localeCookie}=`))
    ?.slice(localeCookie.length + 1);
  return chooseLocale(chosen, navigator.languages.join(","));
}

/** Stands for the whole document when even its frame has thrown. */
export function LastResort({ onRetry }: { onRetry: () => void }) {
  const locale = useSyncExternalStore(never, chosenLocale, (): Locale => "en");
  const { title, help, retry, home } = texts[locale];
  return (
    <html lang={locale} className={classes["document"]}>
      <body className={classes["body"]}>
        <title>{title}</title>
        <main>
          <h1>{title}</h1>
          <p>{help}</p>
          <p className={classes["ways"]}>
            <button type="button" onClick={onRetry}>
              {retry}
            </button>
            {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- a full load, which mends more than a change of pages does */}
            <a href="/">{home}</a>
          </p>
        </main>
      </body>
    </html>
  );
}
