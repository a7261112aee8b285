"use client";

import { Broken } from "#src/features/shell/broken.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <Broken onRetry={reset} />;
}
