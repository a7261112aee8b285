"use client";

import { Anchor, Box, Container, Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { LanguageSwitch } from "../i18n/language-switch.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import classes from "./shell.module.css";

/** The frame of a page: the header with who is signed in, and the page's content. */
export function Shell({
  userName,
  live,
  children,
}: {
  /** Null where nobody is signed in. */
  userName: string | null;
  /** What tells of the live connection, where there is one. */
  live?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("shell");
  return (
    <>
      <a href="#main" className={classes["skip"]}>
        {t("skip")}
      </a>
      <Box component="header" className={classes["header"]}>
        <Container size="lg">
          <Group justify="space-between" gap="xs" py="xs">
            <Group gap="sm">
              <Anchor component={Link} href="/" prefetch={false} fw={700} c="inherit" underline="never">
                {t("brand")}
              </Anchor>
              {live}
            </Group>
            <Group gap="xs" justify="flex-end" style={{ flexGrow: 1 }}>
              {userName !== null && (
                <Text size="sm" maw={140} truncate title={userName}>
                  {userName}
                </Text>
              )}
              <LanguageSwitch />
              {userName !== null && <SignOutButton />}
            </Group>
          </Group>
        </Container>
      </Box>
      <Container component="main" id="main" size="lg" py="lg" tabIndex={-1} className={classes["main"]}>
        {children}
      </Container>
    </>
  );
}
