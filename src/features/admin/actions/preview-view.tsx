"use client";

import { Alert, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Drawing } from "../../shell/icons.tsx";
import classes from "./actions.module.css";
import { EffectName } from "./effect-name.tsx";
import { groupLines, partsByEffect } from "./group-lines.ts";
import { Lines } from "./line-group.tsx";
import { PreviewTotals } from "./preview-totals.tsx";
import type { Preview, PreviewLine, PreviewPart } from "./preview-types.ts";
import { refusalText } from "./refusal.ts";

/** What an action would change, and what it would leave as it is: at a glance, then part by part. */
export function PreviewView({ preview }: { preview: Preview }) {
  const t = useTranslations("console_actions");
  if (preview.refused !== null)
    return (
      <Alert color="red" title={t("refused")} icon={<Drawing name="cross" />} data-refused={preview.refused}>
        {t(refusalText(preview.refused))}
      </Alert>
    );
  const { active, idle } = partsByEffect(preview.parts);
  return (
    <Stack gap="sm" data-preview>
      {preview.harmless && (
        <Alert color="green" title={t("harmless")} icon={<Drawing name="check" />} data-harmless>
          {t("harmless_help")}
        </Alert>
      )}
      <PreviewTotals parts={preview.parts} />
      {active.map((part, place) => (
        <ActivePart key={part.receiver ?? place} part={part} />
      ))}
      {idle.length > 0 && <IdleParts parts={idle} />}
    </Stack>
  );
}

function ActivePart({ part }: { part: PreviewPart }) {
  const t = useTranslations("console_actions");
  return (
    <section className={classes["part"]} data-part={part.receiver ?? "action"}>
      <Title order={3} size="h5" className={classes["partTitle"] ?? ""}>
        {part.receiver === null ? t("own_part") : <EffectName effect={part.receiver} />}
      </Title>
      <Text size="sm" fw={600}>
        {t("would_change")}
      </Text>
      <ul className={classes["lines"]} data-list="changes">
        {groupLines(part.changes).map((group, place) => (
          <li key={`${place} ${group.kind}`}>
            <Lines group={group} />
          </li>
        ))}
      </ul>
      {part.unchanged.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {t("would_not_change")}
          </Text>
          <Unchanged unchanged={part.unchanged} />
        </>
      )}
    </section>
  );
}

/** What has nothing to do: one line each, so that what has stands out. */
function IdleParts({ parts }: { parts: readonly PreviewPart[] }) {
  const t = useTranslations("console_actions");
  return (
    <section className={classes["idle"]} data-idle>
      <Title order={3} size="h5">
        {t("idle", { count: parts.length })}
      </Title>
      <ul className={classes["lines"]}>
        {parts.map((part, place) => (
          <li key={part.receiver ?? place} data-part={part.receiver ?? "action"}>
            {part.receiver === null ? t("own_part") : <EffectName effect={part.receiver} />}
            {part.unchanged.length === 0 ? (
              <span className={classes["note"]}>
                <Drawing name="minus" />
                <span>{t("no_changes")}</span>
              </span>
            ) : (
              <Unchanged unchanged={part.unchanged} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What stays as it is, by the reason why. */
function Unchanged({ unchanged }: { unchanged: PreviewPart["unchanged"] }) {
  const t = useTranslations("console_actions");
  const notes = Map.groupBy(unchanged, ({ note }) => note);
  return (
    <ul className={classes["lines"]} data-list="unchanged">
      {[...notes].map(([note, own]) => (
        <li key={note} className={classes["unchanged"]} data-note={note}>
          <span className={classes["note"]}>
            <Drawing name={note === "already_done" ? "check" : "minus"} />
            <span>{t(`note_${note}`)}</span>
          </span>
          {groupLines(own.flatMap(({ line }): PreviewLine[] => (line === null ? [] : [line]))).map(
            (group, place) => (
              <Lines key={`${place} ${group.kind}`} group={group} />
            ),
          )}
        </li>
      ))}
    </ul>
  );
}
