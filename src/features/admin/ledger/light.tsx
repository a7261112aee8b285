"use client";

import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Conservation } from "#src/server/operations/console/conservation.ts";
import { problemOf } from "../../api/problem.ts";
import { Moment } from "../../goals/moment.tsx";
import { useNow } from "../../shell/now.ts";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { ConsoleIcon } from "../frame/icons.tsx";
import { lightIcons, useLightWords } from "../frame/light-pill.tsx";
import { lightState } from "../frame/light-state.ts";
import { type AskedCheck, useLight } from "../frame/use-light.ts";
import { Balances } from "./balances.tsx";
import { Breaches } from "./breaches.tsx";
import { useCheck } from "./use-check.ts";
import classes from "./ledger.module.css";

/** A check of a large ledger takes a while; after this long, the button is to be had again all the same. */
const patience_ms = 120_000;

/** The conservation light in full: what it says and since when, the balances, the breaches, and a check by hand. */
export function Light() {
  const [asked, setAsked] = useState<(AskedCheck & { readonly at: number }) | null>(null);
  const now = useNow();
  const impatient = asked !== null && now !== null && now - asked.at > patience_ms;
  const { data, error, isFetching, readAgain } = useLight(impatient ? null : asked);
  const trouble = error && {
    problem: problemOf(error),
    onRetry: () => void readAgain(),
    busy: isFetching,
  };
  if (data === undefined) return trouble ? <Failed {...trouble} /> : <Loading rows={1} height={180} />;
  const isThrough = asked !== null && data.checked_whole !== asked.before;
  return (
    <Stack gap="md">
      {trouble && <Stale {...trouble} />}
      <Known
        data={data}
        now={now}
        waiting={asked !== null && !isThrough && !impatient}
        answered={isThrough}
        onAsked={() => setAsked({ before: data.checked_whole, at: Date.now() })}
      />
    </Stack>
  );
}

function Known({
  data,
  now,
  waiting,
  answered,
  onAsked,
}: {
  data: Conservation;
  now: number | null;
  waiting: boolean;
  answered: boolean;
  onAsked: () => void;
}) {
  const t = useTranslations("console_ledger");
  const words = useLightWords();
  const check = useCheck();
  const state = lightState(data, now);
  return (
    <Paper
      withBorder
      p="lg"
      className={classes["paper"] ?? ""}
      component="section"
      aria-labelledby="light"
      data-light-full={state.kind}
    >
      <div className={classes["light"]} data-kind={state.kind}>
        <span className={classes["emblem"]}>
          <ConsoleIcon name={lightIcons[state.kind]} size="2rem" />
        </span>
        <div className={classes["said"]}>
          <Title order={2} size="h3" id="light">
            {words(state)}
          </Title>
          <Text size="sm">{t(`light_${state.kind}`)}</Text>
          <Text size="sm" c="dimmed">
            {data.checked === null
              ? t("never_checked")
              : t.rich("checked", { time: () => <Moment iso={data.checked ?? ""} exact /> })}
            {data.checked_whole !== null && (
              <>
                {" · "}
                {t.rich("checked_whole", {
                  count: data.transfers,
                  time: () => <Moment iso={data.checked_whole ?? ""} exact />,
                })}
              </>
            )}
          </Text>
        </div>
        <div className={classes["check"]}>
          <Button variant="default" loading={check.isPending || waiting} onClick={() => check.ask(onAsked)}>
            {t("check_now")}
          </Button>
          <output className={classes["progress"]}>
            {waiting || data.checking ? t("checking") : answered ? t("checked_now") : ""}
          </output>
        </div>
      </div>
      {data.breaches.length > 0 && <Breaches breaches={data.breaches} count={data.breach_count} />}
      <Balances balances={data.balances} />
    </Paper>
  );
}
