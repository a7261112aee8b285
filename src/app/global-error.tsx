"use client";

import { LastResort } from "#src/features/shell/last-resort.tsx";

export default function GlobalErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <LastResort onRetry={reset} />;
}
