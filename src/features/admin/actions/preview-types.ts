import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#src/server/trpc/router.ts";

/** What an action would do, as it crosses the wire. */
export type Preview = inferRouterOutputs<AppRouter>["admin"]["goals"]["preview"];
export type PreviewPart = Preview["parts"][number];
export type PreviewLine = PreviewPart["changes"][number];
