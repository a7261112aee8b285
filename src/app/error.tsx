"use client";

import { Broken } from "#src/features/shell/broken.tsx";
import { Shell } from "#src/features/shell/shell.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <Shell userName={null}>
      <Broken onRetry={reset} />
    </Shell>
  );
}
