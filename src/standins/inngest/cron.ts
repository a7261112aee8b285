import { Cron } from "croner";

const NICKNAMES = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

function parse(expression: string): Cron {
  const [, zone, rest] = /^(?:CRON_TZ|TZ)=(\S+)\s+(.*)$/.exec(expression) ?? [undefined, "UTC", expression];
  const pattern = (rest ?? "").trim();
  if (!NICKNAMES.test(pattern) && !/^([0-9A-Za-z*,/?-]+\s+){4}[0-9A-Za-z*,/?-]+$/.test(pattern)) {
    throw new Error("expected five fields or a name such as @daily");
  }
  return new Cron(pattern === "@midnight" ? "@daily" : pattern, {
    paused: true,
    timezone: zone ?? "UTC",
    mode: NICKNAMES.test(pattern) ? "auto" : "5-part",
  });
}

/** Why a schedule cannot be used, in one line; undefined when it can. */
export function cronProblem(expression: string): string | undefined {
  try {
    return parse(expression).nextRun() ? undefined : "it never comes";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** When a schedule (five fields, UTC unless it begins with `TZ=<zone>`) comes next after a time, in milliseconds. */
export function nextCronMs(expression: string, afterMs: number): number | undefined {
  return parse(expression).nextRun(new Date(afterMs))?.getTime();
}
