"use client";

import { useSyncExternalStore } from "react";

const list = "/admin/goals";

interface Navigation {
  readonly entries: () => readonly { readonly index: number; readonly url: string | null }[];
  readonly currentEntry: { readonly index: number } | null;
}

/** The list of goals as it was last seen on the way here, with its filters; the list itself where nobody knows. */
function lastList(): string {
  const navigation = (window as { navigation?: Navigation }).navigation;
  const here = navigation?.currentEntry?.index ?? -1;
  for (const { index, url } of navigation?.entries().toReversed() ?? []) {
    if (index >= here || url === null) continue;
    const { pathname, search } = new URL(url);
    if (pathname === list) return `${pathname}${search}`;
  }
  return list;
}

const never = () => () => {};

/** Where "All goals" leads: back to the list as it was filtered. */
export const useListAddress = (): string => useSyncExternalStore(never, lastList, () => list);
