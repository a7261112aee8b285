"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page is alive in the browser: false on the server and until React has taken the page over. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
