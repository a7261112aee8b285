"use client";

import type { ReactNode } from "react";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { GoalBadge } from "../../goals/goal-badge.tsx";
import { Money } from "../../goals/money.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { Age } from "./age.tsx";
import { EffectsStrip } from "./effects-strip.tsx";
import { FilterLink } from "./filter-link.tsx";
import type { Ways } from "./goal-head.tsx";
import classes from "./goals.module.css";
import type { GoalColumn } from "./list-settings.ts";
import { TroubleWords } from "./trouble-words.tsx";

/** What one column says of a goal; nothing where there is nothing to say. */
export function GoalCell({ column, row, ways }: { column: GoalColumn; row: GoalRow; ways: Ways }): ReactNode {
  const formats = useFormats();
  const age = (iso: string | null) => (iso === null ? <Nothing /> : <Age iso={iso} />);
  switch (column) {
    case "state":
      return <GoalBadge state={row.state} />;
    case "money":
      return <Money view={row} dated={false} />;
    case "trouble":
      return <TroubleWords row={row} />;
    case "effects":
      return <EffectsStrip row={row} />;
    case "created":
      return age(row.created);
    case "ended":
      return age(row.ended);
    case "exp":
      return age(row.exp);
    case "cooldown":
      return age(row.cooldown_until);
    case "prepaid":
      return <span className={classes["oneline"]}>{formats.minutes(row.prepaid_duration_s)}</span>;
    case "session": {
      const { q: _searched, ...rest } = ways.filter;
      return (
        <FilterLink
          filter={{ ...rest, session: row.session_id }}
          view={ways.view}
          go={ways.go}
          className={classes["id"]}
        >
          {row.session_id}
        </FilterLink>
      );
    }
  }
}

const Nothing = () => <span className={classes["quiet"]}>–</span>;
