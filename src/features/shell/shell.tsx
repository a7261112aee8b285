"use client";

import { Container } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { LanguageSwitch } from "../i18n/language-switch.tsx";
import { Mark } from "./brand.tsx";
import { ColorSchemeSwitch } from "./color-scheme-switch.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import classes from "./shell.module.css";

/** The frame of a page: the header with the product and the person's choices, the page's content, and whose page it is. */
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
    <div className={classes["frame"]}>
      <a href="#main" className={classes["skip"]}>
        {t("skip")}
      </a>
      <header className={classes["header"]}>
        <Container className={classes["width"] ?? ""}>
          <div className={classes["bar"]}>
            <Link href="/" prefetch={false} className={classes["brand"]}>
              <Mark />
              <span className={classes["word"]}>{t("brand")}</span>
            </Link>
            {live}
            <div className={classes["tools"]}>
              {userName !== null && (
                <span className={classes["person"]} title={userName}>
                  {userName}
                </span>
              )}
              <LanguageSwitch className={classes["language"] ?? ""} />
              <ColorSchemeSwitch className={classes["tool"] ?? ""} />
              {userName !== null && (
                <SignOutButton className={classes["tool"] ?? ""} wordClassName={classes["word"] ?? ""} />
              )}
            </div>
          </div>
        </Container>
      </header>
      <Container
        component="main"
        id="main"
        w="100%"
        tabIndex={-1}
        className={`${classes["main"]} ${classes["width"]}`}
      >
        {children}
      </Container>
      <footer className={classes["footer"]}>
        <Container className={classes["width"] ?? ""}>
          {userName === null ? t("promise") : t("signed_in_as", { name: userName })}
        </Container>
      </footer>
    </div>
  );
}
