"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Drawing } from "../../shell/icons.tsx";
import classes from "./goals.module.css";

const said_ms = 2_000;

/** Puts an id on the clipboard and says so; without a clipboard it selects nothing and stays as it is. */
export function CopyId({ id, label }: { id: string; label: string }) {
  const t = useTranslations("console_goals");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), said_ms);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className={classes["copy"]}
      data-copied={copied || undefined}
      aria-label={copied ? t("copied") : label}
      title={copied ? t("copied") : label}
      onClick={() => {
        navigator.clipboard?.writeText(id).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    >
      <Drawing name={copied ? "check" : "copy"} size="0.95rem" />
    </button>
  );
}
