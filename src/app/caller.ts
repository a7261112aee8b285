import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Caller, Role } from "#src/contract/roles.ts";
import { homeOf } from "#src/features/shell/home.ts";
import { signInAddress } from "#src/features/sign-in/next-page.ts";
import { findCaller } from "#src/server/http/caller.ts";
import { services } from "#src/server/services.ts";
import { pageHeader } from "../proxy.ts";

/** Who is asking for this page, found once a request; null when nobody is signed in. */
export const currentCaller = cache(async (): Promise<Caller | null> =>
  findCaller(services(), await headers()),
);

/**
 * The caller, if signed in and of a role that `allows` lets in; everyone else is sent to sign in and then back here, or to the own
 * page.
 */
export async function callerOf(allows: (role: Role) => boolean): Promise<Caller> {
  const caller = await currentCaller();
  if (caller === null) redirect(signInAddress((await headers()).get(pageHeader)));
  if (!allows(caller.role)) redirect(homeOf(caller.role));
  return caller;
}
