"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type ReactNode, useState } from "react";
import { ApiProvider } from "../api/api-provider.tsx";
import { textColors, theme } from "./theme.ts";

/** Hands the nonce to what writes styles and takes no property for it: the lock of a page's scrolling under a dialog. */
function tellScrollLock(nonce: string | undefined): void {
  if (typeof window !== "undefined") Object.assign(window, { __webpack_nonce__: nonce });
}

/** What every page stands on: the look, and the way to the server. `nonce` is what its style elements carry. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  // The document's policy stays what it was when it was loaded, whatever a later reading of the layout brings.
  const [getStyleNonce] = useState(() => {
    tellScrollLock(nonce);
    return () => nonce ?? "";
  });
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={textColors}
      defaultColorScheme="auto"
      getStyleNonce={getStyleNonce}
    >
      <Notifications position="bottom-center" containerWidth={480} />
      <ApiProvider>{children}</ApiProvider>
    </MantineProvider>
  );
}
