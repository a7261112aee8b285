"use client";

import { Table, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReceiverStatus } from "#src/contract/receivers.ts";
import { Moment } from "../../goals/moment.tsx";
import { WideTable } from "../wide-table.tsx";
import { Track } from "./axis.tsx";
import type { RunStep } from "./goal-types.ts";
import { layOutTime, placeOf } from "./time-scale.ts";
import { useSpan } from "./use-span.ts";
import classes from "./waterfall.module.css";

/** Inngest's words for how a step stands, as ours. */
const standings: Record<string, ReceiverStatus> = {
  COMPLETED: "done",
  FAILED: "failed",
  CANCELLED: "failed",
  WAITING: "waiting",
};

/** The steps of a run as Inngest tells them, each with its place in the run's time. */
export function Steps({ steps }: { steps: readonly RunStep[] }) {
  const t = useTranslations("console_goal");
  const span = useSpan();
  const timed = steps.map((step) => {
    const from = step.start === null ? null : Date.parse(step.start);
    return { step, from, to: step.end === null ? from : Date.parse(step.end) };
  });
  const stretches = layOutTime(
    timed.flatMap(({ from, to }) => [from, to]).filter((at) => at !== null),
    true,
  );
  return (
    <div className={classes["steps"]}>
      <WideTable label={t("steps")} minWidth={820}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("step")}</Table.Th>
            <Table.Th>{t("status")}</Table.Th>
            <Table.Th aria-hidden="true" className={classes["stepTrack"] ?? ""} />
            <Table.Th>{t("started")}</Table.Th>
            <Table.Th>{t("took")}</Table.Th>
            <Table.Th>{t("attempts_fact")}</Table.Th>
            <Table.Th>{t("output")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {timed.map(({ step, from, to }, place) => (
            <Table.Tr key={`${place} ${step.name}`} data-step={step.name}>
              <Table.Th scope="row">
                {step.name}
                <Text size="xs" c="dimmed" ff="monospace" fw={400}>
                  {step.kind}
                </Text>
              </Table.Th>
              <Table.Td>{step.status}</Table.Td>
              <Table.Td aria-hidden="true">
                <Track
                  stretches={stretches}
                  bar={
                    from === null || to === null
                      ? null
                      : {
                          status: standings[step.status] ?? "running",
                          from: placeOf(stretches, from),
                          to: placeOf(stretches, to),
                        }
                  }
                />
              </Table.Td>
              <Table.Td className={classes["moment"] ?? ""}>
                {step.start !== null && <Moment iso={step.start} exact />}
              </Table.Td>
              <Table.Td className={classes["moment"] ?? ""}>
                {from !== null && to !== null && step.end !== null && span(to - from)}
              </Table.Td>
              <Table.Td>{step.attempts}</Table.Td>
              <Table.Td className={classes["stepOutput"] ?? ""}>
                {step.error !== null && <code className={classes["error"]}>{step.error}</code>}
                {step.output !== undefined && step.output !== null && (
                  <code>{JSON.stringify(step.output)}</code>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </div>
  );
}
