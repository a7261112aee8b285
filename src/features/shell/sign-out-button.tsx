"use client";

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Drawing } from "./icons.tsx";
import { signOut } from "./sign-out.ts";

/** Ends the session, and says so when it could not. */
export function SignOutButton({ className, wordClassName }: { className: string; wordClassName: string }) {
  const t = useTranslations("shell");
  const [leaving, setLeaving] = useState(false);

  async function leave(): Promise<void> {
    setLeaving(true);
    if (await signOut()) return;
    setLeaving(false);
    notifications.show({ color: "red", title: t("sign_out_failed"), message: t("sign_out_failed_help") });
  }

  return (
    <Button
      variant="subtle"
      color="gray"
      className={className}
      loading={leaving}
      title={t("sign_out")}
      onClick={() => void leave()}
    >
      <Drawing name="leave" />
      <span className={wordClassName} style={{ marginInlineStart: "0.375rem" }}>
        {t("sign_out")}
      </span>
    </Button>
  );
}
