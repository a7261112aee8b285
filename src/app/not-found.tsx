import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NotFound } from "#src/features/shell/broken.tsx";
import { Shell } from "#src/features/shell/shell.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("states"))("not_found") };
}

export default function NotFoundPage() {
  return (
    <Shell userName={null}>
      <NotFound />
    </Shell>
  );
}
