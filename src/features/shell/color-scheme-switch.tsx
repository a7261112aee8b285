"use client";

import { Button, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useHydrated } from "./hydrated.ts";
import { Drawing } from "./icons.tsx";

/**
 * Switches between light and dark. The browser remembers the choice, and a script in the page's head applies it before anything is
 * painted; until a person chooses, the page is as the system is.
 */
export function ColorSchemeSwitch({ className }: { className: string }) {
  const t = useTranslations("shell");
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  // Light until the page is alive in the browser, as the server has written it: it does not know what the reader sees.
  const computed = useComputedColorScheme("light");
  const dark = useHydrated() && computed === "dark";
  return (
    <Button
      variant="subtle"
      color="gray"
      className={className}
      aria-label={t("dark")}
      aria-pressed={dark}
      title={t(dark ? "to_light" : "to_dark")}
      onClick={() => setColorScheme(dark ? "light" : "dark")}
    >
      <Drawing name={dark ? "sun" : "moon"} />
    </Button>
  );
}
