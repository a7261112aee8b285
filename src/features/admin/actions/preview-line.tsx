"use client";

import { Code, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Moment } from "../../goals/moment.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing, type IconName } from "../../shell/icons.tsx";
import classes from "./actions.module.css";
import { PlainValue } from "./plain-value.tsx";
import type { PreviewLine } from "./preview-types.ts";

const icons: Record<PreviewLine["kind"], IconName> = {
  database: "receipt",
  money: "out",
  push: "envelope",
  cache: "minus",
  event: "out",
  wait: "clock",
};

/** One thing that an action changes, in words, with the technical names below them. */
export function LineOfPreview({ line }: { line: PreviewLine }) {
  const [words, technical] = useWords(line);
  return (
    <div className={classes["line"]} data-kind={line.kind}>
      <Drawing name={icons[line.kind]} />
      <div>
        <div>{words}</div>
        {technical !== null && <div className={classes["names"]}>{technical}</div>}
      </div>
    </div>
  );
}

function useWords(line: PreviewLine): readonly [words: ReactNode, technical: ReactNode] {
  const t = useTranslations("console_actions");
  const formats = useFormats();
  const account = (name: string) => {
    const kind = name.split(":", 1)[0];
    return kind === "viewer" || kind === "streamer" || kind === "escrow" ? t(`account_${kind}`) : name;
  };
  switch (line.kind) {
    case "database":
      return [
        <span key="change" className={classes["change"]}>
          <span>{t("line_database", { field: line.field })}</span>
          <span className={classes["before"]}>
            <PlainValue value={line.before} />
          </span>
          <span aria-hidden="true">→</span>
          <VisuallyHidden>{t("becomes")}</VisuallyHidden>
          <span className={classes["after"]}>
            <PlainValue value={line.after} />
          </span>
        </span>,
        <Code key="name">{`${line.collection} ${line.id} ${line.field}`}</Code>,
      ];
    case "money":
      return [
        t.rich("line_money", {
          amount: formats.money(line.amount, line.currency),
          from: account(line.from),
          to: account(line.to),
          b: (chunks) => <strong>{chunks}</strong>,
        }),
        <Code key="name">{`${line.from} → ${line.to}`}</Code>,
      ];
    case "push":
      return [t("line_push"), <Code key="name">{`${line.event} → ${line.channel}`}</Code>];
    case "cache":
      return [t("line_cache", { count: line.entries }), <Code key="name">{line.tag}</Code>];
    case "event":
      return [t("line_event"), <Code key="name">{line.name}</Code>];
    case "wait":
      return [t.rich("line_wait", { time: () => <Moment iso={line.until} exact /> }), null];
  }
}
