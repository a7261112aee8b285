"use client";

import { Broken } from "#src/features/shell/broken.tsx";

/** Within the frame: who is signed in stays visible, and the way out is at hand. */
export default function SignedInError({ reset }: { error: Error; reset: () => void }) {
  return <Broken onRetry={reset} />;
}
