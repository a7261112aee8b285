"use client";

import {
  Alert,
  Button,
  Paper,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { DemoAccount } from "#src/contract/demo-accounts.ts";
import { Drawing } from "../shell/icons.tsx";
import { Section } from "../shell/section.tsx";
import { useHydrated } from "../shell/hydrated.ts";
import { signIn, type SignInFailure } from "./sign-in.ts";
import classes from "./sign-in-page.module.css";

const formButton = "form";

/** Signing in by e-mail and password; where there are demo accounts, by one click. */
export function SignInPage({
  demoAccounts,
  next,
}: {
  demoAccounts: readonly DemoAccount[];
  /** The page to go on to. */
  next: string;
}) {
  const t = useTranslations("sign_in");
  const hydrated = useHydrated();
  const [failure, setFailure] = useState<SignInFailure | null>(null);
  // Which button's sign-in is under way: the form's, or that of a demo account by its e-mail.
  const [pending, setPending] = useState<string | null>(null);

  async function enter(button: string, email: string, password: string): Promise<void> {
    setPending(button);
    setFailure(null);
    const failed = await signIn(email, password);
    // A full load: the server knows whose page comes next, and no memory of another person is left in this one.
    if (failed === null) return window.location.assign(next);
    setFailure(failed);
    setPending(null);
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    void enter(formButton, field("email").trim(), field("password"));
  }

  const ready = hydrated && pending === null;
  return (
    <div className={classes["page"]}>
      <Lead />
      <Stack gap="xl">
        <Paper withBorder shadow="md" className={classes["card"] ?? ""}>
          <Title order={1} mb="lg">
            {t("title")}
          </Title>
          {/* `post`, so that a password never gets into an address, whatever happens before the script is there. */}
          <form method="post" onSubmit={onSubmit} aria-label={t("title")}>
            <Stack>
              {failure !== null && (
                <Alert
                  color="red"
                  title={t("failed")}
                  icon={<Drawing name="warning" />}
                  data-failure={failure}
                >
                  {t(failure)}
                </Alert>
              )}
              <TextInput
                label={t("email")}
                name="email"
                type="email"
                autoComplete="username"
                required
                withAsterisk={false}
              />
              <PasswordInput
                label={t("password")}
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                visibilityToggleButtonProps={{ "aria-label": t("show_password"), tabIndex: 0 }}
              />
              <Button type="submit" size="md" mt="xs" disabled={!ready} loading={pending === formButton}>
                {t("submit")}
              </Button>
            </Stack>
          </form>
        </Paper>
        {demoAccounts.length > 0 && (
          <Section title={t("demo")}>
            <Text size="sm" c="dimmed" mb="sm">
              {t("demo_help", { password: demoAccounts[0]?.password ?? "" })}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
              {demoAccounts.map(({ name, email, password, role }) => (
                <DemoButton
                  key={email}
                  name={name}
                  email={email}
                  role={role}
                  disabled={!ready}
                  loading={pending === email}
                  onClick={() => void enter(email, email, password)}
                />
              ))}
            </SimpleGrid>
          </Section>
        )}
      </Stack>
    </div>
  );
}

const points = [
  ["point_calm", "back"],
  ["point_money", "lock"],
  ["point_live", "clock"],
] as const;

/** What this is, for who comes here for the first time. */
function Lead() {
  const t = useTranslations("sign_in");
  return (
    <div className={classes["lead"]}>
      <p className={classes["headline"]}>{t("lead")}</p>
      <Text size="lg" c="dimmed">
        {t("lead_help")}
      </Text>
      <ul className={classes["points"]}>
        {points.map(([point, icon]) => (
          <li key={point}>
            <span className={classes["emblem"]}>
              <Drawing name={icon} />
            </span>
            {t(point)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function DemoButton({
  name,
  email,
  role,
  ...button
}: Omit<DemoAccount, "password"> & { disabled: boolean; loading: boolean; onClick: () => void }) {
  const t = useTranslations();
  const roleName = t(`roles.${role}`);
  return (
    <Button variant="default" h="auto" py="xs" justify="start" {...button}>
      <Stack gap={0} align="start">
        <Text span size="sm" fw={600}>
          {t("sign_in.demo_of", { name, role: roleName })}
        </Text>
        <Text span size="xs" c="dimmed">
          {email}
        </Text>
      </Stack>
    </Button>
  );
}
