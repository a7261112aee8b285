"use client";

import { NativeSelect } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { localeNames, locales } from "./locales.ts";
import { rememberLocale } from "./remember-locale.ts";

/** Switches the language in place: the page keeps what it shows, and the browser remembers the choice for a year. */
export function LanguageSwitch({ className }: { className: string }) {
  const t = useTranslations("shell");
  const locale = useLocale();
  const router = useRouter();
  const [changing, change] = useTransition();
  return (
    <NativeSelect
      aria-label={t("language")}
      className={className}
      variant="filled"
      rightSectionWidth={28}
      value={locale}
      aria-busy={changing}
      onChange={({ currentTarget }) => {
        rememberLocale(currentTarget.value);
        change(() => router.refresh());
      }}
    >
      {locales.map((option) => (
        <option key={option} value={option} lang={option}>
          {localeNames[option]}
        </option>
      ))}
    </NativeSelect>
  );
}
