"use client";

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { noteSigningOut } from "../api/session.ts";
import { Drawing } from "./icons.tsx";

/** Ends the session and leaves by a full load, so that nothing of the person stays in the page's memory. */
export function SignOutButton({ className, wordClassName }: { className: string; wordClassName: string }) {
  const t = useTranslations("shell");
  const [leaving, setLeaving] = useState(false);

  async function signOut(): Promise<void> {
    setLeaving(true);
    noteSigningOut(true);
    const response = await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }).catch(() => null);
    await response?.arrayBuffer().catch(() => null);
    if (response?.ok === true) return window.location.assign("/sign-in");
    setLeaving(false);
    noteSigningOut(false);
    notifications.show({ color: "red", title: t("sign_out_failed"), message: t("sign_out_failed_help") });
  }

  return (
    <Button
      variant="subtle"
      color="gray"
      className={className}
      loading={leaving}
      title={t("sign_out")}
      onClick={() => void signOut()}
    >
      <Drawing name="leave" />
      <span className={wordClassName} style={{ marginInlineStart: "0.375rem" }}>
        {t("sign_out")}
      </span>
    </Button>
  );
}
