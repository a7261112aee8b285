"use client";

import { Anchor, Code } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";

/** What was acted on, in words: a goal, an account, an action on many goals, the ledger. */
export function useTargetWords(target: string): string {
  const t = useTranslations("console_audit");
  const [kind = ""] = target.split(":", 1);
  switch (kind) {
    case "goal":
    case "user":
    case "bulk":
    case "ledger":
      return t(`target_${kind}`);
    default:
      return target;
  }
}

/** Where a target is shown; null where it has no page. */
function addressOf(target: string): string | null {
  const [kind = "", id] = target.split(":", 2);
  if (kind === "ledger") return "/admin/ledger";
  if (id === undefined) return null;
  switch (kind) {
    case "goal":
      return `/admin/goals/${id}`;
    case "bulk":
      return `/admin/bulk/${id}`;
    case "user":
      return `/admin/users?q=${id}`;
    default:
      return null;
  }
}

/** The way to what was acted on. */
export function TargetLink({ target }: { target: string }) {
  const words = useTargetWords(target);
  const href = addressOf(target);
  const id = target.split(":", 2)[1];
  const content = (
    <>
      {words} {id !== undefined && <Code>{id}</Code>}
    </>
  );
  return href === null ? (
    content
  ) : (
    <Anchor component={Link} prefetch={false} href={href}>
      {content}
    </Anchor>
  );
}
