"use client";

import { Alert, Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { noteSessionRestored, noteSignInPutOff } from "../api/session.ts";
import { signInAddress } from "./next-page.ts";
import { signIn, type SignInFailure } from "./sign-in.ts";
import classes from "./sign-in-again.module.css";

/**
 * A dialog over a page whose session has ended: the same account signs in again, and the page goes on with all that it shows. The
 * browser's own dialog keeps the keyboard inside, gives the focus back at its end, and closes on Escape.
 */
export function SignInAgain({ email }: { email: string }) {
  const t = useTranslations();
  const dialog = useRef<HTMLDialogElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<SignInFailure | null>(null);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // The dialog itself would begin with the e-mail, which is there already.
    password.current?.focus();
    return () => shown?.close();
  }, []);

  async function enter(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("password");
    setPending(true);
    setFailure(null);
    const failed = await signIn(email, typeof typed === "string" ? typed : "");
    setPending(false);
    if (failed === null) noteSessionRestored();
    else setFailure(failed);
  }

  return (
    <dialog
      ref={dialog}
      className={classes["dialog"]}
      aria-labelledby="session-ended"
      onCancel={noteSignInPutOff}
    >
      <form method="post" onSubmit={(event) => void enter(event)}>
        <Stack>
          <Title order={2} size="h3" id="session-ended">
            {t("session.ended")}
          </Title>
          <Text size="sm">{t("session.ended_help", { email })}</Text>
          {failure !== null && (
            <Alert color="red" title={t("sign_in.failed")} data-failure={failure}>
              {t(`sign_in.${failure}`)}
            </Alert>
          )}
          <TextInput
            label={t("sign_in.email")}
            name="email"
            type="email"
            autoComplete="username"
            value={email}
            readOnly
          />
          <PasswordInput
            ref={password}
            label={t("sign_in.password")}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password"), tabIndex: 0 }}
          />
          <Group gap="sm">
            <Button type="submit" loading={pending}>
              {t("session.go_on")}
            </Button>
            <Button variant="default" onClick={noteSignInPutOff}>
              {t("session.later")}
            </Button>
          </Group>
          {/* A full load: nothing of this person stays in the page's memory. */}
          <Anchor href={signInAddress(null)} size="sm">
            {t("session.other")}
          </Anchor>
        </Stack>
      </form>
    </dialog>
  );
}
