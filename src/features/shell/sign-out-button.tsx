"use client";

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useState } from "react";

/** Ends the session and leaves by a full load, so that nothing of the person stays in the page's memory. */
export function SignOutButton() {
  const t = useTranslations("shell");
  const [leaving, setLeaving] = useState(false);

  async function signOut(): Promise<void> {
    setLeaving(true);
    const response = await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }).catch(() => null);
    await response?.arrayBuffer().catch(() => null);
    if (response?.ok === true) return window.location.assign("/sign-in");
    setLeaving(false);
    notifications.show({ color: "red", title: t("sign_out_failed"), message: t("sign_out_failed_help") });
  }

  return (
    <Button variant="default" size="sm" loading={leaving} onClick={() => void signOut()}>
      {t("sign_out")}
    </Button>
  );
}
