"use client";

import { lazy, Suspense } from "react";
import { useSessionEnded } from "../api/session.ts";

// Few pages ever need it: it comes when one does.
const SignInAgain = lazy(async () => ({ default: (await import("./sign-in-again.tsx")).SignInAgain }));

/** Asks the person to sign in again on top of the page, when a request of the page has found the session gone. */
export function SessionGuard({ email }: { email: string }) {
  return useSessionEnded() ? (
    <Suspense>
      <SignInAgain email={email} />
    </Suspense>
  ) : null;
}
