"use client";

import { ActionIcon, Group, Paper, SegmentedControl, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type CSSProperties, useEffect, useEffectEvent, useRef, useState } from "react";
import type { GoalAction } from "#src/contract/console.ts";
import { Icon } from "../../shell/icons.tsx";
import { Empty } from "../../shell/states.tsx";
import { useAddress } from "../list/use-address.ts";
import { Axis } from "./axis.tsx";
import { BarRow } from "./bar-row.tsx";
import type { Detail } from "./goal-types.ts";
import { lanesOf } from "./lanes.ts";
import { TimelineTable } from "./timeline-table.tsx";
import { useWaterfallTime } from "./use-waterfall-time.ts";
import classes from "./waterfall.module.css";

const views = ["folded", "scale", "table"] as const;
type View = (typeof views)[number];

const closest = 64;

/** The whole decline on one time axis; each bar opens what is known of it. Which one is open is in the address. */
export function Waterfall({ detail, onAct }: { detail: Detail; onAct: (action: GoalAction) => void }) {
  const t = useTranslations("console_goal");
  const [query, change] = useAddress();
  const [zoom, setZoom] = useState(1);
  const [offset, setOffset] = useState(0);
  const { bars } = detail.timeline;
  const view: View = views.find((name) => name === query.get("view")) ?? "folded";
  const { stretches, extentOf } = useWaterfallTime(bars, detail.view.refund_due, view === "folded");
  const lanes = lanesOf(bars, detail.view.ended !== null && bars.length > 0);
  const openKey = query.get("run");
  const chart = useRef<HTMLDivElement>(null);

  // Who comes by a link to one bar sees it; once open, it never pulls the page back.
  const showLinked = useEffectEvent(() => {
    if (openKey !== null)
      chart.current?.querySelector("[aria-expanded=true]")?.scrollIntoView({ block: "center" });
  });
  useEffect(() => showLinked(), []);

  const zoomTo = (next: number, middle = offset + 0.5 / zoom) => {
    const level = Math.min(closest, Math.max(1, next));
    setZoom(level);
    setOffset(Math.min(1 - 1 / level, Math.max(0, middle - 0.5 / level)));
  };

  if (lanes.length === 0)
    return (
      <Empty title={t("not_ended")} icon="clock">
        {t("not_ended_help")}
      </Empty>
    );
  return (
    <div className={classes["waterfall"]}>
      <Group justify="space-between" gap="sm" mb="sm">
        <SegmentedControl
          size="sm"
          value={view}
          onChange={(next) => change({ view: next === "folded" ? null : next })}
          data={views.map((name) => ({ value: name, label: t(`view_${name}`) }))}
          aria-label={t("view")}
          classNames={{ label: classes["choice"] ?? "" }}
        />
        {view !== "table" && (
          <Group gap={4} wrap="nowrap">
            <Zoom name="out" label={t("zoom_out")} disabled={zoom === 1} onClick={() => zoomTo(zoom / 2)} />
            <Zoom name="fit" label={t("zoom_fit")} disabled={zoom === 1} onClick={() => zoomTo(1)} />
            <Zoom
              name="in"
              label={t("zoom_in")}
              disabled={zoom >= closest}
              onClick={() => zoomTo(zoom * 2)}
            />
          </Group>
        )}
      </Group>
      {view === "table" ? (
        <TimelineTable lanes={lanes} onAct={onAct} />
      ) : (
        <Paper withBorder className={classes["chart"] ?? ""}>
          <div ref={chart} style={{ "--zoom": zoom, "--offset": offset } as CSSProperties}>
            <Axis stretches={stretches} zoom={zoom} />
            {zoom > 1 && (
              <div className={classes["axis"]}>
                <input
                  type="range"
                  className={classes["pan"]}
                  min={0}
                  max={1 - 1 / zoom}
                  step={0.1 / zoom}
                  value={offset}
                  onChange={(event) => setOffset(Number(event.currentTarget.value))}
                  aria-label={t("pan")}
                />
              </div>
            )}
            <ol className={classes["rows"]}>
              {lanes.map((lane, place) => (
                <BarRow
                  key={lane.key}
                  goalId={detail.view.goal_id}
                  lane={lane}
                  stretches={stretches}
                  extent={lane.bar && extentOf(lane.bar)}
                  isOpen={openKey === lane.key}
                  isLast={lanes[place + 1]?.receiver !== lane.receiver}
                  onToggle={() => change({ run: openKey === lane.key ? null : lane.key })}
                  onZoom={zoomTo}
                  onAct={onAct}
                />
              ))}
            </ol>
          </div>
          <Text size="sm" c="dimmed" className={classes["legend"] ?? ""}>
            {stretches.some(({ folded }) => folded) ? t("legend_folded") : t("legend_scale")}
          </Text>
        </Paper>
      )}
    </div>
  );
}

const zooms = { out: "M6 12h12", in: "M6 12h12M12 6v12", fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" };

function Zoom({
  name,
  label,
  disabled,
  onClick,
}: {
  name: keyof typeof zooms;
  label: string;
  disabled: boolean;
  onClick: () => void;
}) {
  return (
    <ActionIcon
      variant="default"
      size="2.75rem"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon>
        <path d={zooms[name]} />
      </Icon>
    </ActionIcon>
  );
}
