"use client";

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Drawing } from "../shell/icons.tsx";

const said_ms = 2_500;

/** Copies; where the browser lends no clipboard (a page without TLS), by the older way of selecting and copying. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    // Old, and the only way there is without a secure origin.
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Puts `text()` on the clipboard and says so. */
export function CopyButton({ text }: { text: () => string }) {
  const t = useTranslations("receipt");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), said_ms);
    return () => clearTimeout(timer);
  }, [copied]);

  async function onClick(): Promise<void> {
    if (await copy(text())) setCopied(true);
    else notifications.show({ color: "red", message: t("copy_failed") });
  }

  return (
    <Button
      variant="default"
      leftSection={<Drawing name={copied ? "check" : "copy"} />}
      onClick={() => void onClick()}
    >
      <span aria-live="polite">{t(copied ? "copied" : "copy")}</span>
    </Button>
  );
}
