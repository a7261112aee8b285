"use client";

import { Alert, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Drawing } from "../../shell/icons.tsx";
import classes from "./actions.module.css";
import { EffectName } from "./effect-name.tsx";
import { LineOfPreview } from "./preview-line.tsx";
import type { Preview, PreviewPart } from "./preview-types.ts";

/** What an action would change, and what it would leave as it is, part by part. */
export function PreviewView({ preview }: { preview: Preview }) {
  const t = useTranslations("console_actions");
  if (preview.refused !== null)
    return (
      <Alert color="red" title={t("refused")} icon={<Drawing name="cross" />} data-refused={preview.refused}>
        {t(`note_${preview.refused}`)}
      </Alert>
    );
  return (
    <Stack gap="sm">
      {preview.harmless && (
        <Alert color="green" title={t("harmless")} icon={<Drawing name="check" />} data-harmless>
          {t("harmless_help")}
        </Alert>
      )}
      {preview.parts.map((part, place) => (
        <Part key={part.receiver ?? place} part={part} />
      ))}
    </Stack>
  );
}

function Part({ part }: { part: PreviewPart }) {
  const t = useTranslations("console_actions");
  return (
    <section className={classes["part"]} data-part={part.receiver ?? "action"}>
      <Title order={3} size="h5" className={classes["partTitle"] ?? ""}>
        {part.receiver === null ? t("own_part") : <EffectName effect={part.receiver} />}
      </Title>
      {part.changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("no_changes")}
        </Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            {t("would_change")}
          </Text>
          <ul className={classes["lines"]} data-list="changes">
            {part.changes.map((line) => (
              <li key={JSON.stringify(line)}>
                <LineOfPreview line={line} />
              </li>
            ))}
          </ul>
        </>
      )}
      {part.unchanged.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="xs">
            {t("would_not_change")}
          </Text>
          <ul className={classes["lines"]} data-list="unchanged">
            {part.unchanged.map(({ line, note }) => (
              <li key={`${note} ${JSON.stringify(line)}`} className={classes["unchanged"]}>
                <span className={classes["note"]}>
                  <Drawing name={note === "already_done" ? "check" : "minus"} />
                  <span>{t(`note_${note}`)}</span>
                </span>
                {line !== null && <LineOfPreview line={line} />}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
