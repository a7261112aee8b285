"use client";

import { useTranslations } from "next-intl";
import type { Detail } from "./goal-types.ts";
import { JsonBlock } from "./json-block.tsx";

/** The documents themselves, as JSON. */
export function Documents({ detail }: { detail: Detail }) {
  const t = useTranslations("console_goal");
  return (["goal", "pair", "session"] as const).map((name) => (
    <JsonBlock key={name} title={t(`document_${name}`)} value={detail[name]} />
  ));
}
