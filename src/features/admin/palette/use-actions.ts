"use client";

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { localeNames, locales } from "../../i18n/locales.ts";
import { rememberLocale } from "../../i18n/remember-locale.ts";
import { signOut } from "../../shell/sign-out.ts";
import { useCheck } from "../ledger/use-check.ts";
import { consolePages } from "../frame/pages.ts";
import type { Command } from "./command.ts";

/** Fetches a file without leaving the page, also when there is none. */
function download(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}

/** The pages of the console, and what can be done from anywhere. */
export function useActions(): readonly Command[] {
  const t = useTranslations("console");
  const shell = useTranslations("shell");
  const ledger = useTranslations("console_ledger");
  const locale = useLocale();
  const router = useRouter();
  const check = useCheck();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme("light") === "dark";

  async function leave(): Promise<void> {
    if (await signOut()) return;
    notifications.show({
      color: "red",
      title: shell("sign_out_failed"),
      message: shell("sign_out_failed_help"),
    });
  }

  const pages = consolePages.map(({ name, href }): Command => ({
    id: `page-${name}`,
    group: "pages",
    icon: name,
    label: t(name),
    keywords: `${name} ${href}`,
    run: () => router.push(href),
  }));
  return [
    ...pages,
    {
      id: "attention",
      group: "actions",
      icon: "breached",
      label: t("do_attention"),
      keywords: "attention failed late",
      run: () => router.push("/admin#attention"),
    },
    {
      id: "check",
      group: "actions",
      icon: "agrees",
      label: t("do_check"),
      keywords: "check ledger conservation",
      run: () =>
        check.ask(
          () =>
            void notifications.show({ title: ledger("check_asked"), message: ledger("check_asked_help") }),
        ),
    },
    {
      id: "export-goals",
      group: "actions",
      icon: "download",
      label: t("do_export_goals"),
      keywords: "export csv download goals",
      run: () => download("/admin/export/goals.csv"),
    },
    {
      id: "export-audit",
      group: "actions",
      icon: "download",
      label: t("do_export_audit"),
      keywords: "export csv download audit",
      run: () => download("/admin/export/audit.csv"),
    },
    ...locales
      .filter((other) => other !== locale)
      .map((other): Command => ({
        id: `language-${other}`,
        group: "actions",
        icon: "language",
        label: t("do_language", { language: localeNames[other] }),
        keywords: `language ${other}`,
        run: () => {
          rememberLocale(other);
          router.refresh();
        },
      })),
    {
      id: "scheme",
      group: "actions",
      icon: "overview",
      label: shell(dark ? "to_light" : "to_dark"),
      keywords: "dark light colour color scheme theme",
      run: () => setColorScheme(dark ? "light" : "dark"),
    },
    {
      id: "sign-out",
      group: "actions",
      icon: "person",
      label: shell("sign_out"),
      keywords: "sign out log out leave",
      run: () => void leave(),
    },
  ];
}
