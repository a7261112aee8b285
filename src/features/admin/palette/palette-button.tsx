"use client";

import { Button, Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { type ComponentType, useState } from "react";
import { useHydrated } from "../../shell/hydrated.ts";
import { ConsoleIcon } from "../frame/icons.tsx";
import classes from "./palette.module.css";

const load = () => import("./palette.tsx");

/** Opens the palette, by a press or by Ctrl-K (Cmd-K on a Mac). The palette itself comes only when somebody asks for it. */
export function PaletteButton() {
  const t = useTranslations("console");
  const [Palette, setPalette] = useState<ComponentType<{ asked: number }> | null>(null);
  const [asked, setAsked] = useState(0);
  const [loading, setLoading] = useState(false);
  const isMac = useHydrated() && /Mac|iPhone|iPad/.test(navigator.userAgent);

  async function ask(): Promise<void> {
    setAsked((times) => times + 1);
    if (Palette !== null || loading) return;
    setLoading(true);
    try {
      const loaded = await load();
      setPalette(() => loaded.Palette);
    } catch {
      notifications.show({ color: "red", title: t("palette_failed"), message: t("palette_failed_help") });
    } finally {
      setLoading(false);
    }
  }
  // The palette, once there, listens for itself: the same keys close it.
  useHotkeys(Palette === null ? [["mod+K", () => void ask()]] : [], []);

  return (
    <>
      <Button
        variant="default"
        className={classes["button"] ?? ""}
        leftSection={<ConsoleIcon name="search" />}
        rightSection={<Kbd className={classes["keys"] ?? ""}>{isMac ? "⌘ K" : "Ctrl K"}</Kbd>}
        aria-keyshortcuts={isMac ? "Meta+K" : "Control+K"}
        aria-haspopup="dialog"
        loading={loading}
        onClick={() => void ask()}
        onPointerEnter={() => void load().catch(() => {})}
      >
        {t("palette_open")}
      </Button>
      {Palette !== null && <Palette asked={asked} />}
    </>
  );
}
