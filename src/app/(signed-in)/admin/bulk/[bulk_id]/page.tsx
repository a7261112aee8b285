import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import { objectIdHex } from "#src/contract/ids.ts";
import { isModerator } from "#src/contract/roles.ts";
import { BulkPage } from "#src/features/admin/bulk/bulk-page.tsx";
import { callerOf } from "../../../../caller.ts";

interface Props {
  readonly params: Promise<{ readonly bulk_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { bulk_id } = await params;
  return { title: (await getTranslations("console_bulk"))("page", { id: bulk_id }) };
}

export default async function AdminBulkActionPage({ params }: Props) {
  await callerOf(isModerator);
  const bulkId = (await params).bulk_id.toLowerCase();
  if (!objectIdHex.safeParse(bulkId).success) notFound();
  return <BulkPage bulkId={bulkId} />;
}
