import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#src/server/trpc/router.ts";

type Goals = inferRouterOutputs<AppRouter>["admin"]["goals"];

/** Everything that the goal's page knows of its goal, as it crosses the wire. */
export type Detail = Goals["byId"];
export type TimelineBar = Detail["timeline"]["bars"][number];

/** What Inngest tells of one run. */
export type Run = Goals["run"];
export type RunStep = Extract<Run, { reachable: true }>["steps"][number];
