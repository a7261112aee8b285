"use client";

import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";
import { Moment } from "../../goals/moment.tsx";
import { Facts } from "../../goals/facts.tsx";
import { Drawing } from "../../shell/icons.tsx";
import { ReasonText } from "./reason-text.tsx";
import { RetryDrawing } from "./retry-drawing.tsx";
import type { TimelineBar } from "./goal-types.ts";
import { InngestRun } from "./inngest-run.tsx";
import { JsonBlock } from "./json-block.tsx";
import { useSpan } from "./use-span.ts";
import classes from "./waterfall.module.css";

/** Everything that is known of one bar: by our own records, and by Inngest's. */
export function BarDetails({
  goalId,
  bar,
  onZoom,
  onAct,
}: {
  goalId: string;
  bar: TimelineBar;
  /** Null where there is nothing to come closer to. */
  onZoom: (() => void) | null;
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_goal");
  const span = useSpan();
  const { receiver } = bar;
  return (
    <div className={classes["detailsGrid"]}>
      {bar.error !== null && (
        <Alert
          color={bar.status === "failed" ? "red" : "yellow"}
          title={bar.status === "failed" ? t("error") : t("error_last_attempt")}
          icon={<Drawing name="warning" />}
        >
          <code className={classes["error"]}>{bar.error}</code>
        </Alert>
      )}
      {bar.reason !== null && (
        <Text size="sm">
          <Text span inherit c="dimmed">
            {t("reason")}:{" "}
          </Text>
          <ReasonText reason={bar.reason} />
        </Text>
      )}
      <Facts
        facts={[
          [t("started"), <Moment key="start" iso={bar.start} exact />],
          [t("finished"), bar.end === null ? t("goes_on") : <Moment key="end" iso={bar.end} exact />],
          [t("took"), bar.end === null ? t("goes_on") : span(Date.parse(bar.end) - Date.parse(bar.start))],
          [t("attempts_fact"), bar.attempts],
          [t("event_id"), bar.event_id === null ? t("unknown") : <Code key="event">{bar.event_id}</Code>],
          [t("run_id"), bar.run_id === null ? t("unknown") : <Code key="run">{bar.run_id}</Code>],
        ]}
      />
      <Group gap="sm">
        {receiver !== null && (
          <Button
            size="sm"
            variant={bar.status === "failed" ? "filled" : "default"}
            leftSection={<RetryDrawing />}
            onClick={() => onAct({ kind: "retry", receivers: [receiver] })}
          >
            {t("retry")}
          </Button>
        )}
        {onZoom !== null && (
          <Button size="sm" variant="subtle" onClick={onZoom}>
            {t("zoom_to")}
          </Button>
        )}
      </Group>
      {bar.input !== undefined && bar.input !== null && <JsonBlock title={t("input")} value={bar.input} />}
      {bar.run_id !== null && <InngestRun goalId={goalId} runId={bar.run_id} />}
    </div>
  );
}
