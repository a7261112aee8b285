"use client";

import { Broken } from "#src/features/shell/broken.tsx";

/** Within the console's frame: the light stays in sight, and the menu leads on. */
export default function ConsoleError({ reset }: { error: Error; reset: () => void }) {
  return <Broken onRetry={reset} />;
}
