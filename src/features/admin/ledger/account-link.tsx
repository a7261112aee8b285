"use client";

import { Anchor } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { readAccount, transfersHref } from "./account.ts";
import classes from "./ledger.module.css";

/** An account by its kind and the end of its id, in full for who asks; leads to its transfers. */
export function AccountLink({ name }: { name: string }) {
  const t = useTranslations("console_ledger");
  const account = readAccount(name);
  if (account.kind === "other") return <span className={classes["id"]}>{name}</span>;
  return (
    <Anchor
      component={Link}
      href={transfersHref(name)}
      prefetch={false}
      title={name}
      inherit
      className={classes["account"] ?? ""}
    >
      {t(`account_${account.kind}`)} <span className={classes["id"]}>…{name.slice(-6)}</span>
    </Anchor>
  );
}
