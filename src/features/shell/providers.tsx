"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { ApiProvider } from "../api/api-provider.tsx";
import { textColors, theme } from "./theme.ts";

/** What every page stands on: the look, and the way to the server. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={textColors} defaultColorScheme="auto">
      <Notifications position="bottom-center" containerWidth={480} />
      <ApiProvider>{children}</ApiProvider>
    </MantineProvider>
  );
}
